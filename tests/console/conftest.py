"""A desk on a scratch database with the sample city, and tickets at every step of the way."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random
from shutil import copytree
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import Response
from sqlmodel import select

from console import sessions
from console.desk import Desk
from nlu.taxonomy import load_taxonomy
from nlu.understanding import Understanding, Unit
from storage.city import load_city
from storage.database import Database, make_engine
from storage.migrate import migrate
from storage.models import Staff, Ticket
from storage.people import find_or_make, remember
from storage.tickets import assignment
from storage.vault import load_vault
from texts.catalogue import load_catalogue
from tickets import checking, review, unit_work
from tickets.calendar import load_calendar
from tickets.clock import Clock
from tickets.house import House
from tickets.intake import file_ticket
from tickets.moving import Actor
from tickets.unit_work import Fields
from tickets.workflow import Role

NOON = datetime(2026, 11, 25, 9, 47, tzinfo=ZoneInfo("Asia/Shanghai"))
WORDS = "民政局又要我们槐树坳村重报低保台账，台账系统里早就有了，今年第三回"
PARAPHRASE = "有同志反映，要求重复报送低保台账。"
FIELDS = Fields("属实", "停报纸质表", "12月5日前", "减负若干规定")


class FakeEars:
    """Hears everything as the same complaint."""

    def parse(self, text: str, at: datetime | None = None) -> Understanding:
        return Understanding(
            text=text, intent="complaint", label="repeat_reports", label2=None, subcode=None, outcome="sure",
            confidence=0.9, scores={"repeat_reports": 0.9}, units=(Unit("民政局", "青岚市民政局"),), object="低保台账",
            times=3, per="year", hours=None, deadline=None, parts=(), flags=("tired",), referral=None,
            why=("重报", "第三回"), engine="fake",
        )  # fmt: skip


class World:
    """The desk under test with its clock and short ways to bring a ticket somewhere."""

    def __init__(self, database: Database, house: House) -> None:
        self.now = NOON
        self.nudged: list[list[int]] = []
        self.database, self.house = database, house
        self.desk = Desk(database, house, "s" * 40, lambda: self.now, self.nudged.append, secure_cookies=False)

    def run(self, work: Callable[[Any], Any]) -> Any:
        return self.database.run(work)

    def staff(self, login: str) -> int:
        return self.run(lambda uow: uow.session.exec(select(Staff.id).where(Staff.login == login)).one())

    def actor(self, login: str, role: Role) -> Actor:
        unit = self.run(lambda uow: uow.session.get_one(Staff, self.staff_id(uow, login)).unit_code)
        return Actor(role, str(self.staff(login)), unit)

    @staticmethod
    def staff_id(uow: Any, login: str) -> int:
        return uow.session.exec(select(Staff.id).where(Staff.login == login)).one()

    def file(self, address: str = "a1", words: str = WORDS) -> int:
        def work(uow: Any) -> int:
            person = find_or_make(uow, "web", address, self.now)
            message = remember(uow, person.pseudonym, "web", f"m-{address}", words, "text", self.now)
            heard = self.house.ears.parse(words, self.now)
            ticket = file_ticket(uow, self.house, person, words, heard, self.now).ticket
            message.ticket_id = ticket.id
            return ticket.id or 0

        return self.run(work)

    def do(self, ticket_id: int, work: Callable[[Any, Ticket], Any]) -> Any:
        return self.run(lambda uow: work(uow, uow.session.get_one(Ticket, ticket_id)))

    def ticket(self, ticket_id: int) -> Ticket:
        return self.run(lambda uow: uow.session.get_one(Ticket, ticket_id))

    def assigned(self, address: str = "a1") -> int:
        ticket_id = self.file(address)
        lead = self.actor("lead1", Role.LEAD)
        self.do(ticket_id, lambda uow, ticket: review.approve(
            uow, self.house, ticket, lead, PARAPHRASE, "S023", "全市", self.now))  # fmt: skip
        return ticket_id

    def signed(self, address: str = "a1") -> int:
        ticket_id = self.assigned(address)
        contact = self.actor("s023c", Role.CONTACT)
        self.do(ticket_id, lambda uow, ticket: unit_work.sign(uow, self.house, ticket, contact, self.now))
        return ticket_id

    def answered(self, address: str = "a1") -> int:
        ticket_id = self.signed(address)
        contact, approver = self.actor("s023c", Role.CONTACT), self.actor("s023a", Role.APPROVER)
        self.do(ticket_id, lambda uow, ticket: unit_work.draft_answer(uow, ticket, contact, FIELDS, self.now))
        self.do(ticket_id, lambda uow, ticket: unit_work.release_answer(uow, self.house, ticket, approver, self.now))
        return ticket_id

    def rating(self, address: str = "a1") -> int:
        ticket_id = self.answered(address)
        lead = self.actor("lead1", Role.LEAD)
        self.do(ticket_id, lambda uow, ticket: checking.pass_answer(
            uow, self.house, ticket, lead, "不用再报纸质表", self.now))  # fmt: skip
        return ticket_id

    def cookie(self, login: str, role: Role) -> tuple[str, str]:
        """A signed-in browser's cookie: name and value."""

        def work(uow: Any) -> Any:
            return sessions.begin(uow, self.desk, self.staff_id(uow, login), role, "password", "Chrome · Linux")

        row, token = self.run(work)
        response = Response()
        sessions.set_cookie(response, self.desk, row, token)
        name = sessions.cookie_name(row.area)
        return name, SimpleCookie(response.headers["set-cookie"])[name].value

    def number(self, ticket_id: int) -> str:
        return self.run(lambda uow: assignment(uow, ticket_id).dispatch_number)

    def later(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@pytest.fixture(scope="session")
def fresh_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with the sample city and its key, to be copied."""
    folder = tmp_path_factory.mktemp("city")
    engine = make_engine(f"sqlite:///{folder}/desk.db")
    migrate(engine)
    Database(engine, load_vault(folder / "vault.key", create=True)).run(load_city)
    with engine.connect().execution_options(jianfu_reading=True) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder


@pytest.fixture
def world(tmp_path: Path, fresh_city: Path) -> Iterator[World]:
    copytree(fresh_city, tmp_path / "city")
    engine = make_engine(f"sqlite:///{tmp_path}/city/desk.db")
    database = Database(engine, load_vault(tmp_path / "city" / "vault.key", create=False))
    house = House(Clock(load_calendar()), FakeEars(), load_taxonomy(), load_catalogue(), draw=Random(5))
    yield World(database, house)
    engine.dispose()


@pytest.fixture
def planted() -> SimpleNamespace:
    return SimpleNamespace(words=WORDS, paraphrase=PARAPHRASE, fields=FIELDS)
