import numpy as np
import pytest

from nlu.interval import bootstrap, share


def test_an_interval_holds_the_figure():
    found = share([True] * 90 + [False] * 10)
    assert found.value == 0.9 and found.rows == 100
    assert 0.8 < found.low < 0.9 < found.high < 0.98
    assert str(found).startswith("0.900 [0.8") and str(found).endswith("n=100")


def test_the_same_rows_give_the_same_interval():
    assert share([True, False] * 20) == share([True, False] * 20)


def test_more_rows_make_it_narrower():
    few, many = share([True, False] * 10), share([True, False] * 1000)
    assert many.high - many.low < (few.high - few.low) / 5


def test_no_rows_are_no_figure():
    found = bootstrap(0, lambda places: pytest.fail("no rows to look at"))
    assert np.isnan(found.value) and found.rows == 0
