"""Passwords everybody tries first: well-known ones, straight runs, repetitions, the hotline's own words.

`common_passwords.txt` holds the passwords of eight characters and more among the 30,000 most frequent of published
breaches (list of zxcvbn, MIT licence) and what is typed most in Chinese; one a line, to be extended freely.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LIST = Path(__file__).parent / "common_passwords.txt"
OWN_WORDS = (
    "减负直通车", "减负", "直通车", "热线", "形式主义", "官僚主义", "基层", "组织部", "密码", "口令", "jianfu",
    "zhitongche", "rexian", "hotline", "jiceng", "zuzhibu", "mima", "password", "passwd", "admin", "guanliyuan",
    "login", "qwerty", "welcome", "woaini",
)  # fmt: skip
RUNS = (
    "0123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "1q2w3e4r5t6y7u8i9o0p", "一二三四五六七八九十",
)  # fmt: skip
LETTERS_LEFT, LEFT = 4, 10  # what must remain beside known words: four letters, or ten letters and digits
SHORTEST_WORD = 4


def is_common(password: str, context: Iterable[str] = ()) -> bool:
    """Whether this password is among the first that would be tried; `context` are words about the person."""
    folded = password.casefold()
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    if folded in _common() or (len(bare) >= SHORTEST_WORD and bare in _common()):
        return True
    return _repeats(folded) or _runs(folded) or _only_known_words(folded, context)


def _repeats(word: str) -> bool:
    """One piece again and again: 11111111, abcabcabc, jianfujianfu."""
    return re.fullmatch(r"(.+?)\1+", word, re.DOTALL) is not None


def _runs(word: str) -> bool:
    return any(word in run or word in run[::-1] for run in RUNS)


def _only_known_words(word: str, context: Iterable[str]) -> bool:
    """Known words and next to nothing else; a password without any of them is not judged here."""
    rest = word
    for each in sorted((each.casefold() for each in (*OWN_WORDS, *context) if len(each) > 1), key=len, reverse=True):
        rest = rest.replace(each, "")
    letters, left = re.sub(r"[\W\d_]", "", rest), re.sub(r"[\W_]", "", rest)
    return rest != word and len(letters) < LETTERS_LEFT and len(left) < LEFT


@cache
def _common() -> frozenset[str]:
    return frozenset(LIST.read_text(encoding="utf-8").split())
