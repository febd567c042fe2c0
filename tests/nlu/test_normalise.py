import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.normalise import LIMIT, normalise, simplifier

SIMPLIFY = simplifier()


def clean(text):
    return normalise(text, SIMPLIFY)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＡＰＰ打卡，三次！", "app打卡,三次!"),
        ("填表啊啊啊啊啊", "填表啊啊"),
        ("10000户", "10000户"),
        ("開會開了三個小時", "开会开了三个小时"),
        ("零\u200b宽\ufeff字符", "零宽字符"),
        ("一  二\n\n三", "一 二 三"),
        ("半个\ud800字", "半个字"),
        ("", ""),
    ],
)
def test_plain(text, plain):
    assert clean(text).text == plain


def test_a_piece_is_found_again_in_the_original():
    normal = clean("那個留守兒童表，填了３\u200b回")
    at = normal.text.index("留守儿童表")
    assert normal.source(at, at + 5) == "留守兒童表"
    at = normal.text.index("3回")
    assert normal.source(at, at + 2) == "３\u200b回"


def test_long_text_is_cut_and_says_so():
    assert clean("表" + "格" * 10).cut is False
    assert clean("会议" * LIMIT).cut is True


@given(st.text(alphabet=st.characters(), max_size=80))
def test_every_piece_is_a_substring_of_the_original(text):
    normal = clean(text)
    assert len(normal.back) == len(normal.text)
    for start in range(len(normal.text)):
        assert normal.source(start, min(start + 3, len(normal.text))) in text
