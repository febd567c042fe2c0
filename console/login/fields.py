"""Fields of plain forms: a label each, made for password managers and the keyboard."""

from console.markup import Html, join, tag
from texts.catalogue import Catalogue


def text_field(
    texts: Catalogue, name: str, label: str, value: str = "", hint: str | None = None, needed: bool = True,
    fills: str = "off", first: bool = False,
) -> Html:  # fmt: skip
    """One line of text; `fills` tells the browser what may be filled in."""
    field = tag(
        "input", type="text", id=name, name=name, value=value, autocomplete=fills, autocapitalize="none",
        spellcheck="false", required="" if needed else None, autofocus="" if first else None, maxlength="200",
        aria_describedby=f"{name}-hint" if hint else None,
    )  # fmt: skip
    return join(tag("label", texts.say(label), for_=name), field, _hint(name, texts.say(hint) if hint else None))


def password_field(
    texts: Catalogue, name: str, label: str, fills: str, hint: str | None = None, needed: bool = True,
    first: bool = False,
) -> Html:  # fmt: skip
    """A password that can be pasted and shown; `hint` is a finished sentence."""
    field = tag(
        "input", type="password", id=name, name=name, autocomplete=fills, required="" if needed else None,
        autofocus="" if first else None, maxlength="1024", aria_describedby=f"{name}-hint" if hint else None,
    )  # fmt: skip
    show = tag(
        "button", texts.say("login.show"), type="button", hidden="", data_shows=name, aria_pressed="false",
        data_show=texts.say("login.show"), data_hide=texts.say("login.hide"), aria_controls=name,
    )  # fmt: skip
    return join(tag("label", texts.say(label), for_=name), tag("div", field, show, class_="shown"), _hint(name, hint))


def area_field(texts: Catalogue, name: str, label: str, value: str, hint: str, rows: int = 3) -> Html:
    """A few lines of text."""
    field = tag(
        "textarea", value, id=name, name=name, rows=str(rows), maxlength="2000", placeholder=texts.say(hint),
    )  # fmt: skip
    return join(tag("label", texts.say(label), for_=name), field)


def code_field(texts: Catalogue, label: str, hint: str | None = None, needed: bool = True, first: bool = False) -> Html:
    """The code of the second factor; a recovery code fits in too."""
    field = tag(
        "input", type="text", id="code", name="code", autocomplete="one-time-code", autocapitalize="characters",
        spellcheck="false", required="" if needed else None, autofocus="" if first else None, maxlength="20",
        class_="code", aria_describedby="code-hint" if hint else None,
    )  # fmt: skip
    return join(tag("label", texts.say(label), for_="code"), field, _hint("code", texts.say(hint) if hint else None))


def keep(name: str, value: str) -> Html:
    """A value that travels along unseen."""
    return tag("input", type="hidden", name=name, value=value)


def submit(texts: Catalogue, label: str, main: bool = True, name: str | None = None, value: str | None = None) -> Html:
    """The button that sends the form."""
    return tag("button", texts.say(label), type="submit", class_="main" if main else None, name=name, value=value)


def form(path: str, *children: str | None) -> Html:
    """A form that is sent to a path of ours."""
    return tag("form", *children, method="post", action=path)


def told(sentence: str | None) -> Html | None:
    """What went wrong, read out at once."""
    return tag("p", sentence, class_="warning", role="alert") if sentence else None


def _hint(name: str, sentence: str | None) -> Html | None:
    return tag("p", sentence, class_="hint", id=f"{name}-hint") if sentence else None
