from nlu.cutter import Cutter
from nlu.hints import HintFinder
from nlu.objects import load_object_words
from nlu.units import UnitFinder


def test_rules_hint_at_units_the_object_and_heads():
    text = "民政要留守儿童表,消防检查"
    hints = HintFinder(UnitFinder({}), load_object_words())(text, Cutter().places(text), "repeat_reports")
    assert hints.mentions == {(0, 2): True, (9, 11): False}
    assert hints.object == (3, 8)
    assert hints.heads["报表"] < hints.heads["会议"] and "的" in hints.stops


def test_without_a_class_the_common_heads_serve():
    hints = HintFinder(UnitFinder({}), load_object_words())("", [], None)
    assert (hints.label, hints.mentions, hints.object) == ("", {}, None)
    assert "台账" in hints.heads
