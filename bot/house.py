"""The composition root: settings in, everything else out. Only this file builds the objects of the product."""

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import NoModelError
from bot.settings import Settings
from console.login.rules import LoginRules
from nlu.ears import load_ears
from nlu.rasa.engine import RasaEars
from nlu.rasa.service import own_token
from nlu.taxonomy import load_taxonomy
from storage.city import city_is_empty, load_city, unit_dictionary
from storage.database import Database, make_engine
from storage.migrate import migrate, require_current
from storage.vault import load_vault
from texts.catalogue import load_catalogue
from tickets.calendar import load_calendar
from tickets.clock import BusinessHours, Clock
from tickets.house import House, Listener

SECRET_FILE = "session.key"


@dataclass(frozen=True)
class Plant:
    """The running parts: settings, database, house."""

    settings: Settings
    database: Database
    house: House


def open_database(settings: Settings) -> Database:
    """The database of the settings, with this process as lease owner; checks nothing yet."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    vault = load_vault(settings.vault_keys, create=not settings.production)
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    return Database(make_engine(settings.url), vault, owner, settings.outbox_lease_seconds)


def prepare(settings: Settings) -> Database:
    """First start: migrate, load the sample city when the database is empty."""
    database = open_database(settings)
    migrate(database.engine)
    with database.unit_of_work() as uow:
        if city_is_empty(uow):
            load_city(uow)
            uow.commit()
    return database


def build(settings: Settings, database: Database | None = None) -> Plant:
    """Everything a serving process needs; refuses a database that is newer or not migrated."""
    database = database or open_database(settings)
    require_current(database.engine)
    with database.reading() as uow:
        units = unit_dictionary(uow)
    return Plant(settings, database, build_house(settings, ears_of(settings, units)))


def ears_of(settings: Settings, units: dict[str, list[str]]) -> Listener:
    """The trained ears, asking a Rasa server first when the settings say so; NoModelError when nothing was trained."""
    if not settings.models.exists():
        raise NoModelError
    local = load_ears(settings.models, units)
    if settings.nlu_engine == "local":
        return local
    token = settings.rasa_token.get_secret_value() or own_token(settings.rasa)
    return RasaEars(local, load_taxonomy(), settings.rasa_url, token, settings.rasa_timeout)


def build_house(settings: Settings, ears: Listener) -> House:
    """Clock, ears, taxonomy and texts as the settings want them."""
    clock = Clock(load_calendar(), BusinessHours(spans=settings.spans()), settings.sla_profile)
    return House(clock, ears, load_taxonomy(), load_catalogue(), settings.how_to_release)


def login_rules(settings: Settings) -> LoginRules:
    """In production staff need a second factor and nobody signs in by a bare link."""
    return LoginRules(
        second_factor=settings.production, links=not settings.production, base_url=settings.public_url.rstrip("/"),
        idle=timedelta(minutes=settings.session_idle_minutes), lasts=timedelta(hours=settings.session_hours),
    )  # fmt: skip


def session_secret(settings: Settings) -> str:
    """The key that signs desk sessions; made once in development, given from outside in production."""
    given = settings.secret.get_secret_value()
    if given:
        return given
    path = settings.data_dir / "keys" / SECRET_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return path.read_text()
