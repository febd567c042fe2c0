import pytest

from nlu.counts import Count, read_count

TABLE = [
    ("同一张表填了三回", 3, None),
    ("每周三要一次", 1, "week"),
    ("一周九个", 9, "week"),
    ("一天四次", 4, "day"),
    ("这个月第七拨了", 7, "month"),
    ("指标两百多条", 200, None),
    ("二十来拨调研", 20, None),
    ("好几次了", None, None),
    ("要一遍", None, None),
    ("月月在报", None, "month"),
    ("年年让填", None, "year"),
    ("一季度来了四趟", 4, "quarter"),
    ("今年第四回", 4, "year"),
    ("准备了一天", None, None),
    ("手机里26个工作群", 26, None),
    ("借走两个年轻人", None, None),
    ("天天三遍地催", 3, "day"),
    ("去年的材料补了两份", 2, None),
    ("三个内容一样", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("text", "times", "per"), TABLE)
def test_count(text, times, per):
    assert read_count(text) == Count(times, per)
