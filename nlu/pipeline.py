"""The spaCy pipeline: blank Chinese cut by jieba, unit mentions as entities, our categories as `doc.cats`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nlu.cutter import Cutter
from nlu.extract import Extract
from nlu.model import Model
from nlu.units import UnitFinder

UNITS, CATEGORIES = "jianfu_units", "jianfu_categories"


@dataclass
class UnitMentions:
    """Marks unit names: all of them as mentions, those the words agree with as entities."""

    finder: UnitFinder = field(default_factory=lambda: UnitFinder({}))

    def __call__(self, doc: Doc) -> Doc:
        """Fill `doc.user_data["mentions"]` and `doc.ents`."""
        mentions = self.finder.find(doc.text)
        spans = [doc.char_span(m.start, m.end, label="UNIT", kb_id=m.known or "") for m in mentions]
        doc.ents = tuple(span for span in spans if span is not None)
        doc.user_data["mentions"] = mentions
        return doc


@dataclass
class Categories:
    """Scores a text over all classes and all other intents."""

    model: Model | None = None
    extract: Extract | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Fill `doc.user_data["row"]` and `doc.cats`."""
        if self.model and self.extract:
            row = self.model.features.row(self.extract(doc.text, [token.text for token in doc]))
            doc.user_data["row"] = row
            doc.cats.update(self.model.heads["intent"].scores(row))
        return doc


@Language.factory(UNITS)
def _units(nlp: Language, name: str) -> UnitMentions:
    return UnitMentions()


@Language.factory(CATEGORIES)
def _categories(nlp: Language, name: str) -> Categories:
    return Categories()


def build_pipeline(cutter: Cutter, finder: UnitFinder, model: Model, extract: Extract) -> Language:
    """Return the pipeline that cuts with `cutter`, marks units and scores categories."""
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    tokenizer: Any = nlp.tokenizer
    tokenizer.jieba_seg = cutter
    # spaCy builds components from plain settings only, so that what was loaded is handed over afterwards.
    units, categories = nlp.add_pipe(UNITS), nlp.add_pipe(CATEGORIES)
    units.finder, categories.model, categories.extract = finder, model, extract  # type: ignore[attr-defined]
    return nlp
