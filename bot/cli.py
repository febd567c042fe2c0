"""The command line `jianfu`; errors end in one line and exit code 2."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.errors import BotError
from bot.house import Plant, build, ears_of, open_database, prepare
from bot.keeping import add_commands
from bot.logs import configure_logs
from bot.settings import Settings, load_settings
from nlu.errors import NluError
from storage.city import SAMPLE, read_unit_dictionary
from storage.errors import StorageError
from tickets.errors import TicketError
from tickets.workflow import Role

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
add_commands(app)
EVALUATION = Path(__file__).parent.parent / "tests" / "eval"
Engine = Literal["local", "rasa"]
ModelDir = Annotated[Path | None, typer.Option("--model", help="folder of a trained model")]


def main() -> None:
    """Entry point: one clear line and exit code 2 for everything that is not a bug."""
    try:
        app()
    except (BotError, StorageError, NluError, TicketError) as error:
        print(f"jianfu: {error}", file=sys.stderr)
        raise SystemExit(2) from error


@app.command()
def run() -> None:
    """Prepare what is missing (model, schema, sample city), print sign-in links, serve."""
    from bot.first_run import announce, ensure_model
    from bot.server import serve

    settings = _settings()
    ensure_model(settings)
    plant = build(settings, prepare(settings))
    announce(plant)
    serve(plant)


@app.command()
def serve() -> None:
    """Serve web chat, desk and API over a migrated database."""
    from bot.server import serve as serve_plant

    serve_plant(build(_settings()))


@app.command()
def worker() -> None:
    """Work without pages: send what was left behind, call the clock, poll Telegram."""
    from bot.worker import work

    work(build(_settings()))


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from storage.migrate import migrate as upgrade

    upgrade(open_database(_settings()).engine)
    print("migrated")


@app.command()
def chat() -> None:
    """Talk in the terminal."""
    from bot.channels.terminal import talk_here
    from bot.first_run import ensure_model
    from bot.server import wall_clock

    settings = _settings()
    ensure_model(settings)
    plant = build(settings, prepare(settings))
    talk_here(plant.database, plant.house, wall_clock)


@app.command()
def demo() -> None:
    """Play one whole ticket on a scratch database with its own clock, all four sides."""
    from bot.demo import play
    from bot.first_run import ensure_model

    settings = _settings()
    ensure_model(settings)
    play(settings)


@app.command("login-link")
def login_link(
    role: str, login: Annotated[str | None, typer.Option(help="whose link; default the first")] = None
) -> None:
    """Print a one-time sign-in link for a role (development only)."""
    from bot.first_run import link_for

    print(link_for(_plant(), role, datetime.now(UTC), login))


@app.command()
def invite(
    role: Role,
    login: Annotated[str, typer.Argument(help="account name; an observer gets one when it is left out")] = "",
    name: Annotated[str, typer.Option(help="for a new account: what colleagues read; an observer chooses it")] = "",
    unit: Annotated[str | None, typer.Option(help="for a new account of a unit: its code")] = None,
) -> None:
    """Print a one-time invitation to set a password and a second factor; a new account is made where there is none."""
    from bot.first_run import invite_to

    path, account = invite_to(_plant(), role, login, datetime.now(UTC), name, unit)
    print(f"{account}  {path}")


@app.command()
def parse(
    model: ModelDir = None,
    units: Annotated[Path, typer.Option(help="units file with aliases")] = SAMPLE / "units.yaml",
    engine: Annotated[Engine | None, typer.Option(help="default: the one of the settings")] = None,
) -> None:
    """Understand JSON lines {"text", "at"?} from stdin, one answer line each, in order."""
    from bot.first_run import ensure_model
    from bot.parsing import parse_lines

    settings = load_settings()
    if model is None:
        ensure_model(settings)
    chosen = {"model_dir": model or settings.models, "nlu_engine": engine or settings.nlu_engine}
    parse_lines(sys.stdin, sys.stdout, ears_of(settings.model_copy(update=chosen), read_unit_dictionary(units)))


@app.command("train-ears")
def train_ears(out: Annotated[Path | None, typer.Option(help="where the model goes")] = None) -> None:
    """Train the product's own model from nlu/data."""
    from bot.first_run import train_into

    settings = _settings()
    train_into(out or settings.models)


@app.command("eval")
def eval_ears(
    data: Annotated[Path, typer.Option(help="folder with complaints, intents and slots .jsonl")] = EVALUATION,
    model: ModelDir = None,
    voices: Annotated[bool, typer.Option(help="leave every voice of the training rows out once (minutes)")] = True,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure the product's ears on messages kept apart: classes, intents, safety, facts, and on voices left out."""
    import json

    from bot.first_run import DATA, ensure_model
    from nlu.quality import measure_ears

    settings = _settings()
    ensure_model(settings)
    found = measure_ears(data, model or settings.models, DATA if voices else None)
    print(json.dumps(found.as_json(), ensure_ascii=False) if as_json else found.as_text())


@app.command()
def train(data: Annotated[Path, typer.Option()], out: Annotated[Path, typer.Option()]) -> None:
    """Train a classifier on any JSON lines {"text", "label"}."""
    from bot.parsing import read_rows
    from nlu.train import train as fit

    print(fit(read_rows(data), out))


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option()],
    model: Annotated[Path, typer.Option()],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Measure a trained classifier on JSON lines {"text", "label"}."""
    import json

    from bot.parsing import read_rows
    from nlu.evaluate import evaluate as measure

    found = measure(read_rows(data), model)
    print(json.dumps(found.as_json(), ensure_ascii=False) if as_json else found.as_text())


def _settings() -> Settings:
    settings = load_settings()
    configure_logs(settings.log_level)
    return settings


def _plant() -> Plant:
    return build(_settings())
