"""Receipts: every single slip is noticed, every good one is found (design.md 5)."""

import re
import string
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tickets.receipt import (
    ALPHABET,
    ReadReceipt,
    draw_claim_code,
    draw_dispatch,
    draw_receipt,
    read_receipt,
)

RECEIPTS = st.integers(0, 2**32).map(lambda seed: draw_receipt(Random(seed)))
SHAPE = re.compile(rf"JF-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]")
GOOD = draw_receipt(Random(1))
FULLWIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
TYPINGS = [
    "{0}",
    "我的{0}到哪了",
    "查一下 {0} 谢谢",
    "受理号:{0}。",
    "手机13800000000,号{0},还有2张表",
    "12月3日那个——{0}——办好没",
    "{0} 2026年11月报的",
    "{0} OK?",
]


def compact(receipt: str) -> str:
    return receipt.replace("-", "")


def dashed(typed: str) -> str:
    return f"{typed[:2]}-{typed[2:6]}-{typed[6:10]}-{typed[10:]}"


@given(receipt=RECEIPTS, typing=st.sampled_from(TYPINGS))
def test_a_good_receipt_is_found_however_it_is_typed(receipt: str, typing: str) -> None:
    forms = [receipt, receipt.lower(), receipt.replace("-", " "), receipt.replace("-", "—"), compact(receipt)]
    forms += [
        receipt.translate(FULLWIDTH),
        compact(receipt).lower().translate(FULLWIDTH),
        receipt.replace("-", " - "),
    ]
    for form in forms:
        assert read_receipt(typing.format(form)) == ReadReceipt("ok", receipt), form


@given(receipt=RECEIPTS)
def test_a_receipt_without_its_prefix_is_found(receipt: str) -> None:
    assert read_receipt(f"我的号是 {receipt[3:]} 呀") == ReadReceipt("ok", receipt)


@given(
    receipt=RECEIPTS,
    place=st.integers(0, 10),
    wrong=st.sampled_from(string.ascii_uppercase + string.digits + "口*?"),
    between=st.sampled_from([dashed, str]),
)
def test_every_single_substitution_is_noticed(receipt: str, place: int, wrong: str, between: type[str]) -> None:
    typed = compact(receipt)
    assume(typed[place] != wrong)
    slip = between(typed[:place] + wrong + typed[place + 1 :])
    assert read_receipt(f"查{slip}").kind == "mistyped"
    assert read_receipt(f"请看 {slip.lower()} 到哪了").kind == "mistyped"


@given(receipt=RECEIPTS, place=st.integers(0, 9), between=st.sampled_from([dashed, str]))
def test_every_swap_of_neighbours_is_noticed(receipt: str, place: int, between: type[str]) -> None:
    typed = compact(receipt)
    assume(typed[place] != typed[place + 1])
    slip = between(typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :])
    assert read_receipt(f"查 {slip} 进度").kind == "mistyped"


def test_all_slips_of_many_receipts_exhaustively() -> None:
    for seed in range(20):
        typed = compact(draw_receipt(Random(seed)))
        slips = {typed[:i] + c + typed[i + 1 :] for i in range(2, 11) for c in ALPHABET} - {typed}
        slips |= {typed[:i] + typed[i + 1] + typed[i] + typed[i + 2 :] for i in range(2, 10)} - {typed}
        assert {read_receipt(dashed(slip)).kind for slip in slips} == {"mistyped"}


@pytest.mark.parametrize("wrong", list("01ILO"))
def test_confusable_symbols_are_mistyped_not_guessed(wrong: str) -> None:
    assert read_receipt(f"{GOOD[:4]}{wrong}{GOOD[5:]}").kind == "mistyped"


def test_a_lost_or_extra_symbol_is_mistyped() -> None:
    assert read_receipt(GOOD[:-2] + " 办了吗").kind == "mistyped"
    assert read_receipt(GOOD + "7").kind == "mistyped"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "又要填表了",
        "电话13800000000",
        "JF是什么",
        "JF-12",
        "我要JF",
        "PDF123456789发了三遍",
        "2026-1124-3",
        "表号 ABCD-EFGH",
        "文号青岚发2026 12号",
    ],
)
def test_ordinary_text_holds_no_receipt(text: str) -> None:
    assert read_receipt(text) == ReadReceipt("none")


def test_a_good_receipt_wins_over_a_mistyped_one() -> None:
    slip = GOOD[:-1] + next(symbol for symbol in ALPHABET if symbol != GOOD[-1])
    assert read_receipt(f"{slip} 打错了,是 {GOOD}") == ReadReceipt("ok", GOOD)


@given(text=st.text())
def test_any_text_is_read_without_error(text: str) -> None:
    assert read_receipt(text).kind in ("ok", "mistyped", "none")


@given(seed=st.integers(0, 2**32))
def test_drawn_numbers_have_their_shapes(seed: int) -> None:
    rng = Random(seed)
    dispatch = draw_dispatch(rng)
    assert SHAPE.fullmatch(draw_receipt(rng))
    assert re.fullmatch(rf"PD-[{ALPHABET}]{{3}}-[{ALPHABET}]{{4}}", dispatch)
    assert re.fullmatch(r"\d{4}", draw_claim_code(rng))
    assert read_receipt(f"交办单号{dispatch}怎么办") == ReadReceipt("none")


def test_draws_do_not_repeat() -> None:
    rng = Random(7)
    assert len({draw_receipt(rng) for _ in range(20_000)}) == 20_000
