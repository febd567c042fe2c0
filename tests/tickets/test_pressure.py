"""A withdrawal or a changed rating within 48 hours after the unit reached the person; the first rating counts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from storage.models import SpecialCase
from storage.tickets import ratings
from tickets import pressure, rating, withdrawal
from tickets.workflow import Role


def contact(case: Any) -> None:
    operator = case.actor(Role.OPERATOR)
    case.do(lambda uow, t: pressure.note_contact(uow, case.house, t, operator, case.now))


def rate(case: Any, solved: str) -> None:
    person = case.actor(Role.COMPLAINANT)
    case.do(lambda uow, t: rating.rate(uow, case.house, t, person, solved, case.now))


def flagged(case: Any) -> list[dict[str, Any]]:
    with case.database.reading() as uow:
        return [each.data for each in uow.session.exec(select(SpecialCase).where(SpecialCase.kind == "pressure"))]


@pytest.mark.parametrize(("hours", "count"), [(0, 1), (48, 1), (49, 0)])
def test_a_withdrawal_soon_after_a_contact(case: Any, hours: int, count: int) -> None:
    case.file()
    case.assign()
    contact(case)
    case.now += timedelta(hours=hours)
    person = case.actor(Role.COMPLAINANT)
    case.do(lambda uow, t: withdrawal.withdraw(uow, case.house, t, person, case.now))
    assert case.ticket().state == "withdrawn" and [each["what"] for each in flagged(case)] == ["withdraw"] * count


def test_without_a_contact_nothing_is_flagged(case: Any) -> None:
    case.to_rating()
    rate(case, "partly")
    rate(case, "solved")
    assert flagged(case) == []


def test_the_first_rating_goes_on_counting(case: Any) -> None:
    case.to_rating()
    rate(case, "partly")
    contact(case)
    case.now += timedelta(hours=5)
    rate(case, "solved")
    with case.database.reading() as uow:
        given = ratings(uow, 1)
    assert [each.solved for each in given] == ["partly", "solved"]
    counted = pressure.counted(given)
    assert counted is not None and counted.solved == "partly"
    assert [(each["first"], each["then"]) for each in flagged(case)] == [("partly", "solved")]


def test_a_free_change_of_mind_counts(case: Any) -> None:
    case.to_rating()
    rate(case, "partly")
    rate(case, "solved")
    with case.database.reading() as uow:
        counted = pressure.counted(ratings(uow, 1))
    assert counted is not None and counted.solved == "solved"
    assert pressure.counted([]) is None


def test_the_first_word_after_a_contact_is_no_change(case: Any) -> None:
    case.to_rating()
    contact(case)
    rate(case, "solved")
    assert flagged(case) == []
