"""Erasing identity and words: gone from every table and from the files, while statistics, audit and history stay."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import SQLModel, select

from dialogs.engine import turn
from dialogs.incoming import Incoming, Upload
from storage.erasing import scrub
from storage.models import Audit, Event, Message, Outbox, Person, SpecialCase, Ticket, Tombstone, VaultEntry
from storage.people import find_or_make
from storage.unit_of_work import UnitOfWork
from tests.fakes.files import picture
from tickets import cases
from tickets.moving import Actor
from tickets.retention import keep_no_longer
from tickets.tick import tick
from tickets.workflow import Role

WORDS = "民政局一个月让我们填了三遍留守儿童表，我电话13812345678，找槐树坳村的欧阳明镜"
ADDRESS, SECRET = "chat-9f8e7d", "欧阳明镜"


def say(case: Any, text: str, key: str, channel: str = "web", **more: Any) -> None:
    incoming = Incoming(channel, ADDRESS, key, case.now, text=text, **more)
    case.database.run(lambda uow: turn(uow, case.house, incoming))


def told(case: Any) -> None:
    """A complaint with personal data, a photo, and a way to the end."""
    say(case, WORDS, "k1")
    upload = Upload("欧阳明镜.jpg", "image/jpeg", picture("JPEG", SECRET))
    say(case, "", "k2", kind="file", upload=upload)


def solved(case: Any) -> None:
    case.assign()
    case.sign()
    case.answer()
    case.passed()
    receipt = case.ticket().receipt
    say(case, "解决了", "k3", kind="button", payload=f"rate:{receipt}:solved")
    assert case.ticket().state == "closed"


def count(case: Any, model: Any) -> int:
    with case.database.reading() as uow:
        return uow.session.exec(select(func.count()).select_from(model)).one()


def everywhere(case: Any) -> str:
    """All values of all tables as one text, the vault opened."""
    with case.database.reading() as uow:
        plain = [
            str(value)
            for table in SQLModel.metadata.sorted_tables if not table.name.startswith(("unit", "staff"))
            for row in uow.session.execute(table.select()) for value in row
        ]  # fmt: skip
        opened = [
            uow.vault.open(entry.sealed).decode("utf-8", "replace") for entry in uow.session.exec(select(VaultEntry))
        ]
    return "\n".join([*plain, *opened])


def test_asked_for_before_the_end_identity_goes_words_stay(case: Any) -> None:
    told(case)
    say(case, "删除我的信息", "k9")
    assert ADDRESS not in everywhere(case) and "13812345678" not in everywhere(case)
    assert "留守儿童表" in case.ticket().words and case.ticket().words_erased_at is None
    with case.database.reading() as uow:
        kinds = [entry.kind for entry in uow.session.exec(select(VaultEntry))]
        answers = [row.key for row in uow.session.exec(select(Outbox).where(Outbox.reply_to == "k9"))]
        stone = uow.session.exec(select(Tombstone)).one()
    assert kinds == ["file_clean"]  # the copy without metadata is what the open ticket still needs
    assert answers == ["delete.running"]
    assert (stone.what, stone.why, stone.role) == ("identity", "asked", "complainant")


def test_words_go_when_the_ticket_ends(case: Any) -> None:
    told(case)
    say(case, "删除我的信息", "k9")
    case.assign()
    case.sign()
    case.answer()
    case.passed()
    case.now += timedelta(days=10)  # nobody can rate any more: closed as unrated
    case.database.run(lambda uow: tick(uow, case.house, case.now))
    case.now += timedelta(days=1)
    case.database.run(lambda uow: tick(uow, case.house, case.now))
    ticket = case.ticket()
    assert ticket.state == "closed" and ticket.words == "" and ticket.words_erased_at is not None
    assert ticket.paraphrase and ticket.label == "repeat_reports" and ticket.slots["times"] == 3
    left = everywhere(case)
    assert not [trace for trace in (SECRET, "留守儿童表，", "槐树坳", ADDRESS) if trace in left]
    assert count(case, VaultEntry) == 0


def test_after_the_end_everything_goes_at_once(case: Any) -> None:
    told(case)
    solved(case)
    before = {model: count(case, model) for model in (Ticket, Event, Person)}
    say(case, "/del", "k9")
    left = everywhere(case)
    assert not [trace for trace in (SECRET, "槐树坳", ADDRESS, "13812345678") if trace in left]
    assert count(case, VaultEntry) == 0
    assert {model: count(case, model) for model in before} == {**before, Event: before[Event] + 1}
    with case.database.reading() as uow:
        assert uow.session.exec(select(Audit).where(Audit.action == "erase_identity")).one()
        assert [row.key for row in uow.session.exec(select(Outbox).where(Outbox.reply_to == "k9"))] == ["delete.done"]


def test_a_repeated_delivery_does_not_bring_the_address_back(case: Any) -> None:
    told(case)
    say(case, "/del", "k9")
    people = count(case, Person)
    say(case, "/del", "k9")
    say(case, WORDS, "k1")
    assert count(case, Person) == people and ADDRESS not in everywhere(case)


def test_a_sentence_is_asked_about_once_before_it_is_done(case: Any) -> None:
    told(case)
    say(case, "请把我的个人信息都删掉", "k8")
    assert ADDRESS in everywhere(case)
    with case.database.reading() as uow:
        asked = uow.session.exec(select(Outbox).where(Outbox.key == "delete.confirm")).one()
    say(case, "确认删除", "k9", kind="button", payload=asked.buttons[0][0]["payload"])
    assert ADDRESS not in everywhere(case)


def test_the_last_answer_finds_its_way_and_then_forgets_it(case: Any) -> None:
    say(case, WORDS, "k1", channel="telegram")
    say(case, "/del", "k9", channel="telegram")
    with case.database.reading() as uow:
        from storage.outbox import parameters

        row = uow.session.exec(select(Outbox).where(Outbox.reply_to == "k9")).one()
        assert parameters(uow, row)["to"] == ADDRESS and ADDRESS not in str(row)
    from storage.outbox import mark_sent

    case.database.run(lambda uow: mark_sent(uow, row.id, "55", case.now))
    with case.database.reading() as uow:
        row = uow.session.get_one(Outbox, row.id)
        assert row.sealed is None and row.external_id is None


def test_news_of_an_erased_person_is_not_sent(case: Any) -> None:
    say(case, WORDS, "k1", channel="telegram")
    say(case, "/del", "k9", channel="telegram")
    case.assign()
    with case.database.reading() as uow:
        push = uow.session.exec(select(Outbox).where(Outbox.key == "assigned.told")).one()
    assert push.undeliverable and push.error == "erased" and push.lease_owner is None


def test_the_bytes_leave_the_files(case: Any, backend: str, tmp_path: Path) -> None:
    if backend != "sqlite":
        pytest.skip("PostgreSQL hands the space back; its files are not ours to read")
    told(case)
    solved(case)
    say(case, "/del", "k9")
    assert scrub(case.database, case.now) == 2 and scrub(case.database, case.now) == 0
    for path in tmp_path.glob("test.db*"):
        assert "槐树坳".encode() not in path.read_bytes(), path.name


def test_postgres_is_vacuumed_too(case: Any) -> None:
    told(case)
    say(case, "/del", "k9")
    assert scrub(case.database, case.now) >= 1


def test_identity_expires_thirty_days_after_the_archive_words_after_a_year(case: Any) -> None:
    told(case)
    solved(case)
    closed = case.now

    def on_day(day: int) -> None:
        case.now = closed + timedelta(days=day, hours=1)
        case.database.run(lambda uow: tick(uow, case.house, case.now))

    on_day(91)
    assert case.ticket().state == "archived"
    on_day(120)
    assert ADDRESS in everywhere(case)
    on_day(122)
    assert ADDRESS not in everywhere(case) and "13812345678" not in everywhere(case)
    assert "留守儿童表" in case.ticket().words
    on_day(364)
    assert case.ticket().words_erased_at is None
    on_day(366)
    assert case.ticket().words == "" and "槐树坳" not in everywhere(case)
    assert case.ticket().paraphrase
    with case.database.reading() as uow:
        stones = [(stone.what, stone.why, stone.actor) for stone in uow.session.exec(select(Tombstone))]
    assert stones == [("identity", "expired", "tick"), ("words", "expired", "tick")]


def test_who_still_writes_is_kept(case: Any) -> None:
    told(case)
    solved(case)
    case.now += timedelta(days=91)
    case.database.run(lambda uow: tick(uow, case.house, case.now))
    case.now += timedelta(days=20)
    say(case, "谢谢你们", "k8")
    case.now += timedelta(days=15)
    case.database.run(lambda uow: tick(uow, case.house, case.now))
    assert ADDRESS in everywhere(case)


def test_retention_is_done_once_a_day(case: Any) -> None:
    def visitor(uow: UnitOfWork) -> None:
        find_or_make(uow, "web", "only looked", case.now - timedelta(days=40))

    case.database.run(visitor)
    assert case.database.run(lambda uow: keep_no_longer(uow, case.house, case.now)) == 1
    case.database.run(visitor)
    assert case.database.run(lambda uow: keep_no_longer(uow, case.house, case.now)) == 0
    case.now += timedelta(days=1)
    assert case.database.run(lambda uow: keep_no_longer(uow, case.house, case.now)) == 1


def test_a_ticket_moved_to_another_device_takes_its_files_along(case: Any) -> None:
    told(case)
    with case.database.reading() as uow:
        from storage.outbox import parameters

        rows = [parameters(uow, row) for row in uow.session.exec(select(Outbox)) if row.sealed]
        claim = rows[0]["claim"]
    receipt = case.ticket().receipt
    mine = Incoming("web", "second phone", "m1", case.now, text=f"{receipt} {claim}")
    case.database.run(lambda uow: turn(uow, case.house, mine))
    gone = Incoming("web", "second phone", "m2", case.now, text="/del")
    case.database.run(lambda uow: turn(uow, case.house, gone))
    with case.database.reading() as uow:
        assert sorted(entry.kind for entry in uow.session.exec(select(VaultEntry))) == ["chat:web", "file_clean"]
        assert not uow.session.exec(select(Message).where(Message.person == "")).all()


def test_roles_of_tombstones_are_roles(case: Any) -> None:
    told(case)
    say(case, "/del", "k9")
    with case.database.reading() as uow:
        assert {stone.role for stone in uow.session.exec(select(Tombstone))} <= {role.value for role in Role}


FEAR = "昨天主任点名问是不是我反映的"


def fear(case: Any, channel: str = "web") -> Actor:
    """Reported to the special desk, which has taken the case."""
    say(case, "打击报复", "f1", channel)
    say(case, FEAR, "f2", channel)
    special = case.actor(Role.SPECIAL)
    case.database.run(lambda uow: cases.take(uow, case.house, uow.session.get_one(SpecialCase, 1), special, case.now))
    return special


def close_case(case: Any, special: Actor) -> None:
    case.database.run(
        lambda uow: cases.close(uow, case.house, uow.session.get_one(SpecialCase, 1), special, "已约谈", case.now)
    )


def test_words_to_the_special_desk_go_when_its_case_has_ended(case: Any) -> None:
    told(case)
    special = fear(case)
    say(case, "删除我的信息", "k9")
    assert FEAR in everywhere(case)
    case.now += timedelta(days=1)
    case.database.run(lambda uow: keep_no_longer(uow, case.house, case.now))
    assert FEAR in everywhere(case)
    close_case(case, special)
    case.now += timedelta(days=1)
    case.database.run(lambda uow: keep_no_longer(uow, case.house, case.now))
    assert FEAR not in everywhere(case)


def test_the_special_desk_is_told_that_the_way_is_gone(case: Any) -> None:
    special = fear(case, "telegram")
    say(case, "删除我的信息", "k9", "telegram")
    with case.database.reading() as uow:
        assert not cases.read_case(uow, uow.session.get_one(SpecialCase, 1), special).reachable
    case.database.run(
        lambda uow: cases.write(uow, case.house, uow.session.get_one(SpecialCase, 1), special, "在吗", case.now)
    )
    with case.database.reading() as uow:
        row = uow.session.exec(select(Outbox).where(Outbox.key == "special.said")).one()
    assert row.undeliverable and row.error == "erased" and row.sent_at is None


def test_nobody_is_forgotten_while_the_special_desk_cares_for_them(case: Any) -> None:
    special = fear(case)
    case.now += timedelta(days=60)
    case.database.run(lambda uow: keep_no_longer(uow, case.house, case.now))
    assert count(case, VaultEntry) > 0
    close_case(case, special)
    case.now += timedelta(days=1)
    case.database.run(lambda uow: keep_no_longer(uow, case.house, case.now))
    assert count(case, VaultEntry) == 0


def test_what_the_special_desk_does_stands_in_the_audit_log(case: Any) -> None:
    close_case(case, fear(case))
    with case.database.reading() as uow:
        rows = [row for row in uow.session.exec(select(Audit)) if row.subject == "case:1"]
    assert [row.action for row in rows] == ["report_revenge", "take_case", "close_case"]
    assert FEAR not in repr(rows)
