"""A filed ticket and the people around it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlmodel import col, select

from storage.database import Database
from storage.models import Staff, StaffRole, Ticket, Unit
from storage.people import find_or_make
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE
from tickets import checking, intake, review, unit_work
from tickets.house import House
from tickets.moving import Actor, complainant, load
from tickets.workflow import Role

TEXT = "民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表我们村填了三回"
PARAPHRASE = "有同志反映，三家单位分别要求基层报送留守儿童信息，望合并"
UNIT = "青岚市民政局"


@dataclass
class Case:
    """One ticket in a real database, and everybody who may act on it."""

    database: Database
    house: House
    now: datetime = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)

    def file(self, text: str = TEXT, intake_by: Actor | None = None) -> int:
        def work(uow: UnitOfWork) -> int:
            person = find_or_make(uow, "web", "phone-1", self.now)
            heard = self.house.ears.parse(text, self.now)
            return intake.file_ticket(uow, self.house, person, text, heard, self.now, intake_by).ticket.id or 0

        return self.database.run(work)

    def do(self, work: Callable[[UnitOfWork, Ticket], object], ticket_id: int = 1) -> None:
        self.database.run(lambda uow: work(uow, load(uow, ticket_id)))

    def ticket(self, ticket_id: int = 1) -> Ticket:
        with self.database.reading() as uow:
            return uow.session.get_one(Ticket, ticket_id)

    def actor(self, role: Role, which: int = 0, unit: str = UNIT) -> Actor:
        with self.database.reading() as uow:
            if role is Role.COMPLAINANT:
                return complainant(self.ticket().person)
            query = select(Staff).join(StaffRole).where(StaffRole.role == role.value)
            if role in (Role.CONTACT, Role.APPROVER):
                query = query.join(Unit).where(Unit.name == unit)
            staff = uow.session.exec(query.order_by(col(Staff.id))).all()[which]
            return Actor(role, str(staff.id), staff.unit_code)

    def code(self, unit: str = UNIT) -> str:
        with self.database.reading() as uow:
            return uow.session.exec(select(Unit.code).where(Unit.name == unit)).one()

    def assign(self) -> None:
        lead, code = self.actor(Role.LEAD), self.code()
        self.do(lambda uow, t: review.approve(uow, self.house, t, lead, PARAPHRASE, code, "全市", self.now))

    def sign(self) -> None:
        contact = self.actor(Role.CONTACT)
        self.do(lambda uow, t: unit_work.sign(uow, self.house, t, contact, self.now))

    def answer(self) -> None:
        contact, approver = self.actor(Role.CONTACT), self.actor(Role.APPROVER)
        fields = unit_work.Fields("属实", "合用一张表", "12月1日前", "会商纪要")
        self.do(lambda uow, t: unit_work.draft_answer(uow, t, contact, fields, self.now))
        self.do(lambda uow, t: unit_work.release_answer(uow, self.house, t, approver, self.now))

    def passed(self, which: int = 0) -> None:
        operator = self.actor(Role.OPERATOR, which)
        self.do(lambda uow, t: checking.pass_answer(uow, self.house, t, operator, "合用一张表", self.now))

    def to_rating(self) -> None:
        self.file()
        self.assign()
        self.sign()
        self.answer()
        self.passed()


@pytest.fixture
def case(database: Database, house: House) -> Case:
    return Case(database, house)


@pytest.fixture(params=["sqlite", "postgres"])
def backend(request: pytest.FixtureRequest) -> str:
    """These tests run on both databases."""
    found: str = request.param
    return found
