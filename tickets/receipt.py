"""Receipts, dispatch numbers and claim codes: drawn at random, read from a sentence (design §5)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIX = "JF"
DISPATCH_PREFIX = "PD"
# 31 is prime and the nine weights are all different and not 0, so a wrong symbol and a swap of any two
# differing symbols always change the sum.
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, 1)
LOOSE_SYMBOLS = 6

_SEP = r"[\s\-]{0,4}"
_BODY = rf"([0-9A-Z](?:{_SEP}[0-9A-Z]){{8}})(?![0-9A-Z])"
_START = r"(?<![0-9A-Z])"
FULL = re.compile(rf"{_START}J{_SEP}F{_SEP}{_BODY}")
BARE = re.compile(rf"(?<![0-9A-Z\-])([{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}])(?!-?[0-9A-Z])")
WRONG_PREFIX = re.compile(rf"(?<![0-9A-Z\-])(?=((?:FJ|J{_SEP}[^\s\-]|[^\s\-]?{_SEP}F){_SEP}{_BODY}))")
LOOSE = re.compile(rf"{_START}J{_SEP}F{_SEP}(.{{0,24}})")
DISPATCH = re.compile(rf"{_START}{DISPATCH_PREFIX}-[{ALPHABET}]{{3}}-[{ALPHABET}]{{4}}(?![0-9A-Z])")
DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\uff0d_\u00b7\u2022\u30fb.~]")


@dataclass(frozen=True)
class ReadReceipt:
    """What was found: a good receipt, one with a slip in it (as typed), or nothing."""

    kind: Literal["ok", "mistyped", "none"]
    value: str | None = None


def draw_receipt(rng: Random) -> str:
    """A receipt JF-XXXX-XXXX-C for the person; pass SystemRandom in production (design §5)."""
    body = _draw(rng, 8)
    return _format(body + _check_symbol(body))


def draw_dispatch(rng: Random) -> str:
    """A number PD-XXX-XXXX for the unit: no date, no order, never readable as a receipt (design §5)."""
    return f"{DISPATCH_PREFIX}-{_draw(rng, 3)}-{_draw(rng, 4)}"


def draw_claim_code(rng: Random) -> str:
    """Four digits, given once with the receipt (design §5)."""
    return f"{rng.randrange(10_000):04d}"


def read_receipt(text: str) -> ReadReceipt:
    """Find a receipt in a sentence; a good one anywhere wins over a mistyped one (design §5)."""
    text = DISPATCH.sub(" ", DASHES.sub("-", unicodedata.normalize("NFKC", text).upper()))
    typed = [_compact(found[1]) for found in FULL.finditer(text)]
    slips = list(_prefix_slips(text))
    bare = [] if slips else [_compact(found[1]) for found in BARE.finditer(text)]
    if good := next(filter(_is_valid, typed + bare), None):
        return ReadReceipt("ok", _format(good))
    for slip in (*map(_format, typed), *slips, *_loose(text)):
        return ReadReceipt("mistyped", slip)
    return ReadReceipt("none")


def _prefix_slips(text: str) -> Iterator[str]:
    """Good bodies behind a wrong prefix: J?, ?F, FJ, or the F swapped with its neighbour."""
    for slip in (_compact(match[1]) for match in WRONG_PREFIX.finditer(text)):
        head, body = slip[:-9], slip[-9:]
        if head != PREFIX and (_is_valid(body) or _is_valid(head[-1:] + body[1:])):
            yield slip


def _loose(text: str) -> Iterator[str]:
    """JF and at least six symbols: one lost, one too many, or one that is no letter at all."""
    for match in LOOSE.finditer(text):
        symbols = "".join(filter(_is_symbol, _compact(match[1])[:9]))
        if len(symbols) >= LOOSE_SYMBOLS:
            yield f"{PREFIX}-{symbols}"


def _is_symbol(char: str) -> bool:
    """A Latin capital or a digit, those outside the alphabet too."""
    return char.isascii() and char.isalnum()


def _is_valid(body: str) -> bool:
    """Eight symbols and the check symbol that fits them."""
    return len(body) == 9 and set(body) <= set(ALPHABET) and _weigh(body) == 0


def _check_symbol(body: str) -> str:
    """The symbol that brings the weighted sum to 0 (its own weight is 1)."""
    return ALPHABET[-_weigh(body) % len(ALPHABET)]


def _weigh(body: str) -> int:
    """Weighted sum mod 31."""
    pairs = zip(WEIGHTS, body, strict=False)
    return sum(weight * ALPHABET.index(symbol) for weight, symbol in pairs) % len(ALPHABET)


def _compact(text: str) -> str:
    """Without spaces and dashes."""
    return re.sub(r"[\s\-]", "", text)


def _format(body: str) -> str:
    """The way a receipt is printed."""
    return f"{PREFIX}-{body[:4]}-{body[4:8]}-{body[8:]}"


def _draw(rng: Random, count: int) -> str:
    """Symbols at random."""
    return "".join(rng.choices(ALPHABET, k=count))
