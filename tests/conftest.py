"""Shared fixtures: the trained ears, a house, a migrated database with the sample city, people who act."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from nlu.ears import Ears, load_ears
from nlu.taxonomy import Taxonomy, load_taxonomy
from nlu.train import train_ears
from storage.city import SAMPLE, load_city, read_unit_dictionary
from storage.database import Database, make_engine
from storage.migrate import migrate
from storage.vault import load_vault
from tests.postgres import binaries, drop_database, fresh_database, server
from texts.catalogue import Catalogue, load_catalogue
from tickets.calendar import load_calendar
from tickets.clock import Clock
from tickets.house import House

ROOT = Path(__file__).parent.parent
NLU_DATA = ROOT / "nlu" / "data"


def required(name: str) -> bool:
    """True when JIANFU_REQUIRE says that a missing part is a failure, not a skip."""
    return name in os.environ.get("JIANFU_REQUIRE", "").split(",")


def skip_without(name: str, why: str) -> None:
    """Skip with a reason, or fail where the part is required."""
    if required(name):
        pytest.fail(f"JIANFU_REQUIRE={name}, but {why}")
    pytest.skip(f"{why} (make system-deps installs it)")


@pytest.fixture(scope="session")
def texts() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture(scope="session")
def clock() -> Clock:
    return Clock(load_calendar())


@pytest.fixture(scope="session")
def model_dir() -> Path:
    """The trained model of today's code and data, trained once and kept in var/test-models."""
    digest = hashlib.sha256()
    sources = [*sorted(NLU_DATA.rglob("*")), *sorted((ROOT / "nlu").glob("*.py"))]
    for path in (each for each in sources if each.is_file()):
        digest.update(path.read_bytes())
    folder = ROOT / "var" / "test-models" / digest.hexdigest()[:16]
    if not folder.exists():
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        train_ears(NLU_DATA, fresh)
        try:
            fresh.rename(folder)
        except OSError:  # another run trained the same model meanwhile
            shutil.rmtree(fresh)
    return folder


@pytest.fixture(scope="session")
def ears(model_dir: Path) -> Ears:
    return load_ears(model_dir, read_unit_dictionary(SAMPLE / "units.yaml"))


@pytest.fixture
def house(clock: Clock, ears: Ears, taxonomy: Taxonomy, texts: Catalogue) -> House:
    return House(clock, ears, taxonomy, texts, "at_once", Random(7))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server for the whole run."""
    if binaries() is None:
        skip_without("postgres", "no PostgreSQL server on this machine")
    with server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database with the sample city, to be copied for every test."""
    url = fresh_database(postgres)
    engine = make_engine(url)
    migrate(engine)
    vault = load_vault(tmp_path_factory.mktemp("keys") / "vault.key", create=True)
    Database(engine, vault, "template").run(load_city)
    engine.dispose()
    return url


@pytest.fixture
def backend() -> str:
    """Which database a test runs on; folders whose tests run on both say so in their conftest."""
    return "sqlite"


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database with the sample city, thrown away afterwards."""
    if backend == "sqlite":
        url = f"sqlite:///{tmp_path / 'test.db'}"
        engine = make_engine(url)
        migrate(engine)
        Database(engine, load_vault(tmp_path / "keys" / "vault.key", create=True)).run(load_city)
        engine.dispose()
        yield url
        return
    url = fresh_database(request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template"))
    yield url
    drop_database(url)


@pytest.fixture
def database(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A migrated database with the sample city."""
    engine = make_engine(database_url)
    yield Database(engine, load_vault(tmp_path / "keys" / "vault.key", create=True), "test", 30.0)
    engine.dispose()
