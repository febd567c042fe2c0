import pytest

from nlu.cutter import Cutter
from nlu.extract import Extract
from nlu.model import load_model
from nlu.pipeline import build_pipeline
from nlu.units import UnitFinder


@pytest.fixture(scope="module")
def nlp(model_dir):
    model, cutter = load_model(model_dir), Cutter()
    return build_pipeline(cutter, UnitFinder({"青岚市残联": ["残联"]}), model, Extract(model.options, cutter))


def test_units_are_entities_with_their_official_name(nlp):
    doc = nlp("残联要一张表")
    assert [(span.text, span.label_, span.kb_id_) for span in doc.ents] == [("残联", "UNIT", "青岚市残联")]


def test_categories_cover_classes_and_intents(nlp):
    doc = nlp("一周开九个会")
    assert max(doc.cats, key=doc.cats.get) == "meeting_overload"
    assert sum(doc.cats.values()) == pytest.approx(1, abs=1e-3)


def test_the_text_survives(nlp):
    for text in ("", " ", "a b\n表", "😀😀表"):
        assert nlp(text).text == text
