import pytest

from nlu.raised import read_raised

TABLE = [
    ("上面要求百分之九十,到我们这变成百分百", ("百分之九十", "百分百")),
    ("市里说月底完成,区里改成二十号,镇里要求十号", ("月底", "十号")),
    ("把医保参保率从90%提到100%", ("90%", "100%")),
    ("文件上写的三十户,镇里加到五十户", ("三十户", "五十户")),
    ("一周开了九个会", None),
    ("三十户人家五十户地", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "pair"), TABLE)
def test_raised(text, pair):
    found = read_raised(text)
    assert (found and tuple(text[start:end] for start, end in found)) == pair
