"""Pages without NiceGUI: one sentence each, for people who are not (or no longer) signed in."""

from pathlib import Path

from fastapi.responses import HTMLResponse

from console.markup import Html, tag
from texts.catalogue import Catalogue

STYLE = Path(__file__).parent / "static" / "desk.css"


def safe_headers() -> dict[str, str]:
    """No cache, no frame, no referrer: links carry tokens."""
    return {
        "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip


def plain_page(texts: Catalogue, key: str, status: int) -> HTMLResponse:
    """A page that says one sentence."""
    brand = texts.say("page.brand")
    card = tag("main", tag("h1", brand), tag("p", texts.say(key)), class_="plain")
    return HTMLResponse(_document(brand, card), status_code=status, headers=safe_headers())


def step_page(path: str) -> HTMLResponse:
    """A page that goes on by itself, so that the next request comes from our own site."""
    head = f'<!doctype html><meta http-equiv="refresh" content="0;url={path}"><a href="{path}">…</a>'
    return HTMLResponse(head, headers=safe_headers())


def sheet_page(texts: Catalogue, title: str, body: Html) -> HTMLResponse:
    """A page of its own with a title and a way out."""
    leave = tag("a", texts.say("page.leave"), href="/desk/leave", class_="leave")
    sheet = tag("main", tag("h1", title), body, leave, class_="desk plain-sheet")
    return HTMLResponse(_document(f"{title} {texts.say('page.brand')}", sheet), headers=safe_headers())


def _document(title: str, body: Html) -> str:
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{tag('title', title)}<style>{STYLE.read_text(encoding='utf-8')}</style>"
    )
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{body}</body></html>'
