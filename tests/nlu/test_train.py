import pytest

from nlu.classifier import load_classifier
from nlu.errors import DataError
from nlu.model import load_model
from nlu.train import train, train_ears

ROWS = [
    {"text": f"{place}{matter}", "label": label}
    for place in ("东街", "西街", "南街", "北街", "河边", "桥头")
    for matter, label in (("路灯不亮", "灯"), ("垃圾没人收", "垃圾"), ("自来水发黄", "水"))
]


def test_any_label_set(tmp_path):
    report = train(ROWS, tmp_path)
    assert (report.rows, report.labels) == (18, {"label": ("垃圾", "水", "灯")})
    assert next(iter(load_classifier(tmp_path).scores("后街路灯坏了"))) == "灯"


def test_words_set_apart_by_spaces(tmp_path):
    spaced = [{"text": " ".join(row["text"]), "label": row["label"]} for row in ROWS]
    train(spaced, tmp_path)
    assert next(iter(load_classifier(tmp_path).scores("后街 垃圾 满 了"))) == "垃圾"


def test_training_twice_gives_the_same(tmp_path):
    train(ROWS, tmp_path / "a")
    train(ROWS, tmp_path / "b")
    first, second = (load_classifier(tmp_path / name).scores("水是黄的") for name in "ab")
    assert first == second


@pytest.mark.parametrize("rows", [[], [{"text": "a", "label": "x"}], [{"text": "a", "label": "x"}] * 5])
def test_too_few_labels_is_an_error(rows, tmp_path):
    with pytest.raises(DataError):
        train(rows, tmp_path)


def test_texts_without_a_single_feature(tmp_path):
    train([{"text": "", "label": "a"}, {"text": "\u200b", "label": "b"}] * 3, tmp_path)


def test_the_ears_have_all_heads(model_dir):
    model = load_model(model_dir)
    assert set(model.heads) == {"intent", "class", "also", "subcode"}
    assert len(model.heads["class"].labels) == 8
    assert len(model.heads["intent"].labels) == 31
    assert model.name == "ears"


def test_ears_need_both_kinds_of_rows(tmp_path):
    (tmp_path / "intents").mkdir()
    (tmp_path / "intents" / "a.jsonl").write_text('{"text": "催", "intent": "urge"}\n', encoding="utf-8")
    with pytest.raises(DataError):
        train_ears(tmp_path, tmp_path / "out")
