import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.numerals import rough_int, to_int, to_number

TABLE = {
    "三": 3, "两": 2, "俩": 2, "十": 10, "十八": 18, "二十六": 26, "四十多": 40, "二十来": 20, "两百多": 200,
    "三百二": 320, "三百零二": 302, "一百一十": 110, "一千五": 1500, "两千零五十": 2050, "一万": 10_000,
    "两万三": 23_000, "上百": 100, "26": 26, "3万": 30_000, "二〇二六": 2026, "零": 0, "一亿": 100_000_000,
}  # fmt: skip
VAGUE = ["几", "好几", "几十", "十几", "三五", "七八", "数十", "", "许多", "二三十"]


@pytest.mark.parametrize(("text", "value"), TABLE.items())
def test_numeral(text, value):
    assert to_int(text) == value


@pytest.mark.parametrize("text", VAGUE)
def test_a_vague_number_is_none(text):
    assert to_int(text) is None


def test_fractions_stay():
    assert to_number("1.5") == 1.5
    assert to_int("1.5") == 1


@given(st.text(alphabet="零一二两三四五六七八九十百千万亿几多来上近0123456789.", max_size=12))
def test_any_run_of_numerals_is_read_or_left(text):
    value = to_int(text)
    assert value is None or value >= 0


@pytest.mark.parametrize(
    ("text", "rough", "value"),
    [
        ("三四", "", 3),
        ("两三百", "", 200),
        ("十", "几", 10),
        ("五十", "几", 50),
        ("廿", "", 20),
        ("三", "几", None),
        ("", "", None),
    ],
)
def test_a_rough_number_is_what_it_is_at_least(text, rough, value):
    assert rough_int(text, rough) == value
