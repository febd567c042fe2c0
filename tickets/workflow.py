"""The whole workflow in one table: which state may follow which, by what action, moved by whom.

Read a row aloud: "from `assigned`, `sign` leads to `in_progress`; a unit contact may do it."
Source: design §4; domain §3.3 (S-codes). Nothing else in the project knows states and their order.
"""

from dataclasses import dataclass
from enum import StrEnum

from tickets.errors import NotAllowedError, WrongStateError


class State(StrEnum):
    """Where a ticket stands (the Chinese names are in texts/)."""

    RECEIVED = "received"
    NEEDS_INFO = "needs_info"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    DECLINED = "declined"
    ASSIGNED = "assigned"
    RETURN_REVIEW = "return_review"
    IN_PROGRESS = "in_progress"
    EXTENSION_REVIEW = "extension_review"
    ANSWERED = "answered"
    RATING = "rating"
    REWORKING = "reworking"
    SUPERVISED = "supervised"
    ON_HOLD = "on_hold"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Role(StrEnum):
    """Who acts. TICK is the clock: time-outs and releases."""

    COMPLAINANT = "complainant"
    OPERATOR = "operator"
    LEAD = "lead"
    CONTACT = "unit_contact"
    APPROVER = "unit_approver"
    SUPERVISOR = "supervisor"
    SPECIAL = "special"
    OBSERVER = "observer"
    ADMIN = "admin"
    AUDITOR = "auditor"
    TICK = "tick"


@dataclass(frozen=True)
class Edge:
    """One permitted move."""

    source: State
    action: str
    target: State
    roles: frozenset[Role]


S, R = State, Role
TERMINAL = frozenset({S.WITHDRAWN, S.ARCHIVED})
UNIT_ROLES = frozenset({R.CONTACT, R.APPROVER})
OWN = (R.COMPLAINANT, R.OBSERVER)  # both speak for themselves and see what is theirs

