"""What the rules say about a message before the choosers decide."""

from __future__ import annotations

from collections.abc import Sequence

from nlu.objects import ObjectWords, read_object
from nlu.spans import Hints, Span
from nlu.units import UnitFinder

_ANY_RANK = 25  # heads that serve every class come after those of the class


class HintFinder:
    """Asks the rules for units and the object; the shipped words only, as in training."""

    def __init__(self, finder: UnitFinder, words: ObjectWords) -> None:
        self._finder, self._words = finder, words
        common = dict.fromkeys(words.any, _ANY_RANK)
        ranks = {label: {head: at for at, head in enumerate(heads)} for label, heads in words.heads.items()}
        self._heads = {label: common | heads for label, heads in ranks.items()}
        self._common = common

    def __call__(self, text: str, tokens: Sequence[Span], label: str | None) -> Hints:
        """Return the hints for a clean text cut into words."""
        found = self._finder.find_all(text)
        speaking = [(m.start, m.end) for m, speaks in found if speaks]
        thing = read_object(text, tokens, speaking, label, self._words)
        mentions = {(m.start, m.end): speaks for m, speaks in found}
        return Hints(label or "", mentions, thing, self._heads.get(label or "", self._common), self._words.stops)
