import numpy as np
import pytest

from nlu.costs import STAFF, TAP, WRONG, minutes, weigh

SURE, CLOSE, OPEN = [0.9, 0.05, 0.05], [0.5, 0.45, 0.05], [0.34, 0.33, 0.33]


def cost(chances, truth):
    return minutes(np.array([chances]), np.array([truth]), 0.15, 0.4)


def test_each_outcome_costs_what_it_says():
    assert cost(SURE, 0) == 0 and cost(SURE, 1) == WRONG
    assert cost(CLOSE, 0) == cost(CLOSE, 1) == TAP and cost(CLOSE, 2) == TAP + STAFF
    assert cost(OPEN, 0) == cost(OPEN, 2) == STAFF


def test_the_cheapest_thresholds_are_never_dearer_than_those_in_use():
    chance = np.random.default_rng(1)
    chances = chance.dirichlet([0.6] * 8, 400)
    gold = np.array([chance.choice(8, p=row) for row in chances])
    found = weigh(chances, gold, 0.15, 0.35)
    assert found.best_minutes <= found.minutes
    assert minutes(chances, gold, found.best_close, found.best_unsure) == pytest.approx(found.best_minutes)
