"""Who may do what: the matrix of domain §4.3 as one table, and the gate every use case and every read goes through.

● yes · ○ own or limited (LIMITS says how) · - no. Which state allows what stands in `workflow.py`; both must agree.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import signature
from typing import Literal, ParamSpec, TypeVar

from storage.models import Ticket
from storage.unit_of_work import UnitOfWork
from tickets import audience
from tickets.errors import NotAllowedError, SamePersonError, UnknownTicketError
from tickets.moving import Actor
from tickets.workflow import UNIT_ROLES, Role

Grant = Literal["yes", "own", "no"]
P = ParamSpec("P")
Result = TypeVar("Result")
Limit = Callable[[UnitOfWork, Actor, Ticket], bool]

COLUMNS = (
    Role.COMPLAINANT, Role.OBSERVER, Role.OPERATOR, Role.LEAD, Role.CONTACT, Role.APPROVER, Role.SUPERVISOR,
    Role.SPECIAL, Role.ADMIN, Role.AUDITOR, Role.TICK,
)  # fmt: skip
# The papers print it in these rows; a row here is one action of theirs, the clock has a column of its own.
MATRIX = """
action             反映人 观察员 坐席 组长 联络员 签发人 督办员 专办员 管理员 审计员 时钟
# file, add, withdraw, rate
speak                ○     ○     ●    -     -      -      -      -      -      -     -
report_revenge       ○     ○     ●    -     -      -      -      -      -      -     -
# see L3 of a ticket; a supervisor reads the paraphrase (L2) only
read_ticket          -     -     ●    ●     -      -      ●      ●      -      ○     -
read_words           ○     ○     ●    ●     -      -      -      ○      -      ○     -
read_paraphrase      -     -     -    -     ○      ○      -      -      -      -     -
read_number          -     -     -    ●     -      -      -      ●      -      -     -
read_notices         -     -     ●    ●     ○      ○      ●      ●      -      ●     -
take_person          -     -     ●    ●     -      -      -      -      -      -     -
# secrecy mark: removed by staff; 删除我的信息 and the time limits: by the person and the clock
purge                -     -     ●    ●     -      -      -      ○      -      -     -
erase                ○     ○     -    -     -      -      -      -      -      -     ●
# see L4 identity: two-person unsealing
ask_unsealing        -     -     -    -     -      -      -      ●      -      -     -
approve_unsealing    -     -     -    -     -      -      -      ●      -      ●     -
open_identity        -     -     -    -     -      -      -      ●      -      -     -
read_unsealings      -     -     -    -     -      -      -      ●      -      ●     -
# edit class, slots; the person answers the class buttons
classify             ○     ○     ●    ●     -      -      -      ●      -      -     -
# approve the paraphrase and assign
review               -     -     ●    ●     -      -      -      ●      -      -     -
draft_paraphrase     -     -     ●    ●     -      -      -      ●      -      -     -
approve              -     -     -    ●     -      -      -      ●      -      -     -
release              -     -     -    ●     -      -      -      ●      -      -     ●
# sign, return, extend, reply; what only the special desk sees, only it can decide
sign                 -     -     -    -     ○      -      -      -      -      -     -
draft_answer         -     -     -    -     ○      ○      -      -      -      -     -
release_answer       -     -     -    -     -      ○      -      -      -      -     -
decide_return        -     -     -    ●     -      -      -      ○      -      -     -
ask_hotline          -     -     -    -     ○      ○      -      -      -      -     -
# check the reply, send it back; close
check                -     -     ●    ●     -      -      ●      ●      -      -     -
close                ○     ○     ○    ●     -      -      ●      ●      -      -     ●
# merge; supervise, halt, strike off
merge                -     -     -    ●     -      -      -      ●      -      -     -
supervise            -     -     -    -     -      -      ●      ●      -      -     ●
# the special desk
hand_over            -     -     ●    ●     -      -      ●      ●      -      -     -
note_contact         -     -     ●    ●     -      -      -      ●      -      -     -
work_case            -     -     -    -     -      -      -      ●      -      -     -
# digest, warnings, list; users, configuration, backup; audit log
read_statistics      -     ●     ●    ●     ○      ○      ●      ●      -      ●     -
publish_list         -     -     -    -     -      -      ●      -      -      -     -
administer           -     -     -    -     -      -      -      -      ●      -     -
read_audit           -     -     -    -     -      -      ○      -      -      ●     -
"""
_GRANTS: Mapping[str, Grant] = {"●": "yes", "○": "own", "-": "no"}


def read_matrix(printed: str) -> dict[tuple[str, Role], Grant]:
    """The printed table as a mapping; a row with a cell too few or too many is refused."""
    rows = [line.split() for line in printed.strip().splitlines()[1:] if not line.startswith("#")]
    return {
        (name, role): _GRANTS[cell] for name, *cells in rows for role, cell in zip(COLUMNS, cells, strict=True)
    }  # fmt: skip


_TABLE = read_matrix(MATRIX)
ACTIONS = tuple(dict.fromkeys(action for action, _ in _TABLE))


def _mine(uow: UnitOfWork, actor: Actor, ticket: Ticket) -> bool:
    return ticket.person == actor.id


def _our_unit(uow: UnitOfWork, actor: Actor, ticket: Ticket) -> bool:
    return audience.handled_by(uow, ticket) == actor.unit_code


def _special(uow: UnitOfWork, actor: Actor, ticket: Ticket) -> bool:
    return audience.is_special_case(uow, ticket)


def _sampled(uow: UnitOfWork, actor: Actor, ticket: Ticket) -> bool:
    return audience.in_sample(ticket)


def _not_own_intake(uow: UnitOfWork, actor: Actor, ticket: Ticket) -> bool:
    return ticket.intake_by is None or ticket.intake_by != actor.staff_id


LIMITS: Mapping[Role, Limit] = {
    Role.COMPLAINANT: _mine, Role.OBSERVER: _mine, Role.OPERATOR: _not_own_intake, Role.CONTACT: _our_unit,
    Role.APPROVER: _our_unit, Role.SPECIAL: _special, Role.AUDITOR: _sampled, Role.SUPERVISOR: _special,
}  # fmt: skip


def grant(action: str, role: Role) -> Grant:
    """What the table says."""
    return _TABLE[action, role]


def may(uow: UnitOfWork, action: str, actor: Actor, ticket: Ticket | None = None) -> bool:
    """The table, its limit for this ticket, and the ticket's audience (domain §4.3 Conflict rule)."""
    given = grant(action, actor.role)
    if given == "no" or ticket is None:
        return given != "no"
    if given == "own" and not LIMITS[actor.role](uow, actor, ticket):
        return False
    return audience.reaches(uow, ticket, actor)


