"""Who may do what: the printed matrix, its agreement with the workflow, and every role × action × state played."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel, select

import tickets
from storage.models import Answer, Attachment, Audit, HumanRequest, Message, Person, Ticket
from storage.unit_of_work import UnitOfWork
from tickets import (
    auditing,
    cases,
    checking,
    erasing,
    guarding,
    health,
    human,
    intake,
    pressure,
    purge,
    queue,
    rating,
    reading,
    review,
    special,
    supplement,
    unit_work,
    unsealing,
    views,
    withdrawal,
)
from tickets.audience import in_sample
from tickets.errors import NotAllowedError, TicketError, UnknownTicketError, WrongStateError
from tickets.moving import TICK, Actor
from tickets.permissions import ACTIONS, COLUMNS, MATRIX, check, grant, read_matrix
from tickets.workflow import EDGES, OWN, TERMINAL, UNIT_ROLES, Role, State, edges_from

# which row of the matrix an edge belongs to; "withdraw" and the like are the person's own word
ROW_OF = {
    "ask_more": "review", "merge": "merge", "decline": "review", "release": "release", "info_given": "speak",
    "unmerge": "merge", "object": "speak", "sign": "sign", "return": "sign", "recall": "decide_return",
    "accept_return": "decide_return", "refuse_return": "decide_return", "ask_extension": "sign",
    "decide_extension": "decide_return", "answer": "release_answer", "pass": "check", "send_back": "check",
    "follow_master": "check", "close": "close", "rework": "speak", "relapse": "speak", "withdraw": "speak",
    "hold": "supervise", "settle": "supervise", "resume": "supervise",
}  # fmt: skip
NO_ACTOR = {  # public functions that change or read tickets for nobody in particular, each with its reason
    "audience": "is the gate", "permissions": "is the gate", "moving": "is the mechanism",
    "notices": "is the mechanism",
    "tick": "is the clock", "drafts": "is the clock", "claim": "a code proves the ticket", "receipts": "own receipt",
    "routing": "reads units only", "duty": "reads the roster only", "paraphrase": "suggests for those who may read",
    "human.request": "the bot speaks", "human.propose_urgent": "the bot speaks", "special.place": "the bot speaks",
    "special.hear_more": "the bot speaks",
    "cases.open_case": "the bot speaks", "cases.of_person": "own case", "cases.held_back": "own case",
    "cases.escalate_late": "is the clock", "probing.record": "logs what is refused", "special.check_unit": "a rule",
    "pressure.last_contact": "a fact for the rule", "pressure.flag_withdrawal": "called by withdraw",
    "pressure.flag_changed_rating": "called by rate", "checking.answered_from": "a fact for the rule",
    "supplement.last_moment": "a fact for the rule",
    "unit_work.own_assignment": "is a gate", "answer_link.open_link": "a fact for the unit's page",
    "answer_link.look_through": "the link proves the dispatch", "answer_link.answer_through": "the link proves it",
    "retention": "is the clock", "erasing.erase_originals": "called by erase_words and the clock",
    "guarding.guessable": "a fact for the rule", "guarding.require_guarded": "a rule, called by release",
    "guard_clock": "is the clock", "organised": "is the clock", "same_matter": "a fact for the rule",
    "health.look": "counts without content, for the command line and the monitor too",
}  # fmt: skip


def use_cases() -> list[tuple[str, Callable[..., Any]]]:
    """Every public function of the package that takes a unit of work."""
    found = []
    for info in pkgutil.iter_modules(tickets.__path__):
        module = importlib.import_module(f"tickets.{info.name}")
        for name, thing in inspect.getmembers(module, inspect.isfunction):
            ours = thing.__module__ == module.__name__ and not name.startswith("_")
            if ours and "uow" in inspect.signature(thing).parameters:
                found.append((f"{info.name}.{name}", thing))
    return found


@pytest.mark.parametrize("name", [name for name, _ in use_cases()])
def test_every_use_case_declares_its_action(name: str) -> None:
    thing = dict(use_cases())[name]
    if name in NO_ACTOR or name.partition(".")[0] in NO_ACTOR:
        assert not hasattr(thing, "action")
    else:
        assert thing.action in ACTIONS


def test_a_row_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        read_matrix(MATRIX.replace("speak                ○ ", "speak                "))


def test_the_matrix_of_the_papers() -> None:
    """Some cells of domain §4.3, written down a second time on purpose."""
    assert [role for role in COLUMNS if grant("read_words", role) == "yes"] == [Role.OPERATOR, Role.LEAD]
    assert {role for role in COLUMNS if grant("approve_unsealing", role) != "no"} == {Role.SPECIAL, Role.AUDITOR}
    assert {role for role in COLUMNS if grant("open_identity", role) != "no"} == {Role.SPECIAL}
    assert grant("read_words", Role.SUPERVISOR) == "no" and grant("read_ticket", Role.SUPERVISOR) == "yes"
    assert {action for action in ACTIONS if grant(action, Role.ADMIN) != "no"} == {"administer"}
    units = {action for action in ACTIONS for role in UNIT_ROLES if grant(action, role) != "no"}
    assert units == {"read_paraphrase", "sign", "draft_answer", "release_answer", "ask_hotline", "read_statistics",
                     "read_notices"}  # fmt: skip


def test_workflow_and_matrix_agree() -> None:
    for edge in EDGES:
        for role in edge.roles - {Role.TICK}:
            row = ("supervise" if role in (Role.SUPERVISOR, Role.SPECIAL) else "speak") \
                if edge.action == "escalate" else ROW_OF.get(edge.action)  # fmt: skip
            assert row is not None and grant(row, role) != "no", (edge.action, role)


@dataclass(frozen=True)
class Try:
    """One use case: its row of the matrix, the edges it needs (none: any state in `states`), and how it is called."""

    row: str
    edge: str | None
    call: Callable[[UnitOfWork, Any, Ticket, Actor, Any], object]
    states: frozenset[State] = frozenset(State)


LIVING = frozenset(State) - TERMINAL
FIELDS = unit_work.Fields("属实", "合用一张表", "12月1日前", "会商纪要")


def message(uow: UnitOfWork, ticket: Ticket) -> Message:
    return Message(person=ticket.person, key="k", text="补一句", at=ticket.created_at)


def case_of(uow: UnitOfWork, house: Any, ticket: Ticket, now: Any) -> Any:
    return cases.open_case(uow, house, "retaliation", now, person=ticket.person, ticket=ticket)


def asked(uow: UnitOfWork, ticket: Ticket, now: Any) -> HumanRequest:
    return HumanRequest(person=ticket.person, reason="asked", at=now, ticket_id=ticket.id)


def said(uow: UnitOfWork, ticket: Ticket) -> int:
    row = message(uow, ticket)
    row.ticket_id = ticket.id
    uow.session.add(row)
    uow.session.flush()
    return row.id or 0


def file_of(uow: UnitOfWork, ticket: Ticket) -> int:
    entry = uow.vault.put(uow.session, ticket.person, "file_clean", b"words", ticket.created_at).id or 0
    row = Attachment(ticket_id=ticket.id or 0, vault_entry_id=entry, cleaned_entry_id=entry, kind="document", size=5,
                     media_type="text/plain", at=ticket.created_at)  # fmt: skip
    uow.session.add(row)
    uow.session.flush()
    return row.id or 0


def in_question(ticket: Ticket) -> Ticket:
    ticket.guard = "asked"
    return ticket


REVIEWED = frozenset({State.RECEIVED})
RATED = frozenset({State.RATING, State.CLOSED})
ANSWERING = frozenset({State.IN_PROGRESS, State.REWORKING, State.SUPERVISED})
TRIES: dict[str, Try] = {
    "ask_more": Try("review", "ask_more", lambda u, h, t, a, n: review.ask_more(u, h, t, a, "哪张表", n)),
    "decline": Try("review", "decline", lambda u, h, t, a, n: review.decline(u, h, t, a, "不归本线", "12345", n)),
    "save_draft": Try("draft_paraphrase", "decline", lambda u, h, t, a, n: review.save_draft(u, t, a, "有同志反映", n)),
    "approve": Try("approve", "release", lambda u, h, t, a, n: review.approve(
        u, h, t, a, "有同志反映，表重复", "S023", "全市", n)),
    "release": Try("release", "release", lambda u, h, t, a, n: review.release(u, h, t, a, n)),
    "classify": Try("classify", None, lambda u, h, t, a, n: intake.choose_class(u, t, "excess_seals", a, n), LIVING),
    "join": Try("speak", None, lambda u, h, t, a, n: intake.join(u, h, t, a, "又要一遍", message(u, t), n)),
    "correct": Try("speak", None, lambda u, h, t, a, n: intake.correct(
        u, h, t, a, "改过的话", h.ears.parse("改过的话"), n), REVIEWED),
    "supplement": Try("speak", None, lambda u, h, t, a, n: supplement.add_words(u, h, t, a, message(u, t), n)),
    "urge": Try("speak", None, lambda u, h, t, a, n: supplement.urge(u, t, a, n)),
    "mark_urgent": Try("speak", None, lambda u, h, t, a, n: human.mark_urgent(u, t, a, n)),
    "guard_go_on": Try("speak", None, lambda u, h, t, a, n: guarding.go_on(u, h, in_question(t), a, n), REVIEWED),
    "guard_pause": Try("speak", None, lambda u, h, t, a, n: guarding.pause(u, in_question(t), a, n), REVIEWED),
    "withdraw": Try("speak", "withdraw", lambda u, h, t, a, n: withdrawal.withdraw(u, h, t, a, n)),
    "rate_unsolved": Try("speak", "rework", lambda u, h, t, a, n: rating.rate(u, h, t, a, "unsolved", n)),
    "rate_partly": Try("speak", None, lambda u, h, t, a, n: rating.rate(u, h, t, a, "partly", n), RATED),
    "accept": Try("speak", "close", lambda u, h, t, a, n: rating.accept(u, h, t, a, n)),
    "comment": Try("speak", None, lambda u, h, t, a, n: rating.comment(u, t, a, "还要两份", n)),
    "close": Try("close", "close", lambda u, h, t, a, n: rating.close(u, h, t, a, n)),
    "relapse": Try("speak", "relapse", lambda u, h, t, a, n: rating.relapse(u, h, t, a, n)),
    "sign": Try("sign", "sign", lambda u, h, t, a, n: unit_work.sign(u, h, t, a, n)),
    "draft_answer": Try("draft_answer", None, lambda u, h, t, a, n: unit_work.draft_answer(
        u, t, a, FIELDS, n), ANSWERING),
    "release_answer": Try("release_answer", "answer", lambda u, h, t, a, n: unit_work.release_answer(u, h, t, a, n)),
    "ask_hotline": Try("ask_hotline", None, lambda u, h, t, a, n: unit_work.ask(u, h, t, a, "指哪张表？", n), LIVING),
    "probe": Try("ask_hotline", None, lambda u, h, t, a, n: unit_work.refuse_probe(u, h, t, a, ("谁反映的",), n)),
    "pass": Try("check", "pass", lambda u, h, t, a, n: checking.pass_answer(u, h, t, a, "合用", n)),
    "send_back": Try("check", "send_back", lambda u, h, t, a, n: checking.send_back(u, h, t, a, ["有依据"], n)),
    "hand_over": Try("hand_over", None, lambda u, h, t, a, n: special.hand_over(u, h, t, a, "leak", n), LIVING),
    "note_contact": Try("note_contact", None, lambda u, h, t, a, n: pressure.note_contact(u, h, t, a, n)),
    "report": Try("report_revenge", None, lambda u, h, t, a, n: cases.report(u, h, t, a, None, n)),
    "take_case": Try("work_case", None, lambda u, h, t, a, n: cases.take(u, h, case_of(u, h, t, n), a, n)),
    "read_case": Try("work_case", None, lambda u, h, t, a, n: cases.read_case(u, case_of(u, h, t, n), a)),
    "ask_unsealing": Try("ask_unsealing", None, lambda u, h, t, a, n: unsealing.request(
        u, h, t, a, "danger", "有人威胁反映人", n)),
    "read_ticket": Try("read_ticket", None, lambda u, h, t, a, n: views.staff_view(u, h, t, a)),
    "read_number": Try("read_number", None, lambda u, h, t, a, n: views.dispatch_of(u, t, a)),
    "queue": Try("read_ticket", None, lambda u, h, t, a, n: queue.queue(u, h, a, n, everything=True)),
    "notices": Try("read_notices", None, lambda u, h, t, a, n: queue.notices_for(u, a)),
    "take_person": Try("take_person", None, lambda u, h, t, a, n: human.take(u, asked(u, t, n), a, n)),
    "purge": Try("purge", None, lambda u, h, t, a, n: purge.purge_message(u, h, t, said(u, t), a, n)),
    "erase_words": Try("erase", None, lambda u, h, t, a, n: erasing.erase_words(u, t, a, "asked", n)),
    "erase_identity": Try("erase", None, lambda u, h, t, a, n: erasing.erase_identity(
        u, u.session.get_one(Person, t.person), a, "asked", n)),
    "read_file": Try("read_words", None, lambda u, h, t, a, n: reading.read_file(u, file_of(u, t), a, n)),
    "read_words": Try("read_words", None, lambda u, h, t, a, n: reading.note_words(u, t, a, n)),
    "read_talk": Try("take_person", None, lambda u, h, t, a, n: reading.note_talk(u, t.person, a, n)),
    "note_case": Try("work_case", None, lambda u, h, t, a, n: reading.note_case(u, case_of(u, h, t, n), a, n)),
    "health": Try("administer", None, lambda u, h, t, a, n: health.show(u, a, n)),
    "read_audit": Try("read_audit", None, lambda u, h, t, a, n: auditing.read_log(u, a, n, 0, 20)),
}  # fmt: skip


def expected(name: str, each: Try, role: Role, state: State) -> type[TicketError] | None:
    """What the two tables say."""
    if grant(each.row, role) == "no":
        return NotAllowedError
    if role is Role.SPECIAL and grant(each.row, role) == "own":
        return NotAllowedError  # nobody opened a case about this ticket
    if name == "classify" and role not in OWN:
        return None if state in REVIEWED else WrongStateError
    if each.edge is None:
        return None if state in each.states else WrongStateError
    edges = edges_from(state, each.edge)
    if name == "accept" and edges and role in (Role.OPERATOR, *OWN):
        return None
    if not edges:
        return WrongStateError
    return None if any(role in edge.roles for edge in edges) else NotAllowedError


# the try itself makes what is then refused
OPENS_FIRST = {"take_case", "read_case", "note_case", "purge", "read_file", "guard_go_on", "guard_pause"}


class Stage:
    """A ticket that can be put into any state, with everything a use case may look for."""

    def __init__(self, case: Any) -> None:
        self.case = case
        case.file()
        case.assign()
        with case.database.reading() as uow:
            self.person = uow.session.get_one(Ticket, 1).person
        self.sampled = self._sampled_receipt()

    def _sampled_receipt(self) -> str:
        return next(r for n in range(500) if in_sample(Ticket(receipt=(r := f"JF-{n:04d}"))))

    def actor(self, role: Role) -> Actor:
        if role in OWN:
            return Actor(role, self.person)
        if role is Role.TICK:
            return TICK
        return self.case.actor(role)

    def set(self, uow: UnitOfWork, state: State) -> Ticket:
        ticket = uow.session.get_one(Ticket, 1)
        ticket.state, ticket.closed_at, ticket.receipt = state.value, self.case.now, self.sampled
        if state in ANSWERING or state is State.ANSWERED:
            released = self.case.now if state is State.ANSWERED else None
            uow.session.add(Answer(
                ticket_id=1, unit_code="S023", true_as_told="属实", measure="合用", done_by="月底", basis="纪要",
                released_at=released))  # fmt: skip
        uow.session.flush()
        return ticket


CITY = {"unit", "unit_alias", "county", "township", "contact_point", "leader", "staff", "staff_role", "duty"}


class Undone(Exception):
    """Ends a try without keeping anything."""


def dump(uow: UnitOfWork) -> dict[str, list[Any]]:
    """Every row of the database but the city's own, which are many and never written, to see that nothing changed."""
    uow.session.flush()
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in CITY]
    return {t.name: sorted(map(repr, uow.session.execute(text(f'SELECT * FROM "{t.name}"')))) for t in tables}


