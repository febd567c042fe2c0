"""What waits is never overwritten: drafts keep their place beside whatever is asked next."""

from datetime import datetime, timedelta

import pytest

from dialogs.incoming import Incoming
from dialogs.talk import Talk
from storage import people
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from texts.dates import ZONE
from tickets.drafts import OFFERED, SHORT, UNCLEAR, kept
from tickets.house import House

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)


def talk_in(uow: UnitOfWork, house: House, text: str, at: datetime = NOW) -> Talk:
    person = people.find_or_make(uow, "web", "phone-1", at)
    message = people.remember(uow, person.pseudonym, "web", text, text, "text", at)
    incoming = Incoming("web", "phone-1", text, at, text=text)
    return Talk(uow, house, person, people.conversation(uow, person.pseudonym), incoming, message)


def test_a_draft_survives_other_questions(database: Database, house: House) -> None:
    def work(uow: UnitOfWork) -> None:
        talk = talk_in(uow, house, "填表")
        talk.expect_draft(SHORT, "填表")
        talk.expect("withdraw", receipt="JF-X")
        talk.forget()
        talk.expect("distress")
        assert [draft["text"] for draft in kept(talk.conversation.expecting)] == ["填表"]
        found = talk.draft(SHORT)
        assert found is not None
        talk.settle(found)
        assert kept(talk.conversation.expecting) == []
        assert (talk.expecting() or {})["kind"] == "distress"

    database.run(work)


def test_drafts_of_two_kinds_stand_side_by_side_and_offers_replace_each_other(database: Database, house: House) -> None:
    def work(uow: UnitOfWork) -> None:
        talk = talk_in(uow, house, "一")
        talk.expect_draft(SHORT, "一")
        talk.expect_draft(UNCLEAR, "二", receipt="JF-X")
        talk.expect_draft(OFFERED, "三")
        talk.expect_draft(OFFERED, "四", join=True)
        assert [draft["text"] for draft in kept(talk.conversation.expecting)] == ["一", "二", "三\n四"]

    database.run(work)


@pytest.mark.parametrize(
    ("kind", "minutes", "holds"), [("question", 11, False), ("claim", 25, True), ("claim", 31, False)]
)
def test_how_long_a_question_stays_open(database: Database, house: House, kind: str, minutes: int, holds: bool) -> None:
    def work(uow: UnitOfWork) -> None:
        talk_in(uow, house, "一").expect(kind, receipt="JF-X")
        later = talk_in(uow, house, "二", NOW + timedelta(minutes=minutes))
        assert (later.expecting() is not None) is holds

    database.run(work)
