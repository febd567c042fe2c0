"""Pages without NiceGUI: for people who are not signed in, and for what concerns the sign-in itself."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import quote

from fastapi.responses import HTMLResponse

from console.markup import Html, join, tag
from texts.catalogue import Catalogue

STYLE = Path(__file__).parent / "static" / "desk.css"
SCRIPT = Path(__file__).parent / "static" / "plain.js"
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1b5e53"/>'
    '<path d="M8 12h16M8 17h11M8 22h7" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/></svg>'
)


def safe_headers() -> dict[str, str]:
    """No cache, no frame, no referrer elsewhere (links carry tokens), nothing from anywhere but this page.

    Not `no-referrer`: with it browsers send forms with `Origin: null`, which the wall against foreign pages refuses.
    """
    return {
        "Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex", "Content-Security-Policy": _policy(),
    }  # fmt: skip


def plain_page(texts: Catalogue, key: str, status: int, go: tuple[str, str] | None = None) -> HTMLResponse:
    """A page that says one sentence; `go` is where it may lead: (text key, path)."""
    link = tag("p", tag("a", texts.say(go[0]), href=go[1], class_="go")) if go else None
    return card_page(texts, None, join(tag("p", texts.say(key)), link), status)


def card_page(texts: Catalogue, title: str | None, body: Html, status: int = 200, wide: bool = False) -> HTMLResponse:
    """A page with one card: the brand, a title, the body."""
    brand = texts.say("page.brand")
    above = tag("p", brand, class_="by") if title else None
    head = join(above, tag("h1", title or brand))
    card = tag("main", head, body, class_="plain wide" if wide else "plain")
    return HTMLResponse(_document(title or brand, card), status_code=status, headers=safe_headers())


def step_page(path: str) -> HTMLResponse:
    """A page that goes on by itself, so that the next request comes from our own site."""
    head = f'<!doctype html><meta http-equiv="refresh" content="0;url={path}"><a href="{path}">…</a>'
    return HTMLResponse(head, headers=safe_headers())


def sheet_page(texts: Catalogue, title: str, body: Html, leave: Html) -> HTMLResponse:
    """A page of its own with a title and a way out."""
    sheet = tag("main", tag("h1", title), body, leave, class_="desk plain-sheet")
    return HTMLResponse(_document(f"{title} {texts.say('page.brand')}", sheet), headers=safe_headers())


def _document(title: str, body: Html) -> str:
    icon = f'<link rel="icon" href="data:image/svg+xml,{quote(ICON)}">'
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{icon}{tag('title', title)}<style>{_read(STYLE)}</style>"
    )
    script = f"<script>{_read(SCRIPT)}</script>"
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{body}{script}</body></html>'


@cache
def _policy() -> str:
    """Style and script are named by their digests, so that no markup of anybody's can bring its own."""
    return (
        f"default-src 'none'; style-src {_digest(_read(STYLE))}; script-src {_digest(_read(SCRIPT))}; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
