"""Files and voice notes: the original goes sealed into the vault, the person gets a receipt, staff listen."""

from dialogs.incoming import Upload
from dialogs.talk import Talk
from storage.models import Attachment, Ticket
from tickets.intake import Filed, file_ticket
from tickets.masking import mask
from tickets.moving import note
from tickets.receipts import give_receipt

MOST_BYTES = 20 * 1024 * 1024  # what the narrowest channel carries
SECRET_MARKS = ("绝密", "机密★", "机密", "秘密★", "内部文件", "内部资料", "注意保存")


def receive_file(talk: Talk, upload: Upload) -> None:
    """Keep a file: on the open complaint of the last minutes, else as a ticket of class 待定."""
    if upload.too_large or len(upload.content) > MOST_BYTES:
        talk.say("other.file_too_large", limit=MOST_BYTES // (1024 * 1024))
        return
    if is_secret(f"{upload.name} {upload.caption}"):
        talk.message.text = ""
        talk.say("other.secret")
        return
    waiting = talk.expecting() or {}
    ticket = talk.own_ticket(waiting["receipt"]) if waiting.get("receipt") else None
    if ticket is not None:
        attach(talk, ticket, upload)
        talk.say("supplement.noted", ticket=ticket, receipt=ticket.receipt)
        return
    filed = _file(talk, upload)
    attach(talk, filed.ticket, upload)
    give_receipt(talk.uow, talk.house, filed, talk.now, key="receipt.file", reply_to=talk.incoming.key)


def attach(talk: Talk, ticket: Ticket, upload: Upload) -> None:
    """Seal the original (name included) and note that the ticket has it."""
    entry = talk.uow.vault.put(talk.uow.session, talk.person.pseudonym, "file", upload.content, talk.now)
    talk.uow.vault.put(talk.uow.session, talk.person.pseudonym, f"file_name:{entry.id}", upload.name.encode(), talk.now)
    talk.uow.session.add(Attachment(
        ticket_id=ticket.id or 0, vault_entry_id=entry.id or 0, kind=_kind(upload.media_type),
        size=len(upload.content), at=talk.now,
    ))  # fmt: skip
    talk.message.ticket_id = ticket.id
    note(talk.uow, ticket, "attach", talk.actor, talk.now, kind=_kind(upload.media_type), size=len(upload.content))


def is_secret(text: str) -> bool:
    """A secrecy mark in a text, caption or file name (domain §7.1)."""
    return any(mark in text for mark in SECRET_MARKS)


def _file(talk: Talk, upload: Upload) -> Filed:
    caption = mask(upload.caption).text
    heard = talk.house.ears.parse(caption, talk.now) if caption.strip() else None
    filed = file_ticket(talk.uow, talk.house, talk.person, caption, heard, talk.now)
    return Filed(filed.ticket, filed.claim, ())


def _kind(media_type: str) -> str:
    return {"audio": "voice", "image": "image", "video": "video"}.get(media_type.partition("/")[0], "document")
