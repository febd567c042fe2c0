"""The verdict: solved closes, twice unsolved reworks, the third time supervises, silence is 未评价."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage.models import Outbox, Rating
from texts.dates import ZONE
from tickets import rating
from tickets.errors import SamePersonError, TooLateError, WrongStateError
from tickets.tick import tick
from tickets.workflow import Role


def say(case: Any, solved: str) -> None:
    person = case.actor(Role.COMPLAINANT)
    case.do(lambda uow, t: rating.rate(uow, case.house, t, person, solved, case.now))


def test_solved_closes(case: Any) -> None:
    case.to_rating()
    say(case, "solved")
    assert case.ticket().state == "closed" and case.ticket().closed_at is not None


def test_the_third_time_unsolved_goes_to_the_supervisor(case: Any) -> None:
    case.to_rating()
    for operator in (1, 2):
        say(case, "unsolved")
        assert case.ticket().state == "reworking"
        case.answer()
        case.passed(operator)
    say(case, "unsolved")
    ticket = case.ticket()
    assert (ticket.state, ticket.rounds) == ("supervised", 2)
    with case.database.reading() as uow:
        assert uow.session.exec(select(Outbox).where(Outbox.recipient == "role:supervisor")).one()


def test_another_person_checks_after_a_rework(case: Any) -> None:
    case.to_rating()
    say(case, "unsolved")
    case.answer()
    with pytest.raises(SamePersonError):
        case.passed(0)
    case.passed(1)


def test_rework_does_not_move_the_result_date(case: Any) -> None:
    case.to_rating()
    before = case.ticket().result_due
    case.now += timedelta(days=1)
    say(case, "unsolved")
    assert case.ticket().result_due == before
    assert case.ticket().rework_due.astimezone(ZONE) == datetime(2026, 12, 2, 18, 0, tzinfo=ZONE)


def test_partly_waits_for_a_choice(case: Any) -> None:
    case.to_rating()
    say(case, "partly")
    assert case.ticket().state == "rating"
    person = case.actor(Role.COMPLAINANT)
    case.do(lambda uow, t: rating.accept(uow, case.house, t, person, case.now))
    assert case.ticket().state == "closed"


def test_silence_is_closed_as_unrated(case: Any) -> None:
    case.to_rating()
    reminded = datetime(2026, 11, 27, 18, 0, tzinfo=ZONE)
    for moment, state, told in [
        (reminded - timedelta(minutes=1), "rating", 0),
        (reminded, "rating", 1),
        (reminded + timedelta(hours=1), "rating", 1),
        (datetime(2026, 12, 1, 17, 59, tzinfo=ZONE), "rating", 1),
        (datetime(2026, 12, 1, 18, 0, tzinfo=ZONE), "closed", 1),
    ]:
        case.database.run(lambda uow, at=moment: tick(uow, case.house, at))
        assert case.ticket().state == state
        with case.database.reading() as uow:
            assert len(uow.session.exec(select(Outbox).where(Outbox.key == "answer.reminder")).all()) == told
            assert uow.session.exec(select(Rating)).all() == []


def test_a_changed_mind_reopens_within_five_working_days(case: Any) -> None:
    case.to_rating()
    say(case, "solved")
    case.now = datetime(2026, 12, 1, 17, 0, tzinfo=ZONE)
    say(case, "unsolved")
    assert case.ticket().state == "reworking"
    with case.database.reading() as uow:
        assert [r.solved for r in uow.session.exec(select(Rating))] == ["solved", "unsolved"]


def test_after_that_it_is_too_late(case: Any) -> None:
    case.to_rating()
    say(case, "solved")
    case.now = datetime(2026, 12, 2, 9, 0, tzinfo=ZONE)
    with pytest.raises(TooLateError):
        say(case, "unsolved")


def test_relapse_within_ninety_days(case: Any) -> None:
    case.to_rating()
    say(case, "solved")
    person = case.actor(Role.COMPLAINANT)
    with pytest.raises(TooLateError):
        late = case.now + timedelta(days=91)
        case.do(lambda uow, t: rating.relapse(uow, case.house, t, person, late))
    case.do(lambda uow, t: rating.relapse(uow, case.house, t, person, case.now + timedelta(days=90)))
    assert case.ticket().state == "in_progress"


def test_nothing_to_rate_before_an_answer(case: Any) -> None:
    case.file()
    with pytest.raises(WrongStateError):
        say(case, "solved")


def test_archived_after_ninety_days(case: Any) -> None:
    case.to_rating()
    say(case, "solved")
    case.database.run(lambda uow: tick(uow, case.house, case.now + timedelta(days=89)))
    assert case.ticket().state == "closed"
    case.database.run(lambda uow: tick(uow, case.house, case.now + timedelta(days=91)))
    assert case.ticket().state == "archived"


def test_the_last_promised_day_counts_to_its_end(case: Any) -> None:
    case.to_rating()
    say(case, "solved")
    evening = (case.now + timedelta(days=90)).replace(hour=23, minute=59)
    case.database.run(lambda uow: tick(uow, case.house, evening))
    person = case.actor(Role.COMPLAINANT)
    case.do(lambda uow, t: rating.relapse(uow, case.house, t, person, evening))
    assert case.ticket().state == "in_progress"


def test_archived_with_the_first_tick_of_the_day_after(case: Any) -> None:
    case.to_rating()
    say(case, "solved")
    case.database.run(lambda uow: tick(uow, case.house, (case.now + timedelta(days=91)).replace(hour=0, minute=1)))
    assert case.ticket().state == "archived"
