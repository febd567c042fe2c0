"""A complaint: file it, give the receipt in the same reply, let class buttons and questions ride below."""

import re
from typing import Any

from dialogs import bursts, flood
from dialogs.matters import as_complaint, said_before, same_words
from dialogs.talk import Talk
from dialogs.townships import ask_township
from nlu.understanding import Understanding
from storage import outbox
from storage.models import Ticket
from texts.dates import say_moment
from tickets import drafts, intake, progress
from tickets.drafts import OFFERED, SHORT, UNCLEAR, Draft
from tickets.intake import Filed
from tickets.notices import buttons, payload
from tickets.receipts import give_receipt

SHORT_CHARACTERS = 6
BURDEN = re.compile(
    "表(?!扬|示|态|现|达)|开会|会议|例会|检查|考核|证明|盖章|公章|打卡|台账|拍照|照片|调研|签到|迎检|加码|留痕|材料|资料|报送|学时|积分|督查"
)


def file_complaint(
    talk: Talk, words: str, heard: Understanding | None, *, draft: Draft | None = None, ask: bool = True
) -> Filed:
    """Open a ticket for what was said (a draft and now, or now alone) and answer with its receipt."""
    filed = intake.file_ticket(talk.uow, talk.house, talk.person, words, heard, talk.now)
    if draft is not None:
        drafts.bind(talk.uow, draft, filed.ticket)
        talk.settle(draft)
    else:
        talk.message.ticket_id = filed.ticket.id
    talk.conversation.misunderstood = 0
    if ask:
        talk.forget()
    riding = _riding(talk, filed, heard) if ask else {}
    give_receipt(talk.uow, talk.house, filed, talk.now, reply_to=talk.incoming.key, **riding)
    return filed


def hear_complaint(talk: Talk, heard: Understanding, words: str | None = None) -> None:
    """What a complaint means here: part of a burst, a repetition, an unclear addition, or a new ticket."""
    said = words or talk.message.text
    recent = bursts.burst_ticket(talk, heard) if words is None else None
    if tell_again(talk, said):
        return
    if recent is not None:
        bursts.join_burst(talk, recent)
    elif flood.had_enough(talk):
        pass
    elif _too_short(said, heard):
        ask_short(talk, said)
    elif heard.outcome == "unsure" and words is None and (waiting := talk.open_ticket()) is not None:
        ask_same_or_new(talk, waiting)
    else:
        file_complaint(talk, said, heard)


def tell_again(talk: Talk, words: str) -> bool:
    """The same words once more: say where they are instead of filing or joining them twice."""
    same = said_before(talk, words)
    if same is None:
        return False
    talk.message.ticket_id = same.id
    talk.say(
        "again_same", ticket=same, receipt=same.receipt, state=progress.state_words(talk.house, same),
        next=progress.next_words(talk.house, same),
    )  # fmt: skip
    return True


def ask_short(talk: Talk, words: str | None = None) -> None:
    """One question about a message too short to act on; after ten minutes it is filed as it is."""
    said = words or talk.message.text
    waiting = talk.draft(SHORT)
    if waiting is None or not same_words(waiting["text"], said):
        talk.expect_draft(SHORT, said)
    talk.say("ask.short", below=buttons([("button.submit", payload("submit", ""))]))


def ask_same_or_new(talk: Talk, ticket: Ticket) -> None:
    """An unclear message while a ticket is open: the same matter or another one?"""
    talk.expect_draft(UNCLEAR, talk.message.text, join=True, receipt=ticket.receipt)
    talk.say(
        "ask.same_or_new", ticket=ticket, receipt=ticket.receipt, class_name=talk.house.class_name(ticket.label),
        below=buttons([("button.same", payload("same", ticket.receipt)), ("button.new", payload("new", ""))]),
    )  # fmt: skip


