"""Odd inputs for the ears: whatever comes, an answer, and in bounded time."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nlu.ears import Ears, load_ears
from nlu.rows import read_lines

ROOT = Path(__file__).parents[2]
LONG = 5000
_ALPHABETS = (
    "会表章群填报盖查考核证明打卡拍照一二三四五六七八九十百千万两半每天周月年个次遍回张份点到前",
    "零〇1234567890０１２３４５６７８９.,:：-~—…／/%％¥",
    "，。；！？、,.;!?()（）《》“”‘’「」【】〔〕 \t\n\r　",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@#$^&*_=+|\\`<>{}[]",
    "😀🙏🏽👨‍👩‍👧‍👦🇨🇳☎️⃣\u200b\u200d\ufeff\u202e\u0301\u0489\u180e",
    "體驗證書會議報表電話號碼裏裡嗎麼嗰乜冇佢",
    "\x00\x01\x02\x03\x04\x05\x07\x1b\x7f\ud800\udfff\uffff\U0010ffff",
    "абвгдежзиклмнопрстуфхцчшщэюяαβγδεζηθאבגדהוابتثجحก็้าあいうえおカキク한국어",
)


@dataclass(frozen=True)
class Fuzzed:
    """How many were asked, the slowest of all and of those with 5,000 characters (ms), and what raised."""

    asked: int
    slowest: float
    slowest_long: float
    raised: tuple[str, ...]


def odd_texts(seed: int = 20261124) -> Iterator[str]:
    """Texts without end: noise, real messages cut, doubled, shuffled and spoilt, runs, nests, and very long ones."""
    chance = random.Random(seed)
    real = [str(row["text"]) for row in read_lines(ROOT / "tests" / "eval" / "complaints.jsonl")]
    while True:
        kind = chance.randrange(8)
        size = LONG if chance.random() < 0.005 else chance.randrange(0, 200)
        yield _odd(kind, size, chance, real)


def _odd(kind: int, size: int, chance: random.Random, real: list[str]) -> str:
    letters = chance.choice(_ALPHABETS)
    message = chance.choice(real)
    if kind == 0:
        return "".join(chance.choices(letters, k=size))
    if kind == 1:
        return "".join(chance.choices("".join(_ALPHABETS), k=size))
    if kind == 2:
        return chance.choice(letters) * size
    if kind == 3:
        return "".join(chance.sample(message, len(message)))
    if kind == 4:
        return (message * (size // max(len(message), 1) + 1))[: max(size, 1)]
    if kind == 5:
        at = chance.randrange(len(message))
        return message[:at] + "".join(chance.choices(letters, k=3)) + message[at:]
    if kind == 6:
        return message[chance.randrange(len(message)) :] + chance.choice(real)[: chance.randrange(30)]
    return ("《" * size + message + "》" * size)[:LONG]


def fuzz(ears: Ears, number: int) -> Fuzzed:
    """Ask the ears about `number` odd texts."""
    slowest = slowest_long = 0.0
    raised: list[str] = []
    for text, _ in zip(odd_texts(), range(number), strict=False):
        started = time.perf_counter()
        try:
            json.dumps(ears.parse(text).as_json(), ensure_ascii=True)
        except Exception as error:
            raised.append(f"{type(error).__name__}: {text[:40]!r}")
        spent = (time.perf_counter() - started) * 1000
        slowest = max(slowest, spent)
        slowest_long = max(slowest_long, spent) if len(text) == LONG else slowest_long
    return Fuzzed(number, slowest, slowest_long, tuple(raised))


def through_the_command(model: Path, number: int) -> int:
    """Send odd texts through `jianfu parse`; return how many answers came back, one line each."""
    lines = [json.dumps({"text": text}) for text, _ in zip(odd_texts(7), range(number), strict=False)]
    command = [sys.executable, "-c", "from bot.cli import main; main()", "parse", "--model", str(model)]
    done = subprocess.run(command, cwd=ROOT, input="\n".join(lines) + "\n", text=True, capture_output=True, check=True)
    return len([json.loads(line) for line in done.stdout.splitlines()])


def rows(model: Path, number: int) -> list[tuple[str, str, float, str]]:
    """Figures for the table of `make bench`; raises when anything raised."""
    found = fuzz(load_ears(model), number)
    if found.raised:
        raise AssertionError(found.raised[:5])
    answered = through_the_command(model, max(number // 20, 1))
    return [
        ("ears", f"fuzz: {found.asked} odd inputs, raised", 0.0, ""),
        ("ears", "fuzz: slowest answer", found.slowest, "ms"),
        ("ears", f"fuzz: slowest answer to {LONG} characters", found.slowest_long, "ms"),
        ("ears", "fuzz: answers of `jianfu parse` to as many lines as it was given", answered, ""),
    ]
