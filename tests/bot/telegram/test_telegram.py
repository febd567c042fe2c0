"""Telegram's own matters: menu, groups, edits, voice, discreet pushes, erasing, limits, refusals, no token in logs."""

import logging
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from storage.database import Database
from storage.models import Outbox, Ticket, VaultEntry
from tests.bot.telegram.conftest import Rig, eventually
from tests.fakes.telegram_server import FakeTelegram
from tests.fakes.telegram_trouble import Trouble
from tickets.notices import tell_person

TEXT = "民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表我们村填了三回"
MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def tickets(database: Database) -> list[Ticket]:
    with database.reading() as uow:
        return list(uow.session.exec(select(Ticket).order_by(col(Ticket.id))))


def push(rig: Rig) -> None:
    """Something happened to the newest ticket."""

    def work(uow):  # type: ignore[no-untyped-def]
        ticket = uow.session.exec(select(Ticket).order_by(col(Ticket.id).desc())).first()
        tell_person(uow, rig.house, ticket, "assigned.told", rig.now(), unit="青岚市民政局", due="12月1日 周二")

    rig.database.run(work)
    rig.flush()


def test_one_sentence_and_the_receipt_is_there(rig: Rig, telegram: FakeTelegram) -> None:
    rig.at(MORNING)
    rig.poll()
    person = telegram.person()
    person.says(TEXT)
    seen = person.wait_for("已受理，受理号JF-")
    assert "您的身份不会告诉被反映单位" in seen.text and not seen.silent


def test_the_menu_speaks_chinese(rig: Rig, telegram: FakeTelegram) -> None:
    eventually(lambda: any(call.method == "setMyCommands" for call in telegram.calls))


def test_a_group_gets_one_line_and_is_left(rig: Rig, telegram: FakeTelegram, database: Database) -> None:
    rig.poll()
    owner = telegram.person()
    group = telegram.group(by=owner)
    owner.in_group(group).says(f"@jianfu_bot {TEXT}")
    eventually(lambda: not group.has_bot)
    assert tickets(database) == []


def test_an_edited_message_corrects_its_ticket(rig: Rig, telegram: FakeTelegram, database: Database) -> None:
    rig.at(MORNING)
    rig.poll()
    person = telegram.person()
    number = person.says(TEXT)
    person.wait_for("受理号JF-")
    person.edits(number, TEXT.replace("三回", "五回"))
    eventually(lambda: tickets(database)[0].slots["times"] == 5)
    eventually(lambda: any(seen.edited for seen in person.inbox))
    assert len(tickets(database)) == 1 and len(person.inbox) == 1


def test_a_voice_note_is_sealed(rig: Rig, telegram: FakeTelegram, database: Database) -> None:
    rig.poll()
    person = telegram.person()
    person.sends_voice(b"OggS a voice from the hill")
    person.wait_for("已收到，工作人员会听、会看")
    with database.reading() as uow:
        sealed = uow.session.exec(select(VaultEntry).where(VaultEntry.kind == "file")).one()
        assert uow.vault.open(sealed.sealed) == b"OggS a voice from the hill"


def test_a_file_telegram_will_not_hand_over(rig: Rig, telegram: FakeTelegram) -> None:
    rig.poll()
    person = telegram.person()
    person.sends_document("大.mp4", b"x", size=30_000_000)
    person.wait_for("文件太大")


def test_a_sticker_is_answered(rig: Rig, telegram: FakeTelegram) -> None:
    rig.poll()
    person = telegram.person()
    person.sends_sticker()
    person.wait_for("没看明白")


def test_a_discreet_push_says_nothing_until_it_is_opened(rig: Rig, telegram: FakeTelegram) -> None:
    rig.at(MORNING)
    rig.poll()
    person = telegram.person()
    person.says(TEXT)
    person.wait_for("受理号JF-")
    person.says("/quiet")
    person.wait_for("只提示「有新进展」")
    push(rig)
    seen = person.wait_for("减负直通车有新进展")
    assert "民政" not in seen.text and "JF-" not in seen.text
    person.presses("看一看")
    person.wait_for("已交办青岚市民政局")


