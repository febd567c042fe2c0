"""What `make run` does beyond serving: train when there is no model, print addresses and sign-in links."""

import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot.danger import LOOPBACK
from bot.errors import SettingsError
from bot.house import Plant
from bot.settings import Settings
from nlu.errors import ModelError
from nlu.model import load_model
from nlu.train import train_ears
from tickets.workflow import Role

ROLES = (Role.OPERATOR, Role.LEAD, Role.CONTACT, Role.APPROVER, Role.SUPERVISOR)
DATA = Path(__file__).parent.parent / "nlu" / "data"


def ensure_model(settings: Settings) -> None:
    """Train the ears once; one made for an earlier version of the features is set aside and trained again."""
    try:
        load_model(settings.models)
    except ModelError:
        train_into(settings.models)


def train_into(folder: Path) -> None:
    """Train into a neighbouring folder and rename: a killed training leaves no half model."""
    console = Console(stderr=True)
    started = time.monotonic()
    console.print("training the ears from nlu/data …")
    fresh = folder.with_name(folder.name + ".new")
    train_ears(DATA, fresh)
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}.{int(time.time())}"))
    fresh.rename(folder)
    console.print(f"trained in {time.monotonic() - started:.0f} s → {folder}")


def link_for(plant: Plant, role: str, now: datetime, login: str | None = None) -> str:
    """A one-time sign-in link as something to click; SettingsError in production, where only invitations lead in."""
    from console.sign_in import make_link

    if plant.settings.production:
        raise SettingsError("sign-in links are for development; in production invite people: jianfu invite ROLE LOGIN")
    path = plant.database.run(lambda uow: make_link(uow, role, now, login))
    return f"{_base(plant.settings)}{path}"


def invite_to(plant: Plant, role: Role, login: str, now: datetime, name: str, unit: str | None) -> tuple[str, str]:
    """An invitation as something to hand over, and the account name."""
    from console.login.invitations import invite

    invited = plant.database.run(lambda uow: invite(uow, role, login, now, name, unit))
    return f"{_base(plant.settings)}{invited.path}", invited.login


def announce(plant: Plant) -> None:
    """Print where everything is; links only on loopback and never in production mode."""
    settings, console = plant.settings, Console(soft_wrap=True)
    console.print(f"\nweb chat   {_base(settings)}/", highlight=False)
    if settings.production or settings.host not in LOOPBACK:
        console.print(
            f"desk       {_base(settings)}/desk   (people get in with: jianfu invite ROLE LOGIN)", highlight=False
        )
        return
    for role in ROLES:
        console.print(f"{role.value:<14} {link_for(plant, role.value, datetime.now(UTC))}", highlight=False)
    console.print("each link signs in once, within a day; more with: jianfu login-link ROLE\n", highlight=False)


def _base(settings: Settings) -> str:
    if settings.production and not settings.public_url:
        raise SettingsError("production needs JIANFU_PUBLIC_URL")
    return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
