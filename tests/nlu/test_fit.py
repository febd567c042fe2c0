import numpy as np
import pytest

from nlu.features import Document, fit_features
from nlu.fit import best_temperature, fit_each, fit_head, matrix

TEXTS = [["会", "开"], ["会", "长"], ["会", "多"], ["表", "填"], ["表", "多"], ["表", "报"]] * 3
LABELS = ["m", "m", "m", "f", "f", "f"] * 3


@pytest.fixture(scope="module")
def fitted():
    documents = [Document([text]) for text in TEXTS]
    features = fit_features(documents)
    return features, matrix(features, [features.row(document) for document in documents])


def test_a_head_learns_what_it_is_shown(fitted):
    features, data = fitted
    head = fit_head(data, LABELS)
    assert next(iter(head.scores(features.row(Document([["表"]]))))) == "f"
    assert next(iter(head.scores(features.row(Document([["会"]]))))) == "m"


def test_voices_are_left_out_whole(fitted):
    head = fit_head(fitted[1], LABELS, ["x"] * 6 + ["y"] * 6 + ["z"] * 6)
    assert head.labels == ("f", "m")


def test_three_labels_with_a_rare_one(fitted):
    head = fit_head(fitted[1], [*LABELS[:-2], "r", "r"])
    assert head.weights.shape[1] == 3 and np.isfinite(head.weights).all()


def test_one_row_of_a_label_is_enough(fitted):
    assert fit_head(fitted[1], [*LABELS[:-1], "r"]).labels == ("f", "m", "r")


def test_several_labels_at_once(fitted):
    features, data = fitted
    head = fit_each(
        data,
        [
            frozenset({"f", "m"}) if "多" in text else frozenset(label)
            for text, label in zip(TEXTS, LABELS, strict=True)
        ],
    )
    both = head.chances(features.row(Document([["会", "多"]])))
    assert both["m"] > 0.5 and both["f"] > head.chances(features.row(Document([["会", "开"]])))["f"]


def test_temperature_cools_boasting_and_warms_doubt():
    target = np.array([0, 0, 1])
    boast = np.array([[9, 0], [9, 0], [9, 0]], np.float32)
    assert best_temperature(boast, target) > 1
