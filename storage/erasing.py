"""Deleting for good: rows of a person or ticket in every table, and their bytes in the database files."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, or_, update
from sqlmodel import SQLModel, col, select

from storage.database import Database
from storage.models import Attachment, Conversation, Message, Outbox, SpecialCase, Tombstone, VaultEntry
from storage.moment import Moment
from storage.unit_of_work import UnitOfWork


def vault_entries(uow: UnitOfWork, person: str, keep: set[int]) -> int:
    """Delete everything the vault holds of a person but for some entries; gives how many went."""
    query = delete(VaultEntry).where(col(VaultEntry.person) == person)
    return uow.session.exec(query.where(col(VaultEntry.id).not_in(keep)) if keep else query).rowcount


def vault_entry(uow: UnitOfWork, number: int) -> int:
    """Delete one entry and the file name that belongs to it."""
    named = col(VaultEntry.kind) == f"file_name:{number}"
    return uow.session.exec(delete(VaultEntry).where((col(VaultEntry.id) == number) | named)).rowcount


def original_words(uow: UnitOfWork, person: str, moments: list[datetime]) -> int:
    """Delete unmasked originals of messages: they carry the moment of their message."""
    query = delete(VaultEntry).where(col(VaultEntry.person) == person, col(VaultEntry.kind) == "words")
    return uow.session.exec(query.where(col(VaultEntry.created_at).in_(moments))).rowcount if moments else 0


def attachments_of(uow: UnitOfWork, tickets: list[int]) -> list[Attachment]:
    """The files of some tickets."""
    return list(uow.session.exec(select(Attachment).where(col(Attachment.ticket_id).in_(tickets))))


def blank_messages(uow: UnitOfWork, person: str, ticket_id: int | None) -> int:
    """Erase the words of a person's messages on one ticket, or on none; that something was said stays."""
    on = col(Message.ticket_id) == ticket_id if ticket_id is not None else col(Message.ticket_id).is_(None)
    wanted = (col(Message.person) == person, on, col(Message.text) != "", not_in_open_case())
    return uow.session.exec(update(Message).where(*wanted).values(text="")).rowcount


def not_in_open_case() -> ColumnElement[bool]:
    """Not said to the special desk, or its case has ended: who is in danger needs somebody who knows why."""
    still_open = select(SpecialCase.id).where(col(SpecialCase.closed_at).is_(None))
    return or_(col(Message.case_id).is_(None), col(Message.case_id).not_in(still_open))


def forget_expected(uow: UnitOfWork, person: str) -> None:
    """Drafts and open questions of a person are gone."""
    uow.session.exec(update(Conversation).where(col(Conversation.person) == person).values(expecting=None))


def told(uow: UnitOfWork, person: str, ticket_id: int | None, but: set[int]) -> int:
    """Delete what was told to a person about one ticket, or about none."""
    on = col(Outbox.ticket_id) == ticket_id if ticket_id is not None else col(Outbox.ticket_id).is_(None)
    wanted = (col(Outbox.recipient) == person, on, col(Outbox.id).not_in(but))
    gone = select(Outbox.id).where(*wanted)
    uow.session.exec(update(Outbox).where(col(Outbox.edit_of).in_(gone)).values(edit_of=None))
    return uow.session.exec(delete(Outbox).where(*wanted)).rowcount


def replace_everywhere(uow: UnitOfWork, pieces: list[str], mark: str, person: str, ticket_id: int) -> int:
    """Replace pieces of text in every row of a person or ticket, whatever the table; gives how many rows changed."""
    return sum(
        _replace_in(uow, table, row, pieces, mark)
        for table in SQLModel.metadata.sorted_tables
        for row in _rows_of(uow, table, person, ticket_id)
    )


def _rows_of(uow: UnitOfWork, table: Table, person: str, ticket_id: int) -> list[Any]:
    """Rows that belong to a ticket or to its person, found by the names of their columns."""
    columns = table.columns
    wanted = [columns[name] == person for name in ("person", "recipient", "pseudonym") if name in columns]
    wanted += [columns["ticket_id"] == ticket_id] if "ticket_id" in columns else []
    wanted += [columns["id"] == ticket_id] if table.name == "ticket" else []
    if not wanted or table.name == VaultEntry.__tablename__:
        return []
    return list(uow.session.execute(table.select().where(or_(*wanted))).mappings())


def _replace_in(uow: UnitOfWork, table: Table, row: Any, pieces: list[str], mark: str) -> int:
    fresh = {}
    for column in table.columns:
        value = row[column.name]
        if column.primary_key or isinstance(column.type, Moment) or isinstance(value, bytes | int | float):
            continue
        if (replaced := _replaced(value, pieces, mark)) != value:
            fresh[column.name] = replaced
    if not fresh:
        return 0
    key = [column == row[column.name] for column in table.primary_key.columns]
    uow.session.execute(update(table).where(*key).values(fresh))
    return 1


def _replaced(value: Any, pieces: list[str], mark: str) -> Any:
    if isinstance(value, dict):
        return {_replaced(name, pieces, mark): _replaced(each, pieces, mark) for name, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, pieces, mark) for each in value]
    if isinstance(value, str):
        for piece in pieces:
            value = value.replace(piece, mark)
    return value


def bury(
    uow: UnitOfWork, what: str, subject: str, role: str, actor: str, why: str, now: datetime, **counts: int
) -> Tombstone:
    """Put up a tombstone: what was erased, who, when, why, how much."""
    stone = Tombstone(what=what, subject=subject, role=role, actor=actor, why=why, at=now, counts=counts)
    uow.session.add(stone)
    return stone


def scrub(database: Database, now: datetime) -> int:
    """Drive erased bytes out of the database files; gives how many tombstones were waiting for it.

    SQLite is rewritten and its log cut; PostgreSQL hands the space back for writing over. While a reader still needs
    the log nothing is marked, and the next call tries again.
    """
    with database.reading() as uow:
        waiting = list(uow.session.exec(select(Tombstone.id).where(col(Tombstone.scrubbed_at).is_(None))))
    if not waiting:
        return 0
    database.command("VACUUM")
    if database.engine.dialect.name == "sqlite" and database.command("PRAGMA wal_checkpoint(TRUNCATE)")[0]:
        return 0
    done = update(Tombstone).where(col(Tombstone.id).in_(waiting)).values(scrubbed_at=now)
    database.run(lambda uow: uow.session.exec(done))
    return len(waiting)
