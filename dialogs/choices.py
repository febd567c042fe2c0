"""Words typed instead of tapped: equal to a button that is still open, they act like the button."""

from datetime import timedelta

from dialogs import guess
from dialogs.acknowledgements import fold
from dialogs.presses import press, press_urgent
from dialogs.talk import Talk
from storage import people
from tickets.drafts import REFERRED, UNCLEAR
from tickets.workflow import State

STILL_OPEN = timedelta(days=7)
TYPED = frozenset({
    "keep", "withdraw", "sat", "accept", "rework", "urgent", "same", "new", "cadre", "class", "split", "probed",
    "erase", "guard",
})  # fmt: skip
ALIASES = {
    "我是基层干部": "button.cadre", "同一件": "button.same", "是同一件": "button.same", "是同一件事": "button.same",
    "另一件": "button.new", "另外一件": "button.new", "另外一件事": "button.new", "是另一件事": "button.new",
    "不撤": "button.keep", "别撤了": "button.keep", "不撤回了": "button.keep", "不撤回": "button.keep",
    "撤吧": "button.withdraw", "确定撤回": "button.withdraw", "撤": "button.withdraw",
    "就这样": "button.accept", "就这样吧": "button.accept", "办结": "button.accept", "办结吧": "button.accept",
    "重办": "button.rework", "重新办理": "button.rework", "都不像": "button.neither", "加急": "button.urgent",
    "继续办": "button.guard_go", "继续吧": "button.guard_go", "可以继续": "button.guard_go",
    "继续交办": "button.guard_go",
    "放一放": "button.guard_pause", "先放着": "button.guard_pause", "先放一放吧": "button.guard_pause",
    "先放放": "button.guard_pause", "先不办": "button.guard_pause",
    "分开": "button.split", "分开办": "button.split",
}  # fmt: skip


def press_typed(talk: Talk, text: str) -> bool:
    """Press the open button that says what was typed; False when there is none."""
    typed = fold(text)
    wanted = fold(talk.house.texts.say(ALIASES[typed])) if typed in ALIASES else typed
    payload = next((payload for label, payload in _buttons(talk) if fold(label) == wanted), None)
    if payload is not None:
        press(talk, payload)
        return True
    asked = guess.waiting(talk)
    if wanted == fold(talk.house.texts.say("button.guard_go")) and asked is not None:  # put off weeks ago
        guess.press_guard(talk, asked, "go")
        return True
    waiting = talk.open_in(State.RECEIVED)
    if wanted == fold(talk.house.texts.say("button.urgent")) and waiting:
        press_urgent(talk, waiting[0])
        return True
    return False


def _buttons(talk: Talk) -> list[tuple[str, str]]:
    """Label and payload of every button that may still be pressed by word, newest first."""
    rows = people.offered_buttons(talk.uow, talk.person.pseudonym, talk.now - STILL_OPEN)
    shown = [button for row in rows for line in row.buttons for button in line if _is_open(talk, button["payload"])]
    return [(each.get("label") or talk.house.texts.say(each["key"]), each["payload"]) for each in shown]


def _is_open(talk: Talk, payload: str) -> bool:
    verb, receipt, _ = payload.split(":", 2)
    if verb not in TYPED:
        return False
    if verb == "class":
        return talk.expects("class", receipt) is not None
    if verb in ("same", "new"):
        return talk.draft(UNCLEAR) is not None
    if verb == "cadre":
        return talk.draft(REFERRED) is not None
    if verb == "guard":
        return guess.may_choose(talk.own_ticket(receipt))
    if verb == "accept":
        ticket = talk.own_ticket(receipt)
        return ticket is not None and ticket.state == State.RATING.value
    return True
