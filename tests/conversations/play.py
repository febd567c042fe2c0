"""Plays a conversation script: whole talks in YAML that a clerk could read.

Each step is a mapping with one Chinese key (see README there). Punctuation is compared width-blind.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlmodel import col, select

from dialogs.engine import turn
from dialogs.incoming import Incoming, Upload
from storage.database import Database
from storage.models import Assignment, Message, Outbox, Person, Staff, StaffRole, Ticket, Unit, VaultEntry
from storage.outbox import parameters
from storage.unit_of_work import UnitOfWork
from tests.fakes.files import samples
from texts.dates import ZONE
from texts.render import Rendered, render
from tickets import cases, checking, pressure, review, unit_work
from tickets.house import House
from tickets.moving import Actor
from tickets.queue import notices_for, queue, unit_queue
from tickets.tick import tick
from tickets.workflow import Role

SAMPLES = samples()
WAYS = {"汇总交办": "pool", "主动检查方式": "inspection", "问本人": "ask"}
UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}


def fold(text: str) -> str:
    """Width-blind, space-blind comparison."""
    return unicodedata.normalize("NFKC", text).replace(" ", "").replace("\n", "")


@dataclass(frozen=True)
class Reply:
    """What the bot said, and the outbox row behind it."""

    row_id: int
    shown: Rendered
    edit: bool


class Mouth(Protocol):
    """How the script's words reach the bot and how its answers come back."""

    def hear(self, incoming: Incoming) -> None:
        """Hand one message to the bot; back when it was answered."""
        ...

    def deliver(self) -> None:
        """Let pushes leave that staff or the clock caused."""
        ...


@dataclass
class EngineMouth:
    """Straight into `dialogs.engine.turn`."""

    database: Database
    house: House

    def hear(self, incoming: Incoming) -> None:
        self.database.run(lambda uow: turn(uow, self.house, incoming))

    def deliver(self) -> None:
        """Rows are read where they lie."""


