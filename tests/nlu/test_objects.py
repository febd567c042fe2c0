import pytest

from nlu.cutter import Cutter
from nlu.objects import load_object_words, read_object
from nlu.units import UnitFinder

TABLE = [
    ("同一张留守儿童表填了三回", "repeat_reports", "留守儿童表"),
    ("《农房安全台账》又要一份", "repeat_reports", "农房安全台账"),
    ("“平安夜巡”小程序天天打卡", "fingertip_formalism", "平安夜巡"),
    ("手机里二十六个工作群", "fingertip_formalism", "工作群"),
    ("窗口还让来开亲属关系证明", "excess_seals", "亲属关系证明"),
    ("区应急局的安全生产检查", "multi_assessments", "安全生产检查"),
    ("又来查消防通道,一周三拨", "multi_assessments", "消防通道"),
    ("动员会完了推进会", "meeting_overload", "推进会"),
    ("让村里也制定实施方案", "meeting_overload", "实施方案"),
    ("又签责任状", "added_demands", "责任状"),
    ("这张表没文号", "repeat_reports", None),
    ("哪有机会休息,社会上都这样", "meeting_overload", None),
    ("都不让人睡觉", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("text", "label", "thing"), TABLE)
def test_object(text, label, thing):
    tokens, at = [], 0
    for word in Cutter().cut(text):
        tokens.append((at, at + len(word)))
        at += len(word)
    taken = [(m.start, m.end) for m in UnitFinder({}).find(text)]
    found = read_object(text, tokens, taken, label, load_object_words())
    assert (found and text[found[0] : found[1]]) == thing


def test_every_class_has_heads():
    from nlu.taxonomy import load_taxonomy

    assert {item.code for item in load_taxonomy().classes} == set(load_object_words().heads)