@pytest.fixture
def backend() -> str:
    """The tables are the same on both databases: one is enough for thousands of tries."""
    return "sqlite"


def attempt(stage: Stage, each: Try, state: State, actor: Actor) -> tuple[TicketError | None, bool]:
    """Call a use case on a ticket in a state: its refusal, and whether that left something behind; then undo all."""
    case, outcome = stage.case, list[Any]()

    def work(uow: UnitOfWork) -> None:
        ticket = stage.set(uow, state)
        before, refusal = dump(uow), None
        try:
            each.call(uow, case.house, ticket, actor, case.now)
        except TicketError as error:
            refusal = error
        outcome[:] = [refusal, refusal is not None and dump(uow) != before]
        raise Undone

    with pytest.raises(Undone):
        case.database.run(work)
    return outcome[0], outcome[1]


@pytest.mark.parametrize("name", TRIES)
def test_every_role_in_every_state(case: Any, name: str) -> None:
    stage, each = Stage(case), TRIES[name]
    actors = {role: stage.actor(role) for role in Role}
    for state in State:
        for role, actor in actors.items():
            wanted = expected(name, each, role, state)

            error, changed = attempt(stage, each, state, actor)
            assert (error is None) == (wanted is None), (name, role, state, error)
            assert wanted is None or isinstance(error, wanted), (name, role, state, error)
            assert not changed or name in OPENS_FIRST, (name, role, state, "left something behind")


