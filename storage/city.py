"""Load the city's files into its tables: places, leaders, units with aliases, staff, duty hours."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import select

from storage.errors import CityFileError
from storage.models import ContactPoint, County, Duty, Leader, Staff, StaffRole, Township, Unit, UnitAlias
from storage.unit_of_work import UnitOfWork

SAMPLE = Path(__file__).parent / "city"


def city_is_empty(uow: UnitOfWork) -> bool:
    """True before any unit was loaded."""
    return uow.session.exec(select(Unit.code).limit(1)).first() is None


def load_city(uow: UnitOfWork, folder: Path = SAMPLE) -> None:
    """Fill the city tables of an empty database; CityFileError names the file that cannot be read."""
    places, leaders = _read(folder, "places"), _read(folder, "leaders")
    uow.session.add_all(County(code=row["code"], name=row["name"]) for row in places["counties"])
    uow.session.flush()
    uow.session.add_all(
        Township(code=row["code"], name=row["name"], county_code=row["county"]) for row in places["townships"]
    )
    uow.session.add_all(Leader(code=row["code"], post=row["post"]) for row in leaders["leaders"])
    uow.session.flush()
    for row in leaders["leaders"]:
        uow.session.add_all(ContactPoint(leader_code=row["code"], township_code=t) for t in row["contact_points"])
    _load_units(uow, _read(folder, "units")["units"])
    _load_staff(uow, _read(folder, "staff")["staff"], _read(folder, "roster")["roster"])
    uow.session.flush()


def unit_dictionary(uow: UnitOfWork) -> dict[str, list[str]]:
    """Official name → everyday names, for the ears."""
    found: dict[str, list[str]] = {}
    for unit, alias in uow.session.exec(select(Unit, UnitAlias).join(UnitAlias)):
        found.setdefault(unit.name, []).append(alias.alias)
    return found


def read_unit_dictionary(path: Path) -> dict[str, list[str]]:
    """Official name → everyday names from a units file."""
    return {row["name"]: list(row["aliases"]) for row in _read(path.parent, path.stem)["units"]}


def _load_units(uow: UnitOfWork, rows: list[Mapping[str, Any]]) -> None:
    for row in rows:
        uow.session.add(Unit(
            code=row["code"], name=row["name"], short=row["aliases"][0], level=row["level"],
            kind=row.get("kind", ""), county_code=row.get("county"),
        ))  # fmt: skip
        uow.session.flush()
        uow.session.add_all(UnitAlias(unit_code=row["code"], alias=alias) for alias in row["aliases"])
    for row in rows:  # parents may stand below their children in the file
        uow.session.get_one(Unit, row["code"]).parent_code = row.get("parent")
    uow.session.flush()


def _load_staff(uow: UnitOfWork, rows: list[Mapping[str, Any]], roster: Mapping[str, Mapping[str, Any]]) -> None:
    ids: dict[str, int] = {}
    for row in rows:
        staff = Staff(login=row["code"], display=row["name"], unit_code=row.get("unit"))
        uow.session.add(staff)
        uow.session.flush()
        ids[row["code"]] = staff.id or 0
        uow.session.add_all(StaffRole(staff_id=ids[row["code"]], role=role) for role in row["roles"])
    for day, hours in roster.items():
        for span in hours.get("desk") or []:
            uow.session.add(_duty(ids[span["staff"]], day, _minute(span["from"]), _minute(span["to"]), False))
        uow.session.add_all(_duty(ids[each], day, 0, 24 * 60, True) for each in hours.get("on_call") or [])


def _duty(staff_id: int, day: str, start: int, end: int, on_call: bool) -> Duty:
    return Duty(staff_id=staff_id, day=day, from_minute=start, to_minute=end, on_call=on_call)


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _read(folder: Path, name: str) -> Any:
    path = folder / f"{name}.yaml"
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CityFileError(f"{path.name}: {error}") from error
