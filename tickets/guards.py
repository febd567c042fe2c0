"""The names of the protections of a complainant who could be guessed (rules: tickets/guarding.py)."""

from enum import StrEnum


class Guard(StrEnum):
    """How a guessable complainant is protected, and how far that has come."""

    POOL = "pool"  # waits for others
    POOLED = "pooled"  # others came, or the time is over
    INSPECTION = "inspection"  # goes to the unit as the hotline's own finding
    ASKED = "asked"  # the person is being asked
    CONSENTED = "consented"  # the person says: go on
    PAUSED = "paused"  # the person says: not now