def test_nobody_acts_on_a_foreign_ticket(case: Any) -> None:
    stage = Stage(case)
    strangers = [
        Actor(Role.COMPLAINANT, "p-stranger"), Actor(Role.OBSERVER, "p-stranger"),
        case.actor(Role.CONTACT, unit="青岚市应急管理局"), case.actor(Role.APPROVER, unit="青岚市应急管理局"),
    ]  # fmt: skip
    for action in ACTIONS:
        for actor in strangers:
            if grant(action, actor.role) == "own":
                with case.database.reading() as uow, pytest.raises((NotAllowedError, UnknownTicketError)):
                    check(uow, action, actor, uow.session.get_one(Ticket, 1))
    with case.database.reading() as uow:
        check(uow, "speak", stage.actor(Role.COMPLAINANT), uow.session.get_one(Ticket, 1))


def test_an_auditor_reads_the_sample_only(case: Any) -> None:
    Stage(case)
    auditor = case.actor(Role.AUDITOR)
    with case.database.reading() as uow:
        ticket = uow.session.get_one(Ticket, 1)
        ticket.receipt = "JF-not-drawn-0"
        with pytest.raises(NotAllowedError):
            views.staff_view(uow, case.house, ticket, auditor)


def test_every_row_of_the_matrix_is_somebodys_action_or_waits_for_its_part() -> None:
    declared = {vars(thing)["action"] for _, thing in use_cases() if "action" in vars(thing)}
    asked = {"read_words", "read_number", "close", "release"}  # also asked by name
    waiting = {"decide_return", "merge", "supervise", "read_statistics", "publish_list"}  # parts not built yet
    assert set(ACTIONS) - declared - asked <= waiting


