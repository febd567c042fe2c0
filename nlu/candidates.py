"""Which candidates each fact besides units and object is chosen from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nlu.amounts import Amount, count_candidates, hour_candidates, period_candidates
from nlu.due import due_candidates

CANDIDATES: Mapping[str, Callable[[str, str | None], list[Amount]]] = {
    "times": count_candidates,
    "per": period_candidates,
    "hours": hour_candidates,
    "deadline": due_candidates,
}
