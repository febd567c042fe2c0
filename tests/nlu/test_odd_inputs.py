"""A short run of the fuzz that `make bench` does at length."""

from tests.bench.fuzz import fuzz, through_the_command


def test_every_odd_input_gets_an_answer(ears):
    found = fuzz(ears, 1500)
    assert found.asked == 1500 and found.raised == ()


def test_the_command_answers_line_by_line(model_dir):
    assert through_the_command(model_dir, 100) == 100
