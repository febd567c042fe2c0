"""Words that always mean the same, with or without a slash (domain §9: Chinese words do it all)."""

import re
from typing import Literal

from tickets.receipt import read_receipt

Command = Literal[
    "new", "mine", "progress", "supplement", "urge", "rate", "withdraw", "relapse", "check", "human", "delete",
    "help", "start", "skip", "submit", "object", "quiet", "afraid",
]  # fmt: skip

WORDS: dict[str, Command] = {
    "/start": "start", "开始": "start",
    "/new": "new", "反映": "new",
    "/my": "mine", "我的": "mine", "我的工单": "mine", "受理号": "mine",
    "/q": "progress", "进度": "progress", "进展": "progress", "查进度": "progress",
    "/add": "supplement", "补充": "supplement", "补充一下": "supplement",
    "/urge": "urge", "催办": "urge", "催一下": "urge", "催": "urge",
    "/rate": "rate", "评价": "rate",
    "/withdraw": "withdraw", "撤回": "withdraw", "撤销": "withdraw",
    "/again": "relapse", "反弹": "relapse",
    "/check": "check", "查清单": "check",
    "/human": "human", "人工": "human", "转人工": "human",
    "/del": "delete", "删除我的信息": "delete",
    "/quiet": "quiet", "免打扰": "quiet", "只提示有新进展": "quiet",
    "/help": "help", "帮助": "help", "说明": "help",
    "跳过": "skip", "不方便说": "skip", "不说": "skip",
    "直接提交": "submit", "提交": "submit",
    "/afraid": "afraid", "我担心被打击报复": "afraid", "我已受到影响": "afraid",
    "我担心被打击报复/我已受到影响": "afraid", "打击报复": "afraid", "有人打听我": "afraid",
    "再看看": "object", "不同意": "object",
}  # fmt: skip


WITH_WORDS = frozenset({"new", "supplement"})  # what follows these is a message of its own
LONGEST_TAIL = 7  # longer words behind another command are a sentence that only begins with it
_IN_FRONT = re.compile(r"^(?P<head>/[a-z]+(?:@\w+)?|[^\s:：,，]{1,6})(?P<gap>[\s:：,，]+)(?P<rest>\S.*)$", re.S | re.I)


def read_command(text: str) -> Command | None:
    """The command of a message that is nothing but that word."""
    return WORDS.get(text.strip().strip("。.!！～~ 」「").lower())


def command_in_front(text: str) -> tuple[Command, str] | None:
    """A command word and what follows it: 「补充：表是卫健要的」, 「反弹 JF-…」, 「/new 民政局又要…」."""
    found = _IN_FRONT.match(text.strip())
    if found is None:
        return None
    head, rest = found["head"].lower().partition("@")[0].removesuffix("一下"), found["rest"]
    command = WORDS.get(head)
    if command is None or command in WITH_WORDS:
        return (command, rest) if command else None
    short = found["gap"].isspace() and len(rest) <= LONGEST_TAIL
    return (command, rest) if short or head.startswith("/") or read_receipt(rest).kind != "none" else None
