"""Secrecy purge: one key, and nothing of a file or message is left but a tombstone; the person is told what to do."""

from typing import Any

import pytest
from sqlmodel import select

from dialogs.engine import turn
from dialogs.incoming import Incoming, Upload
from storage.erasing import scrub
from storage.models import Attachment, Audit, Message, Outbox, Person, Tombstone, VaultEntry
from tests.fakes.files import picture
from tests.tickets.test_erasing import everywhere
from tickets.errors import NotAllowedError, UnknownTicketError
from tickets.purge import purge_file, purge_message
from tickets.workflow import Role

FIRST = "民政局一个月让我们填了三遍留守儿童表"
SECRET = "补充 文号甲乙丙第九号里写明七月撤编二十人，电话13812345678"
TRACES = ("甲乙丙第九号", "撤编二十人", "13812345678")


def say(case: Any, text: str, key: str, **more: Any) -> None:
    case.database.run(lambda uow: turn(uow, case.house, Incoming("web", "phone", key, case.now, text=text, **more)))


def message_with(case: Any, text: str) -> int:
    with case.database.reading() as uow:
        return next(row.id for row in uow.session.exec(select(Message)) if text in row.text)


def test_a_message_is_gone_everywhere(case: Any, tmp_path: Any, backend: str) -> None:
    say(case, FIRST, "k1")
    say(case, SECRET, "k2")
    case.do(lambda uow, ticket: setattr(ticket, "words", f"{ticket.words}\n{SECRET.replace('13812345678', '▇▇')}"))
    assert "甲乙丙第九号" in everywhere(case) and "13812345678" in everywhere(case)
    number, operator = message_with(case, "甲乙丙"), case.actor(Role.OPERATOR)
    case.do(lambda uow, ticket: purge_message(uow, case.house, ticket, number, operator, case.now))
    left = everywhere(case)
    assert not [trace for trace in TRACES if trace in left]
    assert "留守儿童表" in case.ticket().words
    with case.database.reading() as uow:
        stone = uow.session.exec(select(Tombstone)).one()
        assert (stone.what, stone.subject, stone.why, stone.actor) == (
            "message", f"message:{number}", "secrecy", operator.id,
        )  # fmt: skip
        assert uow.session.exec(select(Audit).where(Audit.action == "purge_message")).one()
        assert uow.session.exec(select(Outbox).where(Outbox.key == "purged.message")).one()
    if backend == "sqlite":
        scrub(case.database, case.now)
        for path in tmp_path.glob("test.db*"):
            assert not [trace for trace in TRACES if trace.encode() in path.read_bytes()], path.name


def test_a_draft_goes_too(case: Any) -> None:
    say(case, FIRST, "k1")
    say(case, SECRET, "k2")

    def keep_draft(uow: Any, ticket: Any) -> None:
        from storage.people import conversation

        conversation(uow, ticket.person).expecting = {"kind": "offered", "text": f"x {SECRET[3:26]}", "messages": []}
        uow.session.exec(select(Message).where(Message.key == "k2")).one().text = SECRET[3:26]

    case.do(keep_draft)
    number, lead = message_with(case, "甲乙丙"), case.actor(Role.LEAD)
    case.do(lambda uow, ticket: purge_message(uow, case.house, ticket, number, lead, case.now))
    assert "甲乙丙" not in everywhere(case)


def test_a_file_is_gone_with_its_name_and_copy(case: Any) -> None:
    say(case, "", "k1", kind="file", upload=Upload("撤编方案.jpg", "image/jpeg", picture("JPEG", "作者某")))
    operator = case.actor(Role.OPERATOR)
    case.do(lambda uow, ticket: purge_file(uow, case.house, ticket, 1, operator, case.now))
    with case.database.reading() as uow:
        assert [entry.kind for entry in uow.session.exec(select(VaultEntry))] == ["chat:web"]
        file = uow.session.exec(select(Attachment)).one()
        assert file.purged_at is not None and file.cleaned_entry_id is None
        assert uow.session.exec(select(Outbox).where(Outbox.key == "purged.file")).one()
    with pytest.raises(UnknownTicketError):
        case.do(lambda uow, ticket: purge_file(uow, case.house, ticket, 1, operator, case.now))


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMIN, Role.AUDITOR])
def test_only_those_who_read_words_may(case: Any, role: Role) -> None:
    say(case, FIRST, "k1")
    actor = case.actor(role)
    with pytest.raises(NotAllowedError):
        case.do(lambda uow, ticket: purge_message(uow, case.house, ticket, 1, actor, case.now))
    assert FIRST in case.ticket().words


def test_other_people_keep_theirs(case: Any) -> None:
    say(case, FIRST, "k1")
    other = Incoming("web", "other phone", "o1", case.now, text=FIRST)
    case.database.run(lambda uow: turn(uow, case.house, other))
    operator = case.actor(Role.OPERATOR)
    case.do(lambda uow, ticket: purge_message(uow, case.house, ticket, 1, operator, case.now))
    assert case.ticket(1).words == "〔已清除〕" and case.ticket(2).words == FIRST
    with case.database.reading() as uow:
        assert len(uow.session.exec(select(Person)).all()) == 2
