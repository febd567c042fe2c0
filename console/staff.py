"""Who acts: an active member of staff with the roles they hold now, asked again for every action."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from storage.models import Staff, StaffRole
from storage.unit_of_work import UnitOfWork
from tickets.errors import NotAllowedError
from tickets.moving import Actor
from tickets.views import STAFF_ROLES
from tickets.workflow import UNIT_ROLES, Role

DESK_AREA, UNIT_AREA, OBSERVER_AREA = "desk", "unit", "observer"
ROLES_OF: dict[str, tuple[Role, ...]] = {  # which roles work where, in the order in which they are offered
    DESK_AREA: tuple(role for role in Role if role in STAFF_ROLES | {Role.ADMIN, Role.AUDITOR}),
    UNIT_AREA: tuple(role for role in Role if role in UNIT_ROLES),
    OBSERVER_AREA: (Role.OBSERVER,),
}


@dataclass(frozen=True)
class Member:
    """A member of staff as a page needs them."""

    id: int
    display: str
    unit_code: str | None
    roles: tuple[Role, ...]

    def roles_in(self, area: str) -> tuple[Role, ...]:
        """The roles that have something to do in this area."""
        return tuple(role for role in ROLES_OF[area] if role in self.roles)


def area_of(role: Role) -> str | None:
    """Where a role works, or None for roles without pages."""
    return next((area for area, roles in ROLES_OF.items() if role in roles), None)


def find_member(uow: UnitOfWork, staff_id: int) -> Member | None:
    """The active member of staff with this id."""
    staff = uow.session.get(Staff, staff_id)
    if staff is None or not staff.active:
        return None
    held = uow.session.exec(select(StaffRole.role).where(StaffRole.staff_id == staff_id))
    return Member(staff_id, staff.display, staff.unit_code, tuple(Role(role) for role in held))


def acting(uow: UnitOfWork, staff_id: int, *wanted: Role) -> Actor:
    """The actor in the first wanted role still held; NotAllowedError when gone, inactive or without it."""
    member = find_member(uow, staff_id)
    for role in wanted:
        if member is not None and role in member.roles:
            return Actor(role, str(member.id), member.unit_code)
    raise NotAllowedError(role=wanted[0].value)


def display_names(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, str]:
    """Display names of members of staff by id."""
    found = uow.session.exec(select(Staff).where(col(Staff.id).in_(set(ids))))
    return {staff.id or 0: staff.display for staff in found}
