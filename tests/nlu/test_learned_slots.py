import pytest

from nlu.ears import load_ears


def test_names_only_the_dictionary_knows_are_heard(model_dir):
    ears = load_ears(model_dir, {"数字乡村专班办公室": ["数乡办"], "青岚市民政局": ["民政"]})
    found = ears.parse("民政要完数乡办要,同一张留守儿童表填了三回")
    assert [(unit.name, unit.known) for unit in found.units] == [
        ("民政", "青岚市民政局"),
        ("数乡办", "数字乡村专班办公室"),
    ]


def test_a_unit_no_rule_knows_is_heard(ears):
    assert "流管办" in [unit.name for unit in ears.parse("出租屋名单公安要一遍,流管办要一遍,综治又要一遍").units]


@pytest.mark.parametrize(("text", "words", "moment"), [
    ("明早九点前要报上去,一张困境儿童表", "明早九点前", "2026-11-25T09:00:00+08:00"),
    ("两小时内要把受灾数据表报齐", "两小时内", "2026-11-24T17:30:00+08:00"),
])  # fmt: skip
def test_a_deadline_has_words_and_with_a_moment_to_count_from_a_moment(ears, tuesday, text, words, moment):
    assert ears.parse(text).due == words
    assert ears.parse(text).deadline is None
    assert ears.parse(text, tuesday).deadline.isoformat() == moment


def test_document_and_raised_demand_are_read_beside_the_choices(ears):
    found = ears.parse("青民〔2026〕12号文件原定90%,区里要求100%,一张表填三回")
    assert (found.document, found.raised) == ("青民〔2026〕12号", ("90%", "100%"))
