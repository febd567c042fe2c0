"""Fear of revenge: from the button or from words to the special desk, and the talk with it, in this chat only."""

import re
from datetime import timedelta
from typing import Any

from dialogs.talk import Talk
from nlu.understanding import Understanding
from storage.models import SpecialCase, Ticket
from tickets import cases, probing
from tickets.duty import on_duty, say_next_duty
from tickets.human import say_by
from tickets.workflow import Role

CONTACT_WITHIN = timedelta(hours=2)
# 「来问是不是我反映的」 is what happened to the person, 「是谁反映的」 is a question nobody gets an answer to
OF_ME = re.compile("(?:问|打听|查|怀疑|猜|认定|追)[^，。；]{0,8}我|是不是我|打听我|查到我")


def report(talk: Talk, ticket: Ticket | None) -> None:
    """我担心被打击报复/我已受到影响: a case at once, an honest word about when, and what comes next goes there too."""
    case = cases.report(talk.uow, talk.house, ticket, talk.actor, talk.message, talk.now)
    talk.conversation.misunderstood = 0
    talk.expect("case", case=case.id)
    talk.say("probed.taken", ticket=ticket, since=_when(talk))


def likely(talk: Talk) -> Ticket | None:
    """The ticket it is about when none was named: the newest open one, else the newest."""
    return talk.open_ticket() or next(iter(talk.tickets()), None)


def hear_identity_probe(talk: Talk, ticket: Ticket | None) -> None:
    """Who complained is told to nobody: refused, logged, raised; a person who was asked about it is in danger."""
    if OF_ME.search(talk.message.text):
        report(talk, ticket)
        return
    case = probing.record(talk.uow, talk.house, talk.actor, talk.now, None)
    talk.message.case_id = case.id
    talk.say("identity.refused")


def hear_more(talk: Talk, heard: Understanding, waiting: dict[str, Any]) -> bool:
    """What is said after the report or to a question of the special desk: kept for the special desk alone."""
    case = cases.of_person(talk.uow, talk.person.pseudonym, waiting["case"])
    if case is None:
        return False
    cases.add_words(talk.uow, case, talk.actor, talk.message, talk.now)
    talk.expect("case", case=case.id)
    talk.say("special.noted")
    return True


def press_case(talk: Talk, number: str, what: str) -> None:
    """Buttons under a word of the special desk: answer it, or look at what was held back."""
    case = cases.of_person(talk.uow, talk.person.pseudonym, int(number)) if number.isdigit() else None
    if case is None:
        talk.say("other.old_button")
    elif what == "show":
        _show(talk, case)
    else:
        talk.expect("case", case=case.id)
        talk.say("special.reply")


def _show(talk: Talk, case: SpecialCase) -> None:
    held = cases.held_back(talk.uow, case)
    for row in held:
        hidden = row.params["hidden"]
        talk.say(hidden["key"], below=hidden["below"], **hidden["params"])
        row.params = {}
    if not held:
        talk.say("other.old_button")


def _when(talk: Talk) -> str:
    """When somebody of the special desk answers; nobody on duty is said as it is."""
    say = talk.house.texts.say
    if not on_duty(talk.uow, talk.house, talk.now, on_call=True, role=Role.SPECIAL):
        since = say_next_duty(talk.uow, talk.house, talk.now, role=Role.SPECIAL)
        return say("probed.when_later", moment=since)
    by = say_by(talk.now + CONTACT_WITHIN, talk.now)
    return say("probed.when_night", moment=by) if len(by) > len("23:59") else say("probed.when_duty")
