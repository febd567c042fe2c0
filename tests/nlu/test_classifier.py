import pytest

from nlu.classifier import load_classifier
from nlu.errors import ModelError


def test_the_ears_as_a_plain_classifier(model_dir):
    classifier = load_classifier(model_dir)
    many = classifier.scores_many(["一周开九个会", ""])
    assert next(iter(many[0])) == "meeting_overload"
    assert sum(many[1].values()) == pytest.approx(1)


def test_no_model_is_an_error(tmp_path):
    with pytest.raises(ModelError):
        load_classifier(tmp_path)
