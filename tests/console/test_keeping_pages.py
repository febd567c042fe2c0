"""Audit log, health and files at the desk: who may see what, and that every look leaves a row."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from console.border import commit
from console.case_data import open_sheet
from console.keeping_pages import add_routes
from console.purging import Piece, pieces, purge_piece
from console.queue_data import read_noted, take_request
from console.staff import acting
from console.staff_actions import Hand
from console.ticket_data import open_ticket
from dialogs.engine import turn
from dialogs.incoming import Incoming, Upload
from storage.models import Attachment, Audit, HumanRequest, Ticket, VaultEntry
from storage.unit_of_work import UnitOfWork
from tests.fakes.files import picture, samples
from tickets import cases, human
from tickets.audience import in_sample
from tickets.errors import NotAllowedError
from tickets.workflow import Role


@pytest.fixture
async def client(world: Any) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_routes(app, world.desk)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as found:
        yield found


def sign_in(client: httpx.AsyncClient, world: Any, login: str, role: Role) -> None:
    name, value = world.cookie(login, role)
    client.cookies.set(name, value)


def send(world: Any, upload: Upload, key: str = "f1") -> None:
    incoming = Incoming("web", "a1", key, world.now, "file", upload.caption, upload=upload)
    world.run(lambda uow: turn(uow, world.house, incoming))


def audited(world: Any) -> list[tuple[str, str | None, str | None]]:
    return world.run(lambda uow: [(row.action, row.subject, row.level) for row in uow.session.exec(select(Audit))])


async def test_a_file_is_shown_without_metadata_and_the_read_is_noted(client: httpx.AsyncClient, world: Any) -> None:
    send(world, Upload("欧阳明镜.jpg", "image/jpeg", picture("JPEG", "OuyangMingjing")))
    sign_in(client, world, "op1", Role.OPERATOR)
    answer = await client.get("/desk/file/1")
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/jpeg"
    assert b"Ouyang" not in answer.content and "欧阳" not in str(answer.headers)
    assert "sandbox" in answer.headers["content-security-policy"] and answer.headers["cache-control"] == "no-store"
    assert ("read_file", "attachment:1", "L3") in audited(world)


async def test_an_original_is_a_read_of_identity(client: httpx.AsyncClient, world: Any) -> None:
    send(world, Upload("语音.ogg", "audio/ogg", samples()["audio/ogg"]))
    sign_in(client, world, "lead1", Role.LEAD)
    answer = await client.get("/desk/file/1")
    assert answer.content == samples()["audio/ogg"] and answer.headers["content-disposition"].startswith("attachment")
    assert ("read_file", "attachment:1", "L4") in audited(world)


@pytest.mark.parametrize(
    ("login", "role", "path"),
    [("sup1", Role.SUPERVISOR, "/desk/file/1"), ("admin1", Role.ADMIN, "/desk/file/1"),
     ("audit1", Role.AUDITOR, "/desk/file/1"), ("op1", Role.OPERATOR, "/desk/audit"),
     ("lead1", Role.LEAD, "/desk/audit"), ("admin1", Role.ADMIN, "/desk/audit"),
     ("op1", Role.OPERATOR, "/desk/health"), ("audit1", Role.AUDITOR, "/desk/health")],
)  # fmt: skip
async def test_the_wrong_role_is_denied_and_noted(
    client: httpx.AsyncClient, world: Any, login: str, role: Role, path: str
) -> None:
    send(world, Upload("图.jpg", "image/jpeg", picture("JPEG")))
    sign_in(client, world, login, role)
    assert (await client.get(path)).status_code == 403
    assert ("denied", path, None) in audited(world)


async def test_nobody_gets_anything_without_a_session(client: httpx.AsyncClient) -> None:
    for path in ("/desk/file/1", "/desk/audit", "/desk/health"):
        assert (await client.get(path)).status_code == 401


async def test_a_file_that_is_gone(client: httpx.AsyncClient, world: Any) -> None:
    sign_in(client, world, "op1", Role.OPERATOR)
    assert (await client.get("/desk/file/99")).status_code == 404


async def test_the_auditor_reads_who_did_what_masked(client: httpx.AsyncClient, world: Any, planted: Any) -> None:
    ticket_id = world.assigned()
    open_ticket(world.desk, world.staff("op1"), Role.OPERATOR, ticket_id)
    person = world.ticket(ticket_id).person
    sign_in(client, world, "audit1", Role.AUDITOR)
    page = (await client.get("/desk/audit")).text
    assert "查看原话" in page and "坐席一" in page and "交办" in page and f"ticket:{ticket_id}" in page
    assert planted.words not in page and planted.paraphrase not in page
    assert person not in page and person[:4] in page and world.ticket(ticket_id).receipt not in page
    assert ("read_audit", None, None) in audited(world)


async def test_the_administrator_sees_counts_only(client: httpx.AsyncClient, world: Any, planted: Any) -> None:
    world.assigned()
    sign_in(client, world, "admin1", Role.ADMIN)
    page = (await client.get("/desk/health")).text
    assert "待发消息" in page and "待封存的审计记录" in page
    assert planted.words not in page and planted.paraphrase not in page and "JF-" not in page


def test_reading_words_leaves_a_row_a_supervisor_reads_none(world: Any) -> None:
    ticket_id = world.file()
    open_ticket(world.desk, world.staff("op1"), Role.OPERATOR, ticket_id)
    assert audited(world)[-1] == ("read_words", f"ticket:{ticket_id}", "L3")
    before = len(audited(world))
    sheet = open_ticket(world.desk, world.staff("sup1"), Role.SUPERVISOR, ticket_id)
    assert len(audited(world)) == before and sheet.pieces == ()
    with pytest.raises(NotAllowedError):
        open_ticket(world.desk, world.staff("admin1"), Role.ADMIN, ticket_id)


def test_reading_a_talk_leaves_a_row(world: Any) -> None:
    ticket_id = world.file()
    person, operator = world.ticket(ticket_id).person, world.staff("op1")
    world.run(lambda uow: human.request(uow, world.house, person, "asked", world.now))
    request = world.run(lambda uow: uow.session.exec(select(HumanRequest.id)).one())
    world.run(lambda uow: take_request(uow, world.desk, operator, Role.OPERATOR, request))
    assert read_noted(world.desk, operator, Role.OPERATOR, request)
    assert audited(world)[-1] == ("read_talk", f"person:{person}", "L3")


def shown(world: Any, ticket_id: int) -> tuple[Piece, ...]:
    operator = world.staff("op1")

    def read(uow: UnitOfWork) -> tuple[Piece, ...]:
        actor = acting(uow, operator, Role.OPERATOR)
        return pieces(uow, world.house, uow.session.get_one(Ticket, ticket_id), actor)

    found: tuple[Piece, ...] = world.run(read)
    return found


def test_one_key_purges_a_file_and_a_message(world: Any) -> None:
    ticket_id = world.file()
    send(world, Upload("机要.jpg", "image/jpeg", picture("JPEG")))
    ticket_id = world.run(lambda uow: uow.session.exec(select(Attachment.ticket_id)).one())
    found = shown(world, ticket_id)
    assert [piece.what for piece in found][:1] == ["attachment"]
    for piece in found:
        hand = Hand(world.staff("op1"), Role.OPERATOR, ticket_id, world.ticket(ticket_id).version)
        commit(
            world.desk, lambda uow, piece=piece, hand=hand: purge_piece(uow, world.desk, hand, piece.what, piece.number)
        )
    left = shown(world, ticket_id)
    assert [piece.gone for piece in left] == [True] and "已清除" in left[0].title
    assert world.run(lambda uow: [entry.kind for entry in uow.session.exec(select(VaultEntry))]) == ["chat:web"]
    assert world.run(lambda uow: uow.session.exec(select(Ticket.words)).first()) in ("", "〔已清除〕")


async def test_a_supervisor_reads_the_log_of_changes(client: httpx.AsyncClient, world: Any) -> None:
    ticket_id = world.assigned()
    open_ticket(world.desk, world.staff("op1"), Role.OPERATOR, ticket_id)
    sign_in(client, world, "sup1", Role.SUPERVISOR)
    page = (await client.get("/desk/audit")).text
    assert "交办" in page and "查看原话" not in page


def test_reading_a_case_leaves_a_row(world: Any) -> None:
    ticket_id = world.file()
    world.do(ticket_id, lambda uow, t: cases.open_case(
        uow, world.house, "retaliation", world.now, person=t.person, ticket=t))  # fmt: skip
    open_sheet(world.desk, world.staff("spec1"), 1)
    assert audited(world)[-1] == ("read_case", "case:1", "L3")


def test_an_auditor_sees_files_of_the_sample_but_removes_none(world: Any) -> None:
    ticket_id = world.file()
    send(world, Upload("图.jpg", "image/jpeg", picture("JPEG")))
    receipt = next(f"JF-{n:04d}" for n in range(500) if in_sample(Ticket(receipt=f"JF-{n:04d}")))
    world.do(ticket_id, lambda uow, t: setattr(t, "receipt", receipt))
    assert open_ticket(world.desk, world.staff("audit1"), Role.AUDITOR, ticket_id).view.words
    assert audited(world)[-1] == ("read_words", f"ticket:{ticket_id}", "L3")
    hand = Hand(world.staff("audit1"), Role.AUDITOR, ticket_id, world.ticket(ticket_id).version)
    with pytest.raises(NotAllowedError):
        commit(world.desk, lambda uow: purge_piece(uow, world.desk, hand, "message", 1))