def test_the_log_as_auditor_and_supervisor_read_it(case: Any) -> None:
    Stage(case)
    auditor, supervisor, special_desk = (case.actor(r) for r in (Role.AUDITOR, Role.SUPERVISOR, Role.SPECIAL))
    case.do(lambda uow, t: reading.note_words(uow, t, case.actor(Role.OPERATOR), case.now))
    case.do(lambda uow, t: unsealing.request(uow, case.house, t, special_desk, "danger", "有人威胁", case.now))

    def read(actor: Actor) -> set[str]:
        return case.database.run(
            lambda uow: {row.action for row in auditing.read_log(uow, actor, case.now, 0, 99).rows}
        )

    assert {"ask_unsealing", "read_words", "approve", "release"} <= read(auditor)
    seen = read(supervisor)
    assert {"approve", "release"} <= seen and not seen & {"ask_unsealing", "read_words", "read_audit"}
    own = Actor(Role.AUDITOR, auditor.id, case.code())
    assert not read(own) & {"approve", "release", "ask_unsealing"} and "read_audit" in read(own)
    case.do(lambda uow, t: setattr(t, "special", "department"))
    assert "approve" not in read(supervisor) and "approve" in read(auditor)


def test_the_log_goes_back_page_by_page(case: Any) -> None:
    Stage(case)
    auditor = case.actor(Role.AUDITOR)
    found, before = list[int](), 0
    while before is not None:
        page = case.database.run(lambda uow, b=before: auditing.read_log(uow, auditor, case.now, b, 2))
        found, before = [*found, *(row.id for row in page.rows)], page.older
    with case.database.reading() as uow:
        assert found == sorted(found, reverse=True) and min(found) == min(uow.session.exec(select(Audit.id)))


