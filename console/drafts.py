"""What people are typing: kept in memory so that neither a refusal nor a reload of the page loses it."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Kind = TypeVar("Kind")
MOST = 2000


@dataclass
class StaffDraft:
    """The fields of the ticket page."""

    paraphrase: str = ""
    suggested: str = ""
    unit_code: str | None = None
    reach: str | None = None
    way: str | None = None
    life: bool = False
    t_class: str = "T2"
    question: str = ""
    reason: str = ""
    channel: str = ""
    line: str = ""
    why: str = ""
    missing: list[str] = field(default_factory=list)


@dataclass
class AnswerDraft:
    """The four fields of a unit's answer."""

    true_as_told: str = ""
    measure: str = ""
    done_by: str = ""
    basis: str = ""
    question: str = ""


class Drafts(Generic[Kind]):
    """Drafts by member of staff and ticket; the oldest go when there are too many."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[Kind, Kind]] = {}

    def get(self, staff_id: int, ticket: str, fresh: Kind) -> Kind:
        """What was typed; a draft nobody touched gives way to `fresh`, which holds what colleagues saved."""
        begun = self._kept.pop((staff_id, ticket), None)
        if begun is None or begun[0] == begun[1]:
            begun = (fresh, deepcopy(fresh))
        if len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[(staff_id, ticket)] = begun
        return begun[0]

    def drop(self, staff_id: int, ticket: str) -> None:
        """The draft was used."""
        self._kept.pop((staff_id, ticket), None)
