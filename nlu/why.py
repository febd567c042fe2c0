"""Why a label was chosen: the pieces of the text that spoke for it most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Span = tuple[int, int]
_MOST = 3
_SHARE = 0.5  # a piece counts from this share of the strongest piece on
_MARKS = "\x02\x03\x04"  # ends of a text and the sign of a word; cues (\x05) are not in the text


def telling_spans(text: str, words: Sequence[Span], support: Mapping[str, float]) -> list[Span]:
    """Return up to three pieces of the text whose features carried the decision, strongest first.

    `words` are the places of the words; `support` maps a feature (an n-gram or a word) to its weight.
    """
    heat = _heat(text, support)
    warmth = {span: sum(heat[span[0] : span[1]]) for span in words if text[span[0] : span[1]].isalnum()}
    if not warmth or max(warmth.values()) <= 0:
        return []
    limit = max(warmth.values()) * _SHARE
    pieces: dict[Span, float] = {}
    last: Span | None = None
    for span in sorted(span for span, value in warmth.items() if value >= limit):
        joined = last is not None and last[1] == span[0]
        piece = (last[0], span[1]) if joined and last else span
        pieces[piece] = warmth[span] + (pieces.pop(last) if joined and last else 0.0)
        last = piece
    ranked = sorted(pieces, key=lambda piece: -pieces[piece])
    return [piece for piece in ranked if piece[1] - piece[0] >= 2][:_MOST] or [_widened(ranked[0], list(warmth))]


def _widened(piece: Span, words: Sequence[Span]) -> Span:
    """Give a lone character its neighbour: 会 says little, 个会 a little more."""
    before = [(start, piece[1]) for start, stop in words if stop == piece[0]]
    after = [(piece[0], stop) for start, stop in words if start == piece[1]]
    return next(iter(before + after), piece)


def _heat(text: str, support: Mapping[str, float]) -> list[float]:
    """Spread each feature's weight over the characters it covers."""
    heat = [0.0] * len(text)
    for feature, gain in support.items():
        piece = feature.strip(_MARKS)
        at = text.find(piece) if piece and not piece.isspace() else -1
        while at >= 0:
            for place in range(at, at + len(piece)):
                heat[place] += gain / len(piece)
            at = text.find(piece, at + 1)
    return heat
