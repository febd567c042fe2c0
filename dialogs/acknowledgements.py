"""Very short replies (好的, 知道了, 没有了): read by a list before the ears, which would guess at them."""

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

from dialogs import guess, presses, service
from dialogs.questions import hear_answer, press_class
from dialogs.referrals import stay_near
from dialogs.talk import Talk
from tickets.drafts import SHORT
from tickets.workflow import State

Nod = Literal["polite", "thanks", "greeting", "yes", "no"]

FILE = Path(__file__).parent / "data" / "nods.yaml"
SURELY_NOT = frozenset({"不", "不用", "不用了", "不是", "没有", "不了", "不需要"})
SKIPPED = frozenset({"township", "comment", "partly", "supplement", SHORT})  # 没有了 leaves these out


def fold(text: str) -> str:
    """Letters and digits only, narrow and lower-case."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())


@lru_cache(maxsize=1)
def load_nods() -> dict[str, Nod]:
    """Every word of the list and its kind."""
    kinds: dict[Nod, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {word: kind for kind, words in kinds.items() for word in words}


def read_nod(text: str) -> Nod | None:
    """Which kind of short reply a message is, if it is nothing else; 好的好的 is 好的."""
    bare, nods = fold(text), load_nods()
    half = bare[: len(bare) // 2]
    return nods.get(half if half * 2 == bare and half in nods else bare)


def answer_nod(talk: Talk, nod: Nod) -> None:
    """A short reply: an answer where one was asked for, else a short polite word; never a ticket, never an alarm."""
    waiting = talk.expecting() or {}
    if waiting.get("kind") in ("distress", "emergency"):
        stay_near(talk, waiting["kind"])
    elif waiting.get("kind") == "withdraw" and nod != "greeting":
        _withdraw(talk, nod, waiting["receipt"])
    elif _answers(talk, nod, waiting):
        pass
    elif nod == "thanks":
        talk.say("thanks")
    elif nod == "greeting":
        talk.say("greeting")
    else:
        talk.say("nod.noted" if talk.open_ticket() else "nod.listening")


def _answers(talk: Talk, nod: Nod, waiting: dict[str, Any]) -> bool:
    """Yes and no answer what was asked; a polite word does not answer 「仍要继续吗」, so its buttons come again."""
    if nod in ("yes", "no"):
        return _as_an_answer(talk, nod, waiting)
    return nod == "polite" and guess.ask_to_tap(talk)


def _as_an_answer(talk: Talk, nod: Nod, waiting: dict[str, Any]) -> bool:
    """Yes and no are answers when something was asked: by the bot just now, or by staff."""
    ticket = talk.own_ticket(waiting.get("receipt", ""))
    asked = talk.open_in(State.NEEDS_INFO)
    match waiting.get("kind"):
        case "question" if ticket is not None:
            hear_answer(talk, ticket, waiting)
        case "class" if ticket is not None and nod == "no":
            press_class(talk, ticket, "none")
        case kind if kind in SKIPPED and nod == "no":
            presses.skip_by_word(talk)
        case _ if guess.ask_to_tap(talk):
            pass
        case _ if len(asked) == 1:
            service.supplement(talk, asked[0])
        case _:
            return False
    return True


def _withdraw(talk: Talk, nod: Nod, receipt: str) -> None:
    """「要撤回吗」 with a plain yes or no; anything softer is asked again, because a withdrawal ends a ticket."""
    ticket = talk.own_ticket(receipt)
    if nod == "yes" and ticket is not None:
        service.withdraw_now(talk, ticket)
    elif fold(talk.message.text) in SURELY_NOT and ticket is not None:
        service.keep(talk, ticket)
    else:
        service.confirm_withdraw(talk, ticket)
