import pytest

from nlu.errors import TaxonomyError
from nlu.rows import read_folder
from nlu.taxonomy import DATA, load_taxonomy


def test_the_shipped_taxonomy():
    taxonomy = load_taxonomy()
    assert len(taxonomy.classes) == 8
    assert len(taxonomy.intents) == 24
    for item in taxonomy.classes:
        assert len(item.questions) == 2
        assert all(sub.code.startswith(f"{item.code}-") for sub in item.subcodes)
        assert item.definition and item.belongs and item.excludes and item.registers and item.legal_basis
    assert taxonomy.by_code("excess_seals").name == "证明公章"
    assert set(taxonomy.referrals) == {
        "12345", "12388", "12380", "12310", "12356", "110", "119", "120", "appeal", "hr",
    }  # fmt: skip


def test_every_training_row_is_in_the_taxonomy():
    taxonomy = load_taxonomy()
    classes = {item.code for item in taxonomy.classes}
    codes = {sub.code for item in taxonomy.classes for sub in item.subcodes}
    for example in read_folder(DATA):
        assert example.intent in taxonomy.intents
        assert example.label is None or example.label in classes
        assert example.label2 is None or (example.label2 in classes and example.label2 != example.label)
        assert example.subcode is None or example.subcode in codes


def test_an_unknown_class_is_an_error():
    with pytest.raises(TaxonomyError):
        load_taxonomy().by_code("nothing")


@pytest.mark.parametrize("text", ["", "version: 1", "classes: [", "[]", "version: 1\nclasses: [{code: a}]"])
def test_a_broken_file_is_one_kind_of_error(tmp_path, text):
    path = tmp_path / "taxonomy.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TaxonomyError):
        load_taxonomy(path)


def test_a_department_may_rename_a_class(tmp_path):
    path = tmp_path / "taxonomy.yaml"
    text = (DATA / "taxonomy.yaml").read_text(encoding="utf-8").replace("name: 重复报表", "name: 报表太多")
    path.write_text(text, encoding="utf-8")
    assert load_taxonomy(path).by_code("repeat_reports").name == "报表太多"
