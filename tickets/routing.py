"""Which unit must answer: proposed from the names in the text, decided by the triage lead (domain §2.6)."""

from collections.abc import Sequence

from sqlmodel import select

from nlu.understanding import Unit as Heard
from storage.models import Unit, UnitAlias
from storage.unit_of_work import UnitOfWork


def propose(uow: UnitOfWork, heard: Sequence[Heard]) -> str | None:
    """The code of the first unit in the text that the city knows, or None: the lead decides."""
    for unit in heard:
        found = find(uow, unit.name) or find(uow, unit.known or "")
        if found is not None:
            return found.code
    return None


def find(uow: UnitOfWork, name: str) -> Unit | None:
    """A unit by official name, else by alias; of several with one alias the municipal one, if it is alone."""
    named = uow.session.exec(select(Unit).where(Unit.name == name)).first()
    if named is not None:
        return named
    query = select(Unit).join(UnitAlias).where(UnitAlias.alias == name)
    found = list(uow.session.exec(query).unique())
    municipal = [unit for unit in found if unit.level == "city"]
    return municipal[0] if len(municipal) == 1 else found[0] if len(found) == 1 else None


def all_units(uow: UnitOfWork) -> list[Unit]:
    """Every unit, municipal ones first."""
    order = {"city": 0, "county": 1, "township": 2}
    return sorted(uow.session.exec(select(Unit)), key=lambda unit: (order.get(unit.level, 9), unit.code))
