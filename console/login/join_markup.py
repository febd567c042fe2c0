"""The pages of an invitation: choose a password, add the second factor, keep the recovery codes."""

from dataclasses import dataclass

from fastapi.responses import HTMLResponse

from console.login import fields
from console.login.form_guard import hidden
from console.login.passwords import ALONE, BESIDE
from console.login.second_factor import enrolment_address, in_groups, qr_code
from console.markup import Html, join, tag
from console.plain import card_page
from console.staff import OBSERVER_AREA
from console.wording import explain
from texts.catalogue import Catalogue
from tickets.errors import TicketError


@dataclass(frozen=True)
class Frame:
    """What every page of an invitation carries."""

    texts: Catalogue
    area: str
    token: str
    form: str
    error: TicketError | None = None

    def send(self, step: str, *children: str | None) -> Html:
        """A form of this invitation."""
        path = f"/{self.area}/join"
        return fields.form(
            path, hidden(self.form), fields.keep("token", self.token), fields.keep("step", step), *children
        )

    @property
    def wrong(self) -> Html | None:
        """What did not work."""
        return fields.told(explain(self.texts, self.error)) if self.error else None

    @property
    def status(self) -> int:
        """Told to machines too."""
        return 422 if self.error else 200


def password_page(frame: Frame, login: str, display: str, needs: bool) -> HTMLResponse:
    """Step one: who this is for, and a password (an observer: a nickname, and a password only if wanted)."""
    texts, observer = frame.texts, frame.area == OBSERVER_AREA
    hint = "login.rule_observer" if observer else "login.rule_beside" if needs else "login.rule"
    body = frame.send(
        "password",
        tag("p", texts.say("login.hello", name=display or texts.say("page.role.observer"), login=login)),
        frame.wrong,
        # password managers keep the account with the password
        tag("input", type="text", name="username", value=login, autocomplete="username", hidden="", readonly=""),
        fields.text_field(texts, "nickname", "login.nickname", display, "login.nickname_hint", first=True)
        if observer
        else None,
        fields.password_field(
            texts, "password", "login.new_password", "new-password", texts.say(hint, alone=ALONE, beside=BESIDE),
            needed=not observer, first=not observer,
        ),
        tag("div", fields.submit(texts, "login.next"), class_="buttons"),
    )  # fmt: skip
    return card_page(texts, texts.say("login.join"), body, frame.status)


def factor_page(frame: Frame, login: str, secret: str, must: bool) -> HTMLResponse:
    """Step two: scan, type the code; leaving it out is a button where that is allowed."""
    texts, say = frame.texts, frame.texts.say
    address = enrolment_address(secret, login, say("page.brand"))
    steps = tag(
        "ol",
        tag("li", say("login.scan"), tag("div", qr_code(address, say("login.qr")), class_="qr")),
        tag("li", say("login.by_hand"), tag("code", in_groups(secret), class_="secret")),
        tag("li", say("login.type_code")),
        class_="steps-down",
    )
    check = frame.send(
        "code", frame.wrong, fields.code_field(texts, "login.code", first=True),
        tag("div", fields.submit(texts, "login.finish"), class_="buttons"),
    )  # fmt: skip
    leave_out = frame.send("skip", fields.submit(texts, "login.skip", main=False)) if not must else None
    back = tag("a", say("login.back_to_password"), href=f"/{frame.area}/join?token={frame.token}&again=1")
    ways = tag("div", leave_out, back, class_="ways")
    reason = tag("p", say("login.must" if must else "login.may"), class_="hint")
    return card_page(texts, say("login.factor"), join(reason, steps, check, ways), frame.status, wide=True)


def recovery_page(texts: Catalogue, area: str, codes: list[str]) -> HTMLResponse:
    """The codes, once."""
    say = texts.say
    body = join(
        tag("p", say("login.codes_hint")),
        tag("ol", *(tag("li", tag("code", code)) for code in codes), class_="codes"),
        tag(
            "div", tag("a", say("login.codes_kept"), href=f"/{area}", class_="go main"),
            tag("button", say("login.print"), type="button", data_print="", hidden=""), class_="buttons",
        ),
    )  # fmt: skip
    return card_page(texts, say("login.codes"), body)
