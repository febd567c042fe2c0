import pytest

from nlu.units import UnitFinder

TABLE = [
    ("民政要一遍残联要一遍妇联又要一遍", ["民政", "残联", "妇联"]),
    ("区应急局和镇党政办都在催", ["区应急局", "镇党政办"]),
    ("卫健那边又来电话", ["卫健"]),
    ("住建的人查完消防来", ["住建", "消防"]),
    ("应急消防住建三家要", ["应急", "消防", "住建"]),
    ("区数据局又发一张表", ["区数据局"]),
    ("拆迁那边让盖章", ["拆迁"]),
    ("银行让老人来开证明", ["银行"]),
    ("保险公司叫开证明", ["保险公司"]),
    ("街道办让我们报", ["街道办"]),
    ("消防检查又来了", []),
    ("医保缴费任务", []),
    ("我们学校也要填", []),
    ("我是镇民政办的", []),
    ("不同局各来各的", []),
    ("怎么办,到底谁管", []),
    ("会议布局调整", []),
    ("村委会开会", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "names"), TABLE)
def test_names(text, names):
    assert [text[m.start : m.end] for m in UnitFinder({}).find(text)] == names


def test_known_names_are_longest_and_official():
    finder = UnitFinder({"青岚市民政局": ["市民政局", "民政"], "数字乡村专班办公室": ["数乡办"]})
    text = "市民政局要完数乡办要"
    assert [(text[m.start : m.end], m.known) for m in finder.find(text)] == [
        ("市民政局", "青岚市民政局"),
        ("数乡办", "数字乡村专班办公室"),
    ]


def test_a_name_is_given_once():
    text = "市监查完,市监又来"
    assert len(UnitFinder({}).find(text)) == 1


def test_mere_subjects_are_told_apart():
    text = "民政要,消防检查"
    assert [(text[m.start : m.end], speaks) for m, speaks in UnitFinder({}).find_all(text)] == [
        ("民政", True),
        ("消防", False),
    ]


def test_the_dictionary_knows_names_by_themselves():
    finder = UnitFinder({"青岚市民政局": ["民政"], "数字乡村专班办公室": ["数乡办"]})
    assert (finder.known("民政"), finder.known("残联")) == ("青岚市民政局", None)
    assert finder.looks("民政") and not finder.looks("数乡办")
