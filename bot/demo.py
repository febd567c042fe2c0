"""`make demo`: one whole ticket on a scratch database with its own clock, every message of all four sides."""

import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from sqlmodel import col, select

from bot.house import build, prepare
from bot.settings import Settings
from dialogs.engine import turn
from dialogs.incoming import Incoming
from storage.models import Assignment, Outbox, Staff, StaffRole, Ticket, Unit
from storage.outbox import parameters
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE, say_moment
from texts.render import render
from tickets import checking, review, unit_work
from tickets.moving import Actor
from tickets.tick import tick
from tickets.workflow import Role

COMPLAINT = "民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表我们村填了三回"
START = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
FIRST = unit_work.Fields("属实", "与残联、妇联共用一张表，本月起由民政统一要", "12月1日前", "部门会商纪要")
SECOND = unit_work.Fields("属实", "已发通知：各乡镇停填三张旧表，数据由民政从系统导出共享", "即日起", "三部门联合通知")
SIDES = {"unit": "承办单位", "role": "减负热线"}


class Stage:
    """A scratch house with a clock that only moves when the play says so."""

    def __init__(self, settings: Settings, folder: Path, console: Console) -> None:
        scratch = settings.model_copy(update={
            "database_url": "", "data_dir": folder, "model_dir": settings.models, "mode": "development",
            "release": "at_once", "vault_key_file": None,
        })  # fmt: skip
        plant = build(scratch, prepare(scratch))
        self.database, self.house, self.console = plant.database, plant.house, console
        self.now = START
        self._shown = 0

    def say(self, text: str, payload: str = "") -> None:
        """The complainant writes or taps."""
        self._print("反映人", f"〔{text}〕" if payload else text)
        incoming = Incoming(
            "web",
            "demo phone",
            f"demo/{self.now.isoformat()}",
            self.now,
            "button" if payload else "text",
            text,
            payload,
        )
        self.act(lambda uow: turn(uow, self.house, incoming))

    def act(self, work: Callable[[UnitOfWork], object], minutes: int = 1) -> None:
        """Do something, commit, print what everybody was told, let time pass."""
        self.database.run(work)
        self.show_news()
        self.now += timedelta(minutes=minutes)

    def pass_days(self, days: int) -> None:
        """Let days pass and the clock do what is due."""
        self.now += timedelta(days=days)
        self.act(lambda uow: tick(uow, self.house, self.now))

    def show_news(self) -> None:
        """Print outbox rows nobody has seen yet."""
        with self.database.reading() as uow:
            query = select(Outbox).where(col(Outbox.id) > self._shown).order_by(col(Outbox.id))
            for row in uow.session.exec(query):
                self._shown = row.id or 0
                shown = render(self.house.texts, row.key, parameters(uow, row), row.buttons)
                taps = " ".join(f"〔{button.label}〕" for line in shown.buttons for button in line)
                self._print(f"→ {SIDES.get(row.recipient.partition(':')[0], '反映人')}", f"{shown.text} {taps}".strip())

    def step(self, who: str, what: str) -> None:
        """A line about what somebody does."""
        self._print(who, f"（{what}）")

    def _print(self, who: str, what: str) -> None:
        self.console.print(f"{say_moment(self.now)}  {who}：{what}", markup=False, highlight=False)


def play(settings: Settings) -> None:
    """complaint → assign → answer → 没解决 → rework → 解决了 → closed."""
    console = Console(soft_wrap=True)
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(settings, Path(folder), console)
        stage.say(COMPLAINT)
        receipt = _ticket(stage).receipt
        _assign(stage)
        _answer(stage, FIRST, "三家共用一张表")
        stage.say("没解决", f"rate:{receipt}:unsolved")
        stage.say("表还是三家各要各的，只是换了个抬头")
        _answer(stage, SECOND, "三张旧表已停，数据共享")
        stage.say("解决了", f"rate:{receipt}:solved")
        stage.say("满意", f"sat:{receipt}:satisfied")
        stage.step("状态", stage.house.texts.say(f"state.{_ticket(stage).state}"))


def _assign(stage: Stage) -> None:
    stage.now += timedelta(minutes=30)
    paraphrase = "有同志反映，民政、残联、妇联分别要求基层报送留守儿童信息，内容重复，望合并"
    stage.step("审核组长", "核对、改写、选单位，审核通过")
    lead = _actor(stage, Role.LEAD)
    stage.act(lambda uow: review.approve(
        uow, stage.house, _ticket_in(uow), lead, paraphrase, _unit(uow), "全市", stage.now))  # fmt: skip


def _answer(stage: Stage, fields: unit_work.Fields, line: str) -> None:
    contact, approver = _actor(stage, Role.CONTACT), _actor(stage, Role.APPROVER)
    operator = _actor(stage, Role.OPERATOR, _ticket(stage).rounds)  # another person checks in every round
    if _ticket(stage).state == "assigned":
        stage.step("联络员", "签收")
        stage.act(lambda uow: unit_work.sign(uow, stage.house, _ticket_in(uow), contact, stage.now))
    stage.pass_days(1)
    stage.step("联络员", "填四项反馈")
    stage.act(lambda uow: unit_work.draft_answer(uow, _ticket_in(uow), contact, fields, stage.now))
    stage.step("签发人", "签发")
    stage.act(lambda uow: unit_work.release_answer(uow, stage.house, _ticket_in(uow), approver, stage.now), minutes=20)
    stage.step("坐席", "核验：答所问、有依据、有日期、不泄露身份")
    stage.act(lambda uow: checking.pass_answer(uow, stage.house, _ticket_in(uow), operator, line, stage.now))


def _ticket_in(uow: UnitOfWork) -> Ticket:
    return uow.session.exec(select(Ticket)).one()


def _ticket(stage: Stage) -> Ticket:
    with stage.database.reading() as uow:
        return _ticket_in(uow)


def _unit(uow: UnitOfWork) -> str:
    return _ticket_in(uow).unit_code or uow.session.exec(select(Unit.code)).first() or ""


def _actor(stage: Stage, role: Role, which: int = 0) -> Actor:
    with stage.database.reading() as uow:
        query = select(Staff).join(StaffRole).where(StaffRole.role == role.value, col(Staff.active))
        if role in (Role.CONTACT, Role.APPROVER):
            found = uow.session.exec(select(Assignment)).first()
            query = query.where(Staff.unit_code == (found.unit_code if found else None))
        staff = uow.session.exec(query.order_by(col(Staff.id))).all()[which]
        return Actor(role, str(staff.id), staff.unit_code)