def submit_draft(talk: Talk) -> bool:
    """「直接提交」: file the waiting message as it is; False when none waits."""
    draft = talk.draft(SHORT, OFFERED)
    if draft is None:
        return False
    talk.conversation.misunderstood = 0
    filed = drafts.file_draft(talk.uow, talk.house, talk.conversation, draft, talk.now)
    give_receipt(talk.uow, talk.house, filed, talk.now, reply_to=talk.incoming.key)
    return True


def complete_draft(talk: Talk, draft: Draft) -> None:
    """The answer to 「再说一句」: both messages become one ticket."""
    words = f"{draft['text']}\n{talk.message.text}"
    heard = talk.house.ears.parse(words.replace("\n", "，"), talk.now)
    filed = file_complaint(talk, words, as_complaint(talk.house, heard), draft=draft)
    talk.message.ticket_id = filed.ticket.id


def split_parts(talk: Talk, ticket: Ticket) -> None:
    """「分开受理」: every further complaint of the message becomes a ticket of its own."""
    heard = talk.house.ears.parse(ticket.words, talk.now)
    already = ticket.slots.get("split", False)
    for part in () if already else heard.parts[1:]:
        filed = intake.file_ticket(
            talk.uow, talk.house, talk.person, part, talk.house.ears.parse(part, talk.now), talk.now
        )
        outbox.put(
            talk.uow, talk.person.pseudonym, talk.person.channel, "answered.split", talk.now,
            params={"receipt": filed.ticket.receipt, "class_name": talk.house.class_name(filed.ticket.label),
                    "review": say_moment(filed.ticket.review_due, filed.ticket.provisional)},
            secrets={"claim": filed.claim}, reply_to=talk.incoming.key, ticket_id=filed.ticket.id,
        )  # fmt: skip
    if already or len(heard.parts) < 2:
        talk.say("other.old_button")
    ticket.slots = {**ticket.slots, "split": True}


def _riding(talk: Talk, filed: Filed, heard: Understanding | None) -> dict[str, Any]:
    """What rides below a receipt: split offer, class buttons or the first question."""
    receipt = filed.ticket.receipt
    if heard is None:
        return {}
    if len(heard.parts) > 1:
        below = buttons([("button.split", payload("split", receipt))])
        return {"then": {"key": "ask.parts", "params": {"count": len(heard.parts)}}, "below": below}
    if heard.outcome == "close" and len(heard.scores) > 1:
        talk.expect("class", receipt=receipt, questions=list(filed.questions))
        return {"then": {"key": "ask.class", "params": {}}, "below": class_buttons(talk, receipt, heard)}
    if filed.questions:
        return ask_question(talk, receipt, list(filed.questions))
    return ask_township(talk)


def class_buttons(talk: Talk, receipt: str, heard: Understanding) -> outbox.Buttons:
    """The two likeliest classes and 「都不是」."""
    best = sorted(heard.scores, key=lambda code: -heard.scores[code])[:2]
    rows = [[{"label": talk.house.class_name(code), "payload": payload("class", receipt, code)}] for code in best]
    return [*rows, *buttons([("button.neither", payload("class", receipt, "none"))])]


def ask_question(talk: Talk, receipt: str, left: list[str]) -> dict[str, Any]:
    """The next question as something that rides below, with its skip button."""
    talk.expect("question", receipt=receipt, questions=left)
    params = {"left": len(left), "question": left[0]}
    return {
        "then": {"key": "ask.question", "params": params},
        "below": buttons([("button.skip", payload("skip", receipt, str(len(left))))]),
    }


def names_a_burden(text: str) -> bool:
    """A word or two that name a burden (填表, 开会): too short to act on, but surely no greeting."""
    bare = text.strip()
    return len(bare) < SHORT_CHARACTERS and BURDEN.search(bare) is not None


def _too_short(words: str, heard: Understanding) -> bool:
    bare = len(words.strip())
    nothing_named = not heard.units and heard.object is None
    return bare < SHORT_CHARACTERS or (heard.outcome == "unsure" and nothing_named and bare <= SHORT_CHARACTERS + 2)
