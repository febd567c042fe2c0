import pytest

from nlu.amounts import count_candidates
from nlu.cutter import Cutter
from nlu.facts import OBJECT, UNITS, choose_amount, choose_object, choose_units
from nlu.fit_facts import fit_facts
from nlu.hints import HintFinder
from nlu.marked import Marked
from nlu.objects import load_object_words
from nlu.spans import find_spans, score_spans
from nlu.units import UnitFinder

UNITS_OF = ("环宇社", "青松会", "长风社", "白云会")
HINTS = HintFinder(UnitFinder({}), load_object_words())


def row(unit, times):
    return Marked(
        f"{unit}要花名册,今年填了{times}茬,我六十人",
        "repeat_reports",
        "v",
        (unit,),
        "花名册",
        times,
        "year",
        None,
        None,
    )


@pytest.fixture(scope="module")
def facts():
    rows = [row(unit, times) for unit in UNITS_OF for times in (3, 4, 5)]
    rows += [Marked("天天睡不着,心里烦", "added_demands", "v", (), None, None, None, None, None)] * 6
    return fit_facts(rows, Cutter().places, {}, HINTS)


def spans_of(text):
    tokens = Cutter().places(text)
    return find_spans(text, tokens, HINTS(text, tokens, "repeat_reports"), {})


def test_a_unit_no_rule_knows_is_learned_by_what_it_does(facts):
    text = "海棠社要花名册,今年填了7茬"
    chooser, spans = facts.choosers["spans"], spans_of(text)
    scores = score_spans(chooser, spans)
    assert [text[slice(*p)] for p in choose_units(spans, scores, float(chooser.none[UNITS]))] == ["海棠社"]
    assert text[slice(*choose_object(text, spans, scores, float(chooser.none[OBJECT])))] == "花名册"


def test_the_count_of_the_burden_is_told_from_other_numbers(facts):
    found = choose_amount("times", facts.choosers["times"], count_candidates("填了8茬,我六十人", "repeat_reports"))
    assert found.value == 8


def test_kinds_nobody_marked_are_never_found(facts):
    assert {"spans", "times", "per", "hours", "deadline"} == set(facts.choosers)
    assert choose_amount("hours", facts.choosers["hours"], []) is None