@dataclass
class Play:
    """One talk in progress."""

    database: Database
    house: House
    mouth: Mouth
    now: datetime
    channel: str = "web"
    address: str = "phone-1"
    replies: list[Reply] = field(default_factory=list)
    _seen_row: int = 0
    _number: int = 0

    def run(self, script: list[dict[str, Any]]) -> None:
        for number, step in enumerate(script, 1):
            for key, value in step.items():
                try:
                    self._step(key, value)
                    self.mouth.deliver()
                except AssertionError as error:
                    said = " / ".join(reply.shown.text for reply in self.replies)
                    raise AssertionError(f"step {number} {key}: {error}\nthe bot said: {said}") from error

    def _step(self, key: str, value: Any) -> None:
        {
            "反映人": self._say, "再发一遍": self._say_again, "点": self._press, "再点": self._press_again,
            "发文件": self._upload, "机器人": self._bot_says, "机器人不说": self._bot_does_not_say,
            "机器人只说": self._bot_says_only, "按钮": self._buttons, "过": self._pass, "到": self._until,
            "换手机": self._change_phone, "专办员": self._special, "专办看到": self._special_sees,
            "督办看到": self._supervisor_sees, "坐席看不到": self._operator_does_not_see,
            "审核组长": self._lead, "坐席": self._operator, "单位": self._unit,
            "推送": self._pushed, "没有推送": self._nothing_pushed, "单位看到": self._unit_sees,
            "单位看不到": self._unit_does_not_see, "库里": self._rows,
        }[key](value)  # fmt: skip

    # the person
    def _say(self, text: str) -> None:
        self._number += 1
        self._hear(Incoming(self.channel, self.address, f"{self.address}/{self._number}", self.now,
                            text=self._filled(text)))  # fmt: skip

    def _say_again(self, text: str) -> None:
        self._number -= 1
        self._say(text)

    def _press(self, label: str) -> None:
        label = self._filled(label)
        shown = [b for reply in reversed(self._all()) for line in reply.shown.buttons for b in line if b.label == label]
        assert shown, f"no button {label}"
        self._number += 1
        key = f"{self.address}/{self._number}"
        self._hear(Incoming(self.channel, self.address, key, self.now, "button", label, shown[0].payload))

    def _press_again(self, label: str) -> None:
        self._press(label)

    def _upload(self, file: dict[str, str]) -> None:
        self._number += 1
        content = file["内容"].encode() if "内容" in file else SAMPLES[file["类型"]]
        upload = Upload(file["名字"], file["类型"], content, file.get("说明", ""))
        key = f"{self.address}/{self._number}"
        self._hear(Incoming(self.channel, self.address, key, self.now, "file", upload.caption, upload=upload))

    def _change_phone(self, address: str) -> None:
        self.address, self._number = address, 0

    def _hear(self, incoming: Incoming) -> None:
        self._mark()
        self.mouth.hear(incoming)
        self.replies = self._new(lambda row: row.reply_to is not None)

    # what the bot said
    def _bot_says(self, expected: list[str] | str) -> None:
        said = fold("\n".join(reply.shown.text for reply in self.replies))
        for part in [expected] if isinstance(expected, str) else expected:
            assert fold(self._filled(part)) in said, f"{part!r} not said"

    def _bot_does_not_say(self, unwanted: list[str]) -> None:
        said = fold("\n".join(reply.shown.text for reply in self.replies))
        for part in unwanted:
            assert fold(part) not in said, f"{part!r} was said"

    def _bot_says_only(self, count: int) -> None:
        assert len(self.replies) == count, f"{len(self.replies)} messages instead of {count}"

    def _buttons(self, labels: list[str]) -> None:
        shown = [b.label for reply in self.replies for line in reply.shown.buttons for b in line]
        standing = self.house.texts.say("button.afraid")  # on every own ticket; named only where it matters
        shown = shown if standing in labels else [label for label in shown if label != standing]
        assert shown == labels, f"buttons are {shown}"

    def _pushed(self, expected: list[str] | str) -> None:
        pushed = fold("\n".join(r.shown.text for r in self._new(lambda row: row.reply_to is None)))
        for part in [expected] if isinstance(expected, str) else expected:
            assert fold(self._filled(part)) in pushed, f"{part!r} not pushed; pushed: {pushed}"

    def _nothing_pushed(self, _: Any) -> None:
        pushed = [r.shown.text for r in self._new(lambda row: row.reply_to is None)]
        assert not pushed, f"pushed: {pushed}"

    # time
    def _pass(self, span: str) -> None:
        for number, unit in re.findall(r"(\d+)\s*(秒|分钟|小时|天)", str(span)):
            self.now += timedelta(**{UNITS[unit]: int(number)})
        self._tick()

    def _until(self, moment: str) -> None:
        self.now = datetime.fromisoformat(str(moment)).replace(tzinfo=ZONE)
        self._tick()

    def _tick(self) -> None:
        self._mark()
        self.database.run(lambda uow: tick(uow, self.house, self.now))

    # staff and unit
    def _lead(self, what: dict[str, Any]) -> None:
        self._mark()
        actor = self._actor(Role.LEAD, what.get("谁", 0))
        self.database.run(lambda uow: self._review(uow, actor, what))

    def _review(self, uow: UnitOfWork, actor: Actor, what: dict[str, Any]) -> None:
        ticket = self._ticket(uow)
        if "交办" in what:
            unit = uow.session.exec(select(Unit).where(Unit.name == what["交办"])).one()
            review.approve(
                uow,
                self.house,
                ticket,
                actor,
                what["转述"],
                unit.code,
                what.get("范围", "全市"),
                self.now,
                way=WAYS.get(what.get("办法")),
            )
        elif "补充" in what:
            review.ask_more(uow, self.house, ticket, actor, what["补充"], self.now)
        else:
            review.decline(uow, self.house, ticket, actor, what["不予受理"], what["渠道"], self.now)

    def _operator(self, what: dict[str, Any]) -> None:
        self._mark()
        actor = self._actor(Role.OPERATOR, what.get("谁", 0))

        def work(uow: UnitOfWork) -> None:
            ticket = self._ticket(uow)
            if "记下" in what:
                pressure.note_contact(uow, self.house, ticket, actor, self.now)
            elif "核验通过" in what:
                checking.pass_answer(uow, self.house, ticket, actor, what["核验通过"], self.now)
            else:
                checking.send_back(uow, self.house, ticket, actor, what["退回"], self.now)

        self.database.run(work)

    def _unit(self, what: Any) -> None:
        self._mark()
        if what == "签收":
            actor = self._actor(Role.CONTACT)
            self.database.run(lambda uow: unit_work.sign(uow, self.house, self._ticket(uow), actor, self.now))
            return
        if "提问" in what:
            actor = self._actor(Role.CONTACT)
            self.database.run(
                lambda uow: unit_work.ask(uow, self.house, self._ticket(uow), actor, what["提问"], self.now)
            )
            return
        fields = unit_work.Fields(what["属实"], what["怎么改"], what["何时"], what["依据"])
        contact, approver = self._actor(Role.CONTACT), self._actor(Role.APPROVER)
        self.database.run(lambda uow: unit_work.draft_answer(uow, self._ticket(uow), contact, fields, self.now))
        self.database.run(lambda uow: unit_work.release_answer(uow, self.house, self._ticket(uow), approver, self.now))

    def _special(self, what: Any) -> None:
        self._mark()
        actor = self._actor(Role.SPECIAL)

        def work(uow: UnitOfWork) -> None:
            case = cases.open_cases(uow, actor)[0]
            if what == "接手":
                cases.take(uow, self.house, case, actor, self.now)
            elif "留言" in what:
                cases.write(uow, self.house, case, actor, what["留言"], self.now)
            else:
                cases.close(uow, self.house, case, actor, what["办完"], self.now)

        self.database.run(work)

    def _desk_text(self, role: Role) -> str:
        """Notices and queue of a role, for the special desk its cases too."""
        with self.database.reading() as uow:
            actor = self._actor(role)
            told = [render(self.house.texts, r.key, parameters(uow, r), r.buttons).text
                    for r in notices_for(uow, actor)]  # fmt: skip
            rows = [row.receipt for row in queue(uow, self.house, actor, self.now, everything=True)]
            found = cases.open_cases(uow, actor) if role is Role.SPECIAL else []
            views = [cases.read_case(uow, case, actor) for case in found]
            said = [text for view in views for _, text in view.words]
            return fold("\n".join([*told, *rows, *said, *(str(view.data) for view in views)]))

    def _special_sees(self, parts: list[str]) -> None:
        self._seen_by(Role.SPECIAL, parts)

    def _supervisor_sees(self, parts: list[str]) -> None:
        self._seen_by(Role.SUPERVISOR, parts)

    def _seen_by(self, role: Role, parts: list[str]) -> None:
        seen = self._desk_text(role)
        for part in parts:
            assert fold(self._filled(part)) in seen, f"{part!r} not seen: {seen}"

    def _operator_does_not_see(self, parts: list[str]) -> None:
        seen = self._desk_text(Role.OPERATOR)
        for part in parts:
            assert fold(self._filled(part)) not in seen, f"{part!r} seen by operators"

    def _unit_text(self) -> str:
        with self.database.reading() as uow:
            actor = self._actor(Role.CONTACT)
            notices = uow.session.exec(select(Outbox).where(col(Outbox.recipient) == f"unit:{actor.unit_code}"))
            told = [render(self.house.texts, r.key, parameters(uow, r), r.buttons).text for r in notices]
            return fold("\n".join([*told, *(repr(view) for view in unit_queue(uow, self.house, actor))]))

    def _unit_sees(self, parts: list[str]) -> None:
        seen = self._unit_text()
        for part in parts:
            assert fold(part) in seen, f"{part!r} not seen by the unit: {seen}"

    def _unit_does_not_see(self, parts: list[str]) -> None:
        seen = self._unit_text()
        for part in parts:
            assert fold(self._filled(part)) not in seen, f"{part!r} seen by the unit"

    def _actor(self, role: Role, which: int = 0) -> Actor:
        with self.database.reading() as uow:
            query = select(Staff).join(StaffRole).where(StaffRole.role == role.value)
            if role in (Role.CONTACT, Role.APPROVER):
                found = uow.session.exec(select(Assignment).order_by(col(Assignment.id).desc())).first()
                assert found is not None, "nothing was assigned"
                query = query.where(Staff.unit_code == found.unit_code)
            staff = uow.session.exec(query.order_by(col(Staff.id))).all()[which]
            return Actor(role, str(staff.id), staff.unit_code)

    # rows
    def _rows(self, expected: dict[str, Any]) -> None:
        with self.database.reading() as uow:
            tickets = list(uow.session.exec(select(Ticket).order_by(col(Ticket.id))))
            if "工单数" in expected:
                assert len(tickets) == expected["工单数"], f"{len(tickets)} tickets"
            facts = self._facts(tickets[-1]) if tickets else {}
            facts |= {
                "人数": len(uow.session.exec(select(Person)).all()),
                "密存": sum(not e.kind.startswith("chat:") for e in uow.session.exec(select(VaultEntry))),
                "留言": fold("\n".join(uow.session.exec(select(Message.text)))),
            }  # fmt: skip
            for name, value in expected.items():
                if name == "工单数":
                    continue
                if name in ("原话含", "留言含"):
                    assert fold(value) in fold(facts["原话" if name == "原话含" else "留言"]), f"no {value!r}"
                elif name in ("原话不含", "留言不含"):
                    assert fold(value) not in fold(facts["原话" if name == "原话不含" else "留言"]), f"has {value!r}"
                else:
                    assert facts.get(name) == value, f"{name} is {facts.get(name)!r}, not {value!r}"

    def _facts(self, ticket: Ticket) -> dict[str, Any]:
        say = self.house.texts.say
        return {
            "状态": say(f"state.{ticket.state}"), "类别": self.house.class_name(ticket.label), "原话": ticket.words,
            "单位": ticket.slots.get("units"), "对象": ticket.slots.get("object"), "次数": ticket.slots.get("times"),
            "时限类": ticket.t_class, "重办": ticket.rounds, "标记": list(ticket.flags),
            "回答": ticket.slots.get("answers"),
        }  # fmt: skip

    def _filled(self, text: str) -> str:
        """{受理号} and {领取码} stand for the newest ticket's."""
        if "{" not in text:
            return text
        with self.database.reading() as uow:
            ticket = uow.session.exec(select(Ticket).order_by(col(Ticket.id).desc())).first()
            assert ticket is not None, "no ticket yet"
            rows = uow.session.exec(select(Outbox).where(Outbox.ticket_id == ticket.id).order_by(col(Outbox.id)))
            claims = [parameters(uow, row).get("claim") for row in rows]
        code = next((claim for claim in claims if claim), "")
        return text.replace("{受理号}", ticket.receipt).replace("{领取码}", code)

    def _ticket(self, uow: UnitOfWork) -> Ticket:
        return uow.session.exec(select(Ticket).order_by(col(Ticket.id).desc())).first() or Ticket()

    def _mark(self) -> None:
        with self.database.reading() as uow:
            self._seen_row = max(uow.session.exec(select(Outbox.id)).all() or [0])

    def _new(self, wanted: Any) -> list[Reply]:
        return [reply for reply, row in self._shown() if row.id > self._seen_row and wanted(row)]

    def _all(self) -> list[Reply]:
        return [reply for reply, _ in self._shown()]

    def _shown(self) -> list[tuple[Reply, Outbox]]:
        """Everything told to people (not to units or desk roles), oldest first."""
        with self.database.reading() as uow:
            rows = uow.session.exec(select(Outbox).where(Outbox.channel == self.channel).order_by(col(Outbox.id)))
            return [
                (Reply(row.id or 0, render(self.house.texts, row.key, parameters(uow, row), row.buttons),
                       row.edit_of is not None), row)
                for row in rows
            ]  # fmt: skip
