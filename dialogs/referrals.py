"""What is not ours: the right number, safety first, and a way back in for cadres taken for citizens."""

from dialogs import revenge
from dialogs.erasing import ask_erase
from dialogs.talk import Talk
from nlu.understanding import Understanding
from storage.models import Ticket
from tickets.drafts import OFFERED, REFERRED
from tickets.duty import on_duty, say_next_duty
from tickets.human import request
from tickets.notices import buttons, payload

TOLD = {
    "citizen": "refer.citizen", "corruption": "refer.corruption", "consult": "refer.consult",
    "registry_check": "refer.registry", "greeting": "greeting", "thanks": "thanks", "help": "help",
    "abuse_spam": "other.abuse",
}  # fmt: skip
PERSONNEL = {"12380": "refer.personnel", "12310": "refer.staffing", "hr": "refer.rights", "appeal": "refer.rights"}
STAFF_SEE = {"consult": "consult", "registry_check": "registry"}  # staff must see these, without a ticket


def refer(talk: Talk, heard: Understanding, named: Ticket | None = None) -> bool:
    """Answer an intent that opens no ticket (`named` is the ticket it names); False when it is none of them."""
    intent = heard.intent
    if intent == "personnel":
        talk.say(PERSONNEL.get(heard.referral or "", "refer.personnel"))
    elif intent == "other" and heard.referral == "appeal":
        talk.say("refer.lawsuit")
    elif intent == "citizen":
        talk.expect_draft(REFERRED, talk.message.text)
        talk.say("refer.citizen", below=buttons([("button.cadre", payload("cadre", ""))]))
    elif intent == "human":
        ask_human(talk)
    elif intent == "retaliation":
        revenge.report(talk, named or revenge.likely(talk))
    elif intent == "identity_probe":
        revenge.hear_identity_probe(talk, named or revenge.likely(talk))
    elif intent == "delete":
        ask_erase(talk)
    elif intent in STAFF_SEE:
        ask_staff(talk, TOLD[intent], STAFF_SEE[intent])
    elif intent in TOLD:
        talk.say(TOLD[intent])
    else:
        return False
    return True


def ask_staff(talk: Talk, key: str, reason: str) -> None:
    """Answer, and let staff see it: what the bot cannot do alone."""
    talk.say(key)
    request(talk.uow, talk.house, talk.person.pseudonym, reason, talk.now)


def keep_safe(talk: Talk, heard: Understanding) -> bool:
    """Emergency and distress come before everything: numbers first, a person is alerted, nothing is filed."""
    if heard.intent not in ("emergency", "distress"):
        return False
    talk.expect(heard.intent)
    talk.say(f"refer.{heard.intent}")
    request(talk.uow, talk.house, talk.person.pseudonym, heard.intent, talk.now)
    return True


def stay_near(talk: Talk, danger: str) -> None:
    """What is said next after danger is an answer to us, not a form: care again, then briefly; the alert stays."""
    again = "again" in (talk.conversation.expecting or {})
    talk.expect(danger, again=True)
    talk.say("care.still" if again and danger == "distress" else f"care.{danger}")


def ask_human(talk: Talk) -> None:
    """「人工」: a row that staff see, and an honest word about when."""
    new = request(talk.uow, talk.house, talk.person.pseudonym, "asked", talk.now, talk.open_ticket())
    if on_duty(talk.uow, talk.house, talk.now):
        talk.say("human.on_duty" if new else "human.again")
    else:
        since = say_next_duty(talk.uow, talk.house, talk.now)
        talk.say("human.off_duty" if new else "human.again_later", since=since)


def not_understood(talk: Talk) -> None:
    """Neither complaint nor anything else we know: never dropped, and after two such turns a person is offered."""
    talk.conversation.misunderstood += 1
    talk.expect_draft(OFFERED, talk.message.text, join=True)
    submit = ("button.submit", payload("submit", ""))
    if talk.conversation.misunderstood >= 2:
        talk.say("human.offer", below=buttons([submit, ("button.human", payload("human", ""))]))
        return
    talk.say("other.not_understood", below=buttons([submit]))
