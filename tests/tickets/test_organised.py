"""Organised filing is marked for the lead, told once, never deleted, never seen by a unit; real life is left alone."""

import time
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlmodel import col, select

from storage.models import Event, Outbox, Ticket
from storage.people import find_or_make
from texts.dates import ZONE
from tickets import intake
from tickets.organised import FLAG, _groups, flag_organised
from tickets.tick import tick

SAME = "民政局让我们村把留守儿童表又报了三回，每回格式都不一样，实在忙不过来"
VARIED = [SAME, SAME + "。", SAME.replace("三回", "四回"), "请反映：" + SAME, SAME.replace("我们村", "我们社区"), SAME]
REAL = [
    "应急局一个月来查了五次消防台账，每次都要书记陪着", "组织部的学习笔记要手抄两万字，抽查还拍照",
    "卫健委的随访表和疾控的随访表差一个字，全要重填", "镇上一天开四个会，都是同一批人坐着听",
    "打卡软件一天要签五次，信号不好就算旷工", "窗口让群众回村里开证明，可我们核实不了",
    "督查组一周来三拨，问的是同样几个问题", "河长巡河要拍十张照片，水都一样",
]  # fmt: skip
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)


def different(*seed: int) -> str:
    """A complaint in words of its own."""
    draw = Random(str(seed))
    return f"{draw.choice(REAL)}，{''.join(chr(draw.randrange(0x4E00, 0x9000)) for _ in range(30))}"


def file(case: Any, address: str, words: str, at: datetime) -> None:
    def work(uow: Any) -> None:
        heard = case.house.ears.parse(words, at)
        intake.file_ticket(uow, case.house, find_or_make(uow, "web", address, at), words, heard, at)

    case.database.run(work)


def marked(case: Any) -> list[Ticket]:
    with case.database.reading() as uow:
        return [each for each in uow.session.exec(select(Ticket).order_by(col(Ticket.id))) if FLAG in each.flags]


def notices(case: Any, key: str) -> list[Outbox]:
    with case.database.reading() as uow:
        return list(uow.session.exec(select(Outbox).where(Outbox.key == key)))


def look(case: Any, at: datetime) -> None:
    case.database.run(lambda uow: tick(uow, case.house, at))


def test_near_identical_texts_from_many_persons_are_marked_once(case: Any) -> None:
    for number, words in enumerate(VARIED):
        file(case, f"phone-{number}", words, NOW + timedelta(minutes=20 * number))
    version = case.ticket().version
    look(case, NOW + timedelta(hours=3))
    look(case, NOW + timedelta(hours=3, minutes=1))
    found = marked(case)
    assert len(found) == 6 and {ticket.state for ticket in found} == {"received"}, "nothing is lost or slowed"
    (row,) = notices(case, "desk.organised")
    assert row.recipient == "role:lead" and row.params["count"] == 6
    assert case.ticket().version == version, "a page being typed in does not go out of date"
    file(case, "phone-9", SAME, NOW + timedelta(hours=4))
    look(case, NOW + timedelta(hours=4, minutes=1))
    assert len(marked(case)) == 7 and len(notices(case, "desk.organised")) == 1
    with case.database.reading() as uow:
        assert {event.actor for event in uow.session.exec(select(Event)) if event.action == "organised"} == {"tick"}


def test_one_person_saying_it_often_is_not_organised(case: Any) -> None:
    for number in range(6):
        file(case, "phone-1", SAME, NOW + timedelta(minutes=number))
    look(case, NOW + timedelta(hours=1))
    assert not marked(case)


def test_a_bad_day_with_many_different_complaints_is_not_organised(case: Any) -> None:
    for number, words in enumerate(REAL):
        file(case, f"phone-{number}", words, NOW + timedelta(minutes=number))
    for number in range(8):
        file(case, f"short-{number}", "又要填表", NOW + timedelta(minutes=number))
    look(case, NOW + timedelta(hours=1))
    assert not marked(case), "short words everybody says, and different matters"


def test_over_days_the_same_words_are_a_real_matter(case: Any) -> None:
    for number in range(6):
        file(case, f"phone-{number}", SAME, NOW + timedelta(hours=5 * number))
    for number in range(6):
        look(case, NOW + timedelta(hours=5 * number, minutes=1))
    assert not marked(case)


@pytest.mark.parametrize(("people", "each", "expected"), [(9, 3, 27), (7, 3, 0)])
def test_a_sudden_even_distribution_is_marked(case: Any, people: int, each: int, expected: int) -> None:
    for person in range(people):
        for number in range(each):
            file(case, f"phone-{person}", different(person, number), NOW)
    file(case, "lively", REAL[0], NOW)
    look(case, NOW + timedelta(minutes=5))
    look(case, NOW + timedelta(hours=2))
    assert len(marked(case)) == expected
    assert len(notices(case, "desk.even")) == (1 if expected else 0)


def test_an_even_day_among_many_such_days_is_ordinary(case: Any) -> None:
    for day in range(3):
        for person in range(9):
            for number in range(2):
                at = NOW + timedelta(days=day, minutes=person)
                file(case, f"day{day}-{person}", different(day, person, number), at)
    look(case, NOW + timedelta(days=2, hours=1))
    assert not marked(case)


def test_a_thousand_tickets_are_looked_through_in_no_time(case: Any) -> None:
    many = [
        Ticket(id=n, receipt=f"r{n}", person=f"p{n}", channel="web", state="received", created_at=NOW, claim_hash="",
               review_due=NOW, words=f"{REAL[n % 8]}，{n * 7919 % 1000}号{n}村{REAL[(n * 3) % 8][:9]}")
        for n in range(1000)
    ]  # fmt: skip
    started = time.perf_counter()
    _groups(many)
    assert time.perf_counter() - started < 3


def test_it_may_be_asked_on_an_empty_house(case: Any) -> None:
    assert case.database.run(lambda uow: flag_organised(uow, case.house, NOW)) == 0