def test_an_auditor_gets_no_original_file(case: Any) -> None:
    stage = Stage(case)

    def read(uow: UnitOfWork) -> None:
        number = file_of(uow, stage.set(uow, State.RECEIVED))
        assert reading.read_file(uow, number, case.actor(Role.AUDITOR), case.now).content == b"words"
        uow.session.get_one(Attachment, number).cleaned_entry_id = None
        with pytest.raises(NotAllowedError):
            reading.read_file(uow, number, case.actor(Role.AUDITOR), case.now)

    case.database.run(read)


def test_a_supervisor_reads_no_words_and_special_only_its_cases(case: Any) -> None:
    Stage(case)
    with case.database.reading() as uow:
        ticket = uow.session.get_one(Ticket, 1)
        seen = {r: views.staff_view(uow, case.house, ticket, case.actor(r)).words is not None
                for r in (Role.OPERATOR, Role.LEAD, Role.SUPERVISOR, Role.SPECIAL)}  # fmt: skip
    assert seen == {Role.OPERATOR: True, Role.LEAD: True, Role.SUPERVISOR: False, Role.SPECIAL: False}
    case.do(lambda uow, t: cases.open_case(uow, case.house, "leak", case.now, person=t.person, ticket=t))
    with case.database.reading() as uow:
        ticket = uow.session.get_one(Ticket, 1)
        assert views.staff_view(uow, case.house, ticket, case.actor(Role.SPECIAL)).words == ticket.words


def test_who_took_the_call_does_not_close(case: Any) -> None:
    operator = case.actor(Role.OPERATOR)
    case.file(intake_by=operator)
    with pytest.raises(TicketError) as caught:
        case.do(lambda uow, t: setattr(t, "state", "rating"))
        case.do(lambda uow, t: rating.rate(uow, case.house, t, operator, "solved", case.now))
    assert caught.value.key == "error.same_person"
