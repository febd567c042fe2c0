"""Commands of keeping: rotate-keys, backup, restore, verify-audit, health. Errors end in one line and exit code 2."""

import json
import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.heads import heads_of, note_restore
from bot.house import open_database
from bot.logs import configure_logs
from bot.settings import Settings, load_settings
from storage import audit
from storage.audit_check import verify
from storage.backup import back_up
from storage.casket import read_secret
from storage.database import Database, make_engine
from storage.keyring import read_keyring, write_private
from storage.migrate import head_revision, require_current
from storage.restore import restore as put_back
from storage.rotation import rotate
from storage.unit_of_work import UnitOfWork
from tickets.health import look
from tickets.workflow import Role

KeyFile = Annotated[Path | None, typer.Option("--key-file", help="secret of the backup, mode 0600; default a setting")]


def add_commands(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("rotate-keys")(rotate_keys)
    app.command("backup")(backup)
    app.command("restore")(restore)
    app.command("verify-audit")(verify_audit)
    app.command("health")(health)


def rotate_keys() -> None:
    """Make a new vault key, seal everything anew, drop the old keys; run again when it was cut short."""
    settings, database = _opened()
    done = rotate(database, settings.vault_keys, settings.data_dir, _now, typer.echo)
    _note(database, "rotate_keys", resealed=done.resealed, finished=done.finished)
    if done.finished:
        typer.echo(f"{done.resealed} values sealed with the new key; old keys dropped")
        return
    for place in done.unopened:
        typer.echo(f"no key opens {place}")
    typer.echo("old keys kept")
    raise typer.Exit(1)


def backup(file: Path, key_file: KeyFile = None) -> None:
    """Write one encrypted file with everything in the database; replaces FILE only when complete and verified."""
    settings, database = _opened()
    path = _backup_key(settings, key_file)
    _note(database, "backup")
    counts = back_up(database, file, read_secret(path), settings.vault_keys, _now())
    typer.echo(f"{sum(counts.values())} rows of {len(counts)} tables in {file}; its key is {path}")


def restore(
    file: Path,
    key_file: KeyFile = None,
    overwrite: Annotated[bool, typer.Option(help="replace what is in the database")] = False,
) -> None:
    """Verify a backup and put it into the database; stop every other jianfu process first."""
    settings = _settings()
    path = _backup_key(settings, key_file, make=False)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = make_engine(settings.url)
    counts = put_back(engine, file, read_secret(path), settings.vault_keys, _now(), overwrite)
    note_restore(settings.data_dir, file.name)
    typer.echo(f"{sum(counts.values())} rows of {len(counts)} tables restored")


def verify_audit(
    heads: Annotated[list[Path] | None, typer.Option(help="a log with exported heads; may be given again")] = None,
) -> None:
    """Check the audit log against its chain and the exported heads; exit code 1 when anything was touched."""
    settings, database = _opened()
    with database.reading() as uow:
        report = verify(uow, heads_of(settings.data_dir, heads or []))
    for line in report.damage:
        typer.echo(f"DAMAGE {line}")
    typer.echo(
        f"{report.sealed} rows in {report.seals} seals checked; {report.tail} not sealed yet; head {report.head}"
    )
    if report.damage:
        raise typer.Exit(1)


def health() -> None:
    """Counts only, as JSON: outbox, processes, schedules, audit, disk, versions, age of the key."""
    settings, database = _opened()
    with database.reading() as uow:
        counts = look(uow, _now()).as_json()
    typer.echo(json.dumps({**counts, **machine(settings)}, ensure_ascii=False, indent=1))


def machine(settings: Settings) -> dict[str, int | str | None]:
    """What does not stand in the database: free disk, schema, age of the newest vault key."""
    made = read_keyring(settings.vault_keys).made
    free = shutil.disk_usage(settings.data_dir).free
    return {
        "disk_free_mb": free // (1024 * 1024), "schema": head_revision(),
        "key_age_days": (_now() - made).days if made else None,
    }  # fmt: skip


def _note(database: Database, action: str, **detail: int) -> None:
    def work(uow: UnitOfWork) -> None:
        audit.write(uow, action, Role.ADMIN.value, audit.CLI, _now(), None, None, **detail)

    database.run(work)


def _backup_key(settings: Settings, given: Path | None, make: bool = True) -> Path:
    """The key file given, the one of the settings, or, in development, one made beside the vault's."""
    path = given or settings.backup_keys
    own = given is None and settings.backup_key_file is None and not settings.production
    if own and make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(48).encode())
    return path


def _opened() -> tuple[Settings, Database]:
    settings = _settings()
    database = open_database(settings)
    require_current(database.engine)
    return settings, database


def _settings() -> Settings:
    settings = load_settings()
    configure_logs(settings.log_level)
    return settings


def _now() -> datetime:
    return datetime.now(UTC)
