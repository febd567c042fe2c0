import pytest

from nlu.durations import find_hours, read_hours

TABLE = [
    ("开了三个小时", 3),
    ("一开就是半天", 4),
    ("从两点开到六点半", 4.5),
    ("念了四十分钟", 0.67),
    ("一个半小时", 1.5),
    ("半个小时", 0.5),
    ("两个钟头", 2),
    ("晚上七点开到十点多", 3),
    ("9:00-11:30", 2.5),
    ("上午九点到下午两点", 5),
    ("忙了一整天", 8),
    ("坐两个小时车,念了四十分钟", 2),
    ("抄了三个晚上", None),
    ("提前半小时通知", None),
    ("两小时内报", None),
    ("翻了两分钟", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "hours"), TABLE)
def test_hours(text, hours):
    assert read_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("三小时二十分", [3.33]),
        ("搭进去两天", [16]),
        ("坐了一上午", [4]),
        ("整整一日", [8]),
        ("站了半个钟", [0.5]),
        ("半天", [4]),
        ("", []),
    ],
)
def test_everything_that_looks_like_a_length_is_found(text, hours):
    assert [found for _, _, found, _ in find_hours(text)] == hours