def test_a_push_at_night_waits_for_the_morning(rig: Rig, telegram: FakeTelegram) -> None:
    rig.at(datetime(2026, 11, 24, 15, 0, tzinfo=UTC))  # 23:00 in the city
    rig.poll()
    person = telegram.person()
    person.says(TEXT)
    person.wait_for("受理号JF-")  # an answer to the person's own message comes at once
    push(rig)
    assert len(person.inbox) == 1
    rig.at(datetime(2026, 11, 25, 0, 1, tzinfo=UTC))
    rig.flush()
    assert person.wait_for("已交办青岚市民政局").silent


def test_erasing_takes_back_what_can_be_taken_back(rig: Rig, telegram: FakeTelegram, database: Database) -> None:
    rig.at(MORNING)
    rig.poll()
    person = telegram.person()
    person.says(TEXT)
    person.wait_for("受理号JF-")
    eventually(lambda: rig.unsent() == [])  # on the screen, and marked as sent
    person.says("/del")
    person.wait_for("已删除", 60)
    eventually(lambda: not any("受理号JF-" in seen.text for seen in person.inbox))
    eventually(lambda: rig.unsent() == [])
    with database.reading() as uow:
        assert uow.session.exec(select(VaultEntry)).all() == []  # the answer came although nobody knows the way now
        assert [row for row in uow.session.exec(select(Outbox)) if row.sealed and "last" in row.params] == []


def test_who_blocked_us_blocks_nobody_else(rig: Rig, telegram: FakeTelegram, database: Database) -> None:
    rig.at(MORNING)
    rig.poll()
    gone, here = telegram.person(), telegram.person()
    gone.says(TEXT)
    gone.wait_for("受理号JF-")
    gone.blocks_bot()
    push(rig)
    here.says("每天要在APP上打卡四次，还全镇排名")
    here.wait_for("受理号JF-")
    with database.reading() as uow:
        lost = uow.session.exec(select(Outbox).where(Outbox.undeliverable)).one()
        assert "blocked" in (lost.error or "")
        assert uow.session.exec(select(Outbox).where(Outbox.key == "desk.undeliverable")).one()


@pytest.mark.parametrize(
    "trouble", [Trouble.flood(1), Trouble.error(502), Trouble.cut_before(), Trouble.cut_after(), Trouble.error(500)]
)
def test_trouble_is_overcome(rig: Rig, telegram: FakeTelegram, database: Database, trouble: Trouble) -> None:
    rig.at(MORNING)
    rig.poll()
    person = telegram.person()
    telegram.plan("sendMessage", [trouble])
    person.says(TEXT)
    eventually(lambda: len(tickets(database)) == 1)

    def arrived() -> bool:
        rig.flush()
        return bool(person.inbox) and not rig.unsent()

    eventually(arrived, 20)
    with database.reading() as uow:
        row = uow.session.exec(select(Outbox).where(Outbox.channel == "telegram")).one()
    copies = sum(telegram.accepted.values())
    assert copies == 1 + (trouble == Trouble.cut_after())
    assert row.repeats >= copies - 1, "a repeat that was not counted"


def test_limits_are_kept(rig: Rig, telegram: FakeTelegram) -> None:
    telegram.limits(strict=True)
    rig.poll()
    people = [telegram.person() for _ in range(12)]
    for person in people:
        person.says("你好")
        person.says("帮助")
    for person in people:
        person.wait_for("一句话就能反映", 20)
    assert telegram.overruns == [] and telegram.impatient == []


def test_the_token_is_in_no_log(rig: Rig, telegram: FakeTelegram, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    telegram.plan("sendMessage", [Trouble.error(500)])
    rig.poll()
    person = telegram.person()
    person.says("你好")
    eventually(lambda: bool(rig.unsent()))
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn")]
    assert not [line for line in ours if telegram.token in line]
    with rig.database.reading() as uow:
        assert not [row for row in uow.session.exec(select(Outbox)) if telegram.token in (row.error or "")]
