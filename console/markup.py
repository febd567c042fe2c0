"""Write HTML from Python values: everything is escaped unless it was written by `tag` itself."""

from html import escape

VOID = frozenset({"input", "br", "hr"})  # elements without an end


class Html(str):
    """Markup that is safe as it stands."""

    __slots__ = ()


def tag(name: str, /, *children: str | None, **attributes: str | None) -> Html:
    """One element; `class_` is class, `data_x` is data-x, None leaves an attribute or a child out."""
    pairs = [(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None]
    head = "".join(f' {key}="{escape(value)}"' for key, value in pairs)
    return Html(f"<{name}{head}>" if name in VOID else f"<{name}{head}>{join(*children)}</{name}>")


def join(*children: str | None) -> Html:
    """Children one after the other, plain strings escaped."""
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children if child is not None))


def mark(text: str, pieces: list[str]) -> Html:
    """The text with every piece that stands in it highlighted; overlapping pieces become one."""
    hit = [False] * len(text)
    for piece in filter(None, pieces):
        start = text.find(piece)
        while start >= 0:
            hit[start : start + len(piece)] = [True] * len(piece)
            start = text.find(piece, start + 1)
    parts: list[Html] = []
    begin = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or hit[end] != hit[begin]:
            parts.append(tag("mark", text[begin:end]) if hit[begin] else join(text[begin:end]))
            begin = end
    return join(*parts)
