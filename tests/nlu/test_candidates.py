from nlu.candidates import CANDIDATES
from nlu.facts import LEAST


def test_every_fact_with_candidates_has_a_least_chance():
    assert set(CANDIDATES) | {"units", "object"} == set(LEAST)
    assert [amount.value for amount in CANDIDATES["deadline"]("明早八点前", None)] == ["due"]
