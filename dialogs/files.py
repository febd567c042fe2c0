"""Files and voice notes: the original goes sealed into the vault, the person gets a receipt, staff listen."""

from dataclasses import replace
from datetime import timedelta

from dialogs import flood, service
from dialogs.commands import command_in_front, read_command
from dialogs.doubts import without_guesses
from dialogs.guard import DANGER, guard
from dialogs.incoming import Incoming, Upload
from dialogs.intents import by_intent
from dialogs.matters import another_matter
from dialogs.secrecy import is_marked_file
from dialogs.talk import Talk
from nlu.understanding import Understanding
from storage.models import Attachment, Ticket
from storage.tickets import messages
from tickets import drafts
from tickets.drafts import OFFERED, SHORT
from tickets.intake import Filed, file_ticket
from tickets.moving import note
from tickets.progress import OPEN_STATES
from tickets.receipt import read_receipt
from tickets.receipts import give_receipt
from tickets.uploads import Examined, examine

MOST_BYTES = 20 * 1024 * 1024  # what the narrowest channel carries
BELONGS = timedelta(minutes=10)  # a file this soon after the words is about the same thing


def receive_file(talk: Talk, upload: Upload) -> None:
    """Keep a file: safety first, then on the ticket or draft it belongs to, else as a ticket of its own."""
    if upload.too_large or len(upload.content) > MOST_BYTES:
        talk.say("other.file_too_large", limit=MOST_BYTES // (1024 * 1024))
        return
    if is_marked_file(upload.name, upload.caption):
        talk.message.text = ""
        talk.say("other.secret")
        return
    examined = upload.examined or examine(upload.content)
    upload = replace(upload, examined=examined)
    caption = talk.message.text.strip()
    heard = talk.house.ears.parse(caption, talk.now) if caption else None
    if heard is not None and guard(talk, heard):
        if heard.intent in DANGER:
            _seal(talk, upload)  # theirs, for whoever takes care of them; no ticket comes of it
        return
    if examined.kind is None or examined.too_large:
        _refuse(talk, examined, heard)
        return
    ticket = _belongs_to(talk, caption, heard)
    if ticket is not None:
        _add(talk, ticket, upload, caption)
    else:
        _file(talk, upload, caption, heard)


def examine_first(incoming: Incoming) -> Incoming:
    """Judge and clean a file before the turn's transaction begins."""
    upload = incoming.upload
    if upload is None or upload.too_large or len(upload.content) > MOST_BYTES:
        return incoming
    return replace(incoming, upload=replace(upload, examined=examine(upload.content)))


def _refuse(talk: Talk, examined: Examined, heard: Understanding | None) -> None:
    """The file is not kept; the words beside it count all the same."""
    if examined.kind is not None:
        talk.say("other.file_too_large", limit=examined.kind.most_bytes // (1024 * 1024))
    else:
        talk.say("other.file_kind")
    if heard is not None:
        by_intent(talk, without_guesses(heard), None)


def attach(talk: Talk, ticket: Ticket, upload: Upload) -> None:
    """Seal the original (name included) and the copy without metadata; note that the ticket has them."""
    examined = upload.examined or examine(upload.content)
    entry, kind = _seal(talk, upload), examined.kind.group if examined.kind else "document"
    talk.uow.session.add(Attachment(
        ticket_id=ticket.id or 0, vault_entry_id=entry, kind=kind, size=len(upload.content), at=talk.now,
        cleaned_entry_id=_seal_copy(talk, examined), media_type=examined.cleaned_type or _media_type(examined),
    ))  # fmt: skip
    talk.message.ticket_id = ticket.id
    note(talk.uow, ticket, "attach", talk.actor, talk.now, kind=kind, size=len(upload.content))


def _seal(talk: Talk, upload: Upload) -> int:
    vault, session, person = talk.uow.vault, talk.uow.session, talk.person.pseudonym
    entry = vault.put(session, person, "file", upload.content, talk.now)
    vault.put(session, person, f"file_name:{entry.id}", upload.name.encode(), talk.now)
    return entry.id or 0


def _seal_copy(talk: Talk, examined: Examined) -> int | None:
    if examined.cleaned is None:
        return None
    return talk.uow.vault.put(
        talk.uow.session, talk.person.pseudonym, "file_clean", examined.cleaned, talk.now
    ).id  # fmt: skip


def _media_type(examined: Examined) -> str | None:
    return examined.kind.media_type if examined.kind else None


def _belongs_to(talk: Talk, caption: str, heard: Understanding | None) -> Ticket | None:
    """The ticket named, asked about, said to be added to, or spoken of in the last minutes."""
    named = talk.own_ticket(read_receipt(caption).value or "")
    if named is not None:
        return named
    newest = talk.open_ticket()
    if newest is not None and heard is not None and another_matter(newest, heard, caption):
        return None
    asked = talk.own_ticket((talk.expecting() or {}).get("receipt", ""))
    if asked is not None and asked.state in OPEN_STATES:
        return asked
    if newest is None or _adds(caption):
        return newest
    last = [message.at for message in messages(talk.uow, newest.id or 0)]
    waiting = talk.draft(SHORT, OFFERED)
    return newest if waiting is None and last and talk.now - max(last) <= BELONGS else None


def _adds(caption: str) -> bool:
    in_front = command_in_front(caption)
    return "supplement" in (read_command(caption), in_front[0] if in_front else None)


def _add(talk: Talk, ticket: Ticket, upload: Upload, caption: str) -> None:
    if caption:
        attach(talk, ticket, upload)
        service.supplement(talk, ticket)
        return
    attach(talk, ticket, upload)
    if not flood.floods(talk):
        talk.say("supplement.noted", ticket=ticket, receipt=ticket.receipt)


def _file(talk: Talk, upload: Upload, caption: str, heard: Understanding | None) -> None:
    """A ticket of its own; a short message that waits for more has found it now."""
    draft = talk.draft(SHORT, OFFERED)
    words = "\n".join(filter(None, (draft["text"] if draft else "", caption)))
    filed = file_ticket(talk.uow, talk.house, talk.person, words, heard, talk.now)
    if draft is not None:
        drafts.bind(talk.uow, draft, filed.ticket)
        talk.settle(draft)
    attach(talk, filed.ticket, upload)
    shown = Filed(filed.ticket, filed.claim, ())
    give_receipt(talk.uow, talk.house, shown, talk.now, key="receipt.file", reply_to=talk.incoming.key)