_TABLE: tuple[tuple[State, str, State, tuple[Role, ...]], ...] = (
    (S.RECEIVED, "ask_more", S.NEEDS_INFO, (R.OPERATOR, R.LEAD, R.SPECIAL)),
    (S.RECEIVED, "merge", S.MERGED, (R.LEAD, R.SPECIAL)),
    (S.RECEIVED, "decline", S.DECLINED, (R.OPERATOR, R.LEAD, R.SPECIAL)),
    (S.RECEIVED, "release", S.ASSIGNED, (R.LEAD, R.SPECIAL, R.TICK)),
    (S.NEEDS_INFO, "info_given", S.RECEIVED, (*OWN, R.OPERATOR, R.TICK)),
    (S.MERGED, "follow_master", S.RATING, (R.OPERATOR, R.LEAD, R.SUPERVISOR, R.SPECIAL, R.TICK)),
    (S.MERGED, "unmerge", S.RECEIVED, (R.LEAD, R.SPECIAL)),
    (S.DECLINED, "object", S.RECEIVED, (*OWN, R.OPERATOR)),
    (S.DECLINED, "archive", S.ARCHIVED, (R.TICK,)),
    (S.ASSIGNED, "sign", S.IN_PROGRESS, (R.CONTACT,)),
    (S.ASSIGNED, "return", S.RETURN_REVIEW, (R.CONTACT,)),
    (S.ASSIGNED, "recall", S.RETURN_REVIEW, (R.LEAD, R.SPECIAL)),
    (S.RETURN_REVIEW, "accept_return", S.ASSIGNED, (R.LEAD, R.SPECIAL)),
    (S.RETURN_REVIEW, "refuse_return", S.IN_PROGRESS, (R.LEAD, R.SPECIAL)),
    (S.IN_PROGRESS, "answer", S.ANSWERED, (R.APPROVER,)),
    (S.IN_PROGRESS, "return", S.RETURN_REVIEW, (R.CONTACT,)),
    (S.IN_PROGRESS, "recall", S.RETURN_REVIEW, (R.LEAD, R.SPECIAL)),
    (S.IN_PROGRESS, "ask_extension", S.EXTENSION_REVIEW, (R.CONTACT,)),
    (S.IN_PROGRESS, "hold", S.ON_HOLD, (R.SUPERVISOR, R.SPECIAL)),
    (S.IN_PROGRESS, "settle", S.RATING, (R.SUPERVISOR, R.SPECIAL)),
    (S.EXTENSION_REVIEW, "decide_extension", S.IN_PROGRESS, (R.LEAD, R.SPECIAL)),
    (S.ANSWERED, "pass", S.RATING, (R.OPERATOR, R.LEAD, R.SUPERVISOR, R.SPECIAL)),
    (S.ANSWERED, "send_back", S.IN_PROGRESS, (R.OPERATOR, R.LEAD, R.SUPERVISOR, R.SPECIAL)),
    (S.ANSWERED, "send_back", S.REWORKING, (R.OPERATOR, R.LEAD, R.SUPERVISOR, R.SPECIAL)),
    (S.ANSWERED, "send_back", S.SUPERVISED, (R.OPERATOR, R.LEAD, R.SUPERVISOR, R.SPECIAL)),
    (S.RATING, "close", S.CLOSED, (*OWN, R.OPERATOR, R.TICK)),
    (S.RATING, "rework", S.REWORKING, (*OWN, R.OPERATOR)),
    (S.RATING, "escalate", S.SUPERVISED, (*OWN, R.OPERATOR)),
    (S.REWORKING, "answer", S.ANSWERED, (R.APPROVER,)),
    (S.REWORKING, "escalate", S.SUPERVISED, (R.SUPERVISOR, R.SPECIAL)),
    (S.REWORKING, "settle", S.RATING, (R.SUPERVISOR, R.SPECIAL)),
    (S.SUPERVISED, "answer", S.ANSWERED, (R.APPROVER,)),
    (S.SUPERVISED, "hold", S.ON_HOLD, (R.SUPERVISOR, R.SPECIAL)),
    (S.SUPERVISED, "settle", S.RATING, (R.SUPERVISOR, R.SPECIAL)),
    (S.ON_HOLD, "resume", S.IN_PROGRESS, (R.SUPERVISOR, R.SPECIAL, R.TICK)),
    (S.ON_HOLD, "settle", S.RATING, (R.SUPERVISOR, R.SPECIAL)),
    (S.CLOSED, "rework", S.REWORKING, (*OWN, R.OPERATOR)),
    (S.CLOSED, "relapse", S.IN_PROGRESS, (*OWN, R.OPERATOR)),
    (S.CLOSED, "archive", S.ARCHIVED, (R.TICK,)),
)

WITHDRAWABLE = (
    S.RECEIVED, S.NEEDS_INFO, S.MERGED, S.ASSIGNED, S.RETURN_REVIEW, S.IN_PROGRESS, S.EXTENSION_REVIEW,
    S.ANSWERED, S.RATING, S.REWORKING, S.SUPERVISED, S.ON_HOLD,
)  # fmt: skip

EDGES: tuple[Edge, ...] = (
    *(Edge(source, action, target, frozenset(roles)) for source, action, target, roles in _TABLE),
    *(Edge(source, "withdraw", S.WITHDRAWN, frozenset({*OWN, R.OPERATOR})) for source in WITHDRAWABLE),
)


def edges_from(state: State, action: str | None = None) -> tuple[Edge, ...]:
    """All permitted moves out of a state, optionally of one action."""
    return tuple(edge for edge in EDGES if edge.source == state and action in (None, edge.action))


def actions_for(state: State, role: Role) -> tuple[str, ...]:
    """What a role may do with a ticket in this state: the buttons of a page."""
    return tuple(dict.fromkeys(edge.action for edge in edges_from(state) if role in edge.roles))


def require(state: State, action: str, target: State, role: Role) -> Edge:
    """The edge of this move; WrongStateError when there is none, NotAllowedError for the wrong role."""
    found = [edge for edge in edges_from(state, action) if edge.target == target]
    if not found:
        raise WrongStateError(state=state.value)
    if role not in found[0].roles:
        raise NotAllowedError(role=role.value)
    return found[0]


def diagram() -> str:
    """The table as a Mermaid state diagram (README shows it; a test keeps it equal)."""
    lines = ["stateDiagram-v2", "    [*] --> received"]
    lines += [f"    {edge.source} --> {edge.target}: {edge.action}" for edge in EDGES]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in sorted(TERMINAL))])
