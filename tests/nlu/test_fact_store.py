import numpy as np
import pytest

from nlu.chooser import Chooser
from nlu.fact_store import fact_arrays, joined, parted, read_facts
from nlu.facts import FactModel

FACTS = FactModel(
    {"民政": (1, 2), "表": (0, 300)},
    {"times": Chooser({"甲": 0, "乙 丙": 1}, np.array([[0.5], [-2]], np.float32), np.array([1], np.float32)),
     "hours": Chooser({}, np.zeros((0, 1), np.float32), np.zeros(1, np.float32))},
)  # fmt: skip


def test_there_and_back():
    again = read_facts(sorted(FACTS.choosers), fact_arrays(FACTS))
    assert again.classes == FACTS.classes
    assert again.choosers["times"].columns == FACTS.choosers["times"].columns
    assert again.choosers["times"].sums([["乙 丙"]]).tolist() == [[-2]]
    assert again.choosers["hours"].columns == {}


def test_without_word_classes():
    assert read_facts([], fact_arrays(FactModel({}, {}))).classes == {}


def test_arrays_that_do_not_fit_are_an_error():
    arrays = fact_arrays(FACTS) | {"chooser_times_names": joined(["甲"])}
    with pytest.raises(ValueError, match="times"):
        read_facts(["times"], arrays)


def test_names_are_joined_and_parted():
    assert parted(joined(["a b", "表"])) == ["a b", "表"]
