import json
from collections import Counter

import pytest
import yaml

from nlu.errors import DataError
from nlu.rasa.export import config, data_hash, export, project_rows
from nlu.rows import read_folder


def read(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def examples(project):
    items = read(project.folder / "nlu.yml")["nlu"]
    return [(line[2:], item["intent"]) for item in items for line in item["examples"].splitlines()]


@pytest.fixture(scope="module")
def project(small_data, tmp_path_factory):
    return export(small_data, tmp_path_factory.mktemp("rasa"))


def write_rows(folder, *texts):
    (folder / "complaints").mkdir(parents=True)
    rows = [{"text": text, "label": "excess_traces"} for text in texts]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "complaints" / "rows.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_every_row_is_there_under_its_class_or_intent(project, small_data):
    assert sorted(examples(project)) == sorted(project_rows(small_data))
    assert Counter(intent for _, intent in examples(project)) == project.rows
    assert set(project.rows) == {example.label or example.intent for example in read_folder(small_data)}
    assert sum(project.rows.values()) >= 0.99 * len(read_folder(small_data))  # a few differ only in width or script


def test_the_domain_knows_every_intent_and_no_channel_is_opened(project):
    assert read(project.folder / "domain.yml")["intents"] == sorted(project.rows)
    assert read(project.folder / "credentials.yml") == {}


def test_the_words_of_our_dictionary_go_along(project):
    folder = config("lr")["pipeline"][0]["dictionary_path"]
    assert (project.folder / folder / "user_dict.txt").stat().st_size > 100


@pytest.mark.parametrize(("classifier", "name"), [("lr", "LogisticRegressionClassifier"), ("diet", "DIETClassifier")])
def test_the_pipeline_is_chosen_and_its_seed_fixed(small_data, tmp_path, classifier, name):
    chosen = read(export(small_data, tmp_path, classifier).folder / "config.yml")
    last = chosen["pipeline"][-1]
    assert (chosen["language"], last["name"], last["ranking_length"]) == ("zh", name, 0)
    assert 42 in (last.get("random_state"), last.get("random_seed"))


def test_an_unknown_classifier_is_an_error(small_data, tmp_path):
    with pytest.raises(DataError):
        export(small_data, tmp_path, "svm")


def test_odd_texts_survive_the_format(tmp_path):
    texts = ["- 表", "又是#台账: '拍照'", "[照片](补)", "贴🙂了三回", "\u200b", 'a"b', "{x}[y][z]", "下一行 的"]
    project = export(write_rows(tmp_path / "data", *texts), tmp_path / "out")
    found = [text for text, _ in examples(project)]
    # Only what Rasa would read as an entity is written apart, and nothing is left of a character without width.
    assert found == ["- 表", "又是#台账: '拍照'", "[照片] (补)", "贴🙂了三回", 'a"b', "{x}[y] [z]", "下一行 的"]


def test_the_hash_follows_the_rows_not_their_order(tmp_path):
    one, two = write_rows(tmp_path / "1", "甲", "乙"), write_rows(tmp_path / "2", "乙", "甲")
    three = write_rows(tmp_path / "3", "甲", "丙")
    assert data_hash(project_rows(one)) == data_hash(project_rows(two)) != data_hash(project_rows(three))
    project = export(one, tmp_path / "out")
    assert (tmp_path / "out" / "data_hash").read_text().strip() == project.data_hash == data_hash(project_rows(one))
