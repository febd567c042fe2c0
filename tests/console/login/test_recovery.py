"""Recovery codes: kept as hashes, each works once, new ones replace old ones."""

from typing import Any

from sqlmodel import select

from console.login.recovery import HOW_MANY, codes_left, find_code, make_codes, use_code
from storage.models import RecoveryCode


def use(world: Any, login: str, typed: str) -> bool:
    def work(uow: Any) -> bool:
        found = find_code(uow, world.staff_id(uow, login), typed)
        if found is not None:
            use_code(found, world.now)
        return found is not None

    return world.run(work)


def test_each_works_once_and_only_for_its_owner(world: Any) -> None:
    codes = world.run(lambda uow: make_codes(uow, world.staff_id(uow, "lead1")))
    assert len(set(codes)) == HOW_MANY
    assert not use(world, "lead2", codes[0])
    assert use(world, "lead1", codes[0].lower().replace("-", " ")) and not use(world, "lead1", codes[0])
    assert use(world, "lead1", codes[1])
    assert world.run(lambda uow: codes_left(uow, world.staff_id(uow, "lead1"))) == HOW_MANY - 2
    assert not use(world, "lead1", "") and not use(world, "lead1", "AAAAA-AAAAA")


def test_new_ones_replace_old_ones(world: Any) -> None:
    old = world.run(lambda uow: make_codes(uow, world.staff_id(uow, "lead1")))
    world.run(lambda uow: make_codes(uow, world.staff_id(uow, "lead1")))
    assert not use(world, "lead1", old[0])


def test_only_hashes_are_kept(world: Any) -> None:
    codes = world.run(lambda uow: make_codes(uow, world.staff_id(uow, "lead1")))
    kept = str(world.run(lambda uow: [row.code_hash for row in uow.session.exec(select(RecoveryCode))]))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
