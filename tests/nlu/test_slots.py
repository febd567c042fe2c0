from nlu.normalise import normalise, simplifier
from nlu.objects import load_object_words
from nlu.slots import read_slots
from nlu.units import UnitFinder


def slots(text, at=None):
    normal = normalise(text, simplifier())
    tokens = [(i, i + 1) for i in range(len(normal.text))]
    return read_slots(normal, tokens, UnitFinder({}).find(normal.text), None, at, load_object_words())


def test_values_stand_as_in_the_original():
    found = slots("民政、殘聯都要,依據青民〔2026〕12號,原定９０％,區裡要求１００％")
    assert [unit.name for unit in found.units] == ["民政", "殘聯"]
    assert found.document == "依據青民〔2026〕12號"
    assert found.raised == ("９０％", "１００％")


def test_nothing_found_is_nothing(tuesday):
    found = slots("唉", tuesday)
    assert (found.units, found.object, found.count.times, found.hours, found.deadline) == ((), None, None, None, None)