def check(uow: UnitOfWork, action: str, actor: Actor, ticket: Ticket | None = None) -> None:
    """NotAllowedError when the table says no; out of the audience a ticket looks unknown, its very being is news."""
    if grant(action, actor.role) == "no":
        raise NotAllowedError(role=actor.role.value)
    if ticket is not None and actor.role not in UNIT_ROLES and not audience.reaches(uow, ticket, actor):
        raise UnknownTicketError
    if not may(uow, action, actor, ticket):
        raise (SamePersonError if actor.role is Role.OPERATOR else NotAllowedError)(role=actor.role.value)


def acts(action: str, by: str = "actor") -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    """Declare the action of a use case and check it before anything happens.

    `by` names the acting parameter; None there is the person who speaks for themself.
    """
    if action not in ACTIONS:
        raise KeyError(action)

    def declare(use_case: Callable[P, Result]) -> Callable[P, Result]:
        shape = signature(use_case)

        @wraps(use_case)
        def checked(*args: P.args, **kwargs: P.kwargs) -> Result:
            given = shape.bind(*args, **kwargs).arguments
            if (actor := given.get(by)) is not None:
                check(given["uow"], action, actor, given.get("ticket"))
            return use_case(*args, **kwargs)

        vars(checked)["action"] = action
        return checked

    return declare
