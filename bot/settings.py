"""Settings: JIANFU_* from the environment or .env, typed, read once; refuses danger in production mode."""

from datetime import time
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.danger import refuse_danger
from bot.errors import SettingsError


class Settings(BaseSettings):
    """Every setting with its default; .env.example explains each."""

    model_config = SettingsConfigDict(env_prefix="JIANFU_", env_file=".env", env_ignore_empty=True, extra="ignore")

    mode: Literal["development", "production"] = "development"
    data_dir: Path = Path("var")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    trusted_proxies: str = "127.0.0.1"
    secret: SecretStr = SecretStr("")
    session_hours: float = Field(default=12, ge=1, le=24)
    session_idle_minutes: int = Field(default=60, ge=5, le=720)
    vault_key_file: Path | None = None
    backup_key_file: Path | None = None
    release: Literal["batch", "at_once"] | None = None
    sla_profile: Literal["default", "beijing"] = "default"
    business_hours: str = "08:30-12:00,14:00-18:00"
    nlu_engine: Literal["local", "rasa"] = "local"
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: SecretStr = SecretStr("")
    rasa_timeout: float = Field(default=0.8, gt=0, le=10)
    model_dir: Path | None = None
    telegram_token: SecretStr = SecretStr("")
    telegram_base_url: str = ""
    telegram_webhook: bool = False
    telegram_in_production: bool = False
    outbox_lease_seconds: float = Field(default=30.0, gt=0)
    sweep_seconds: int = Field(default=10, ge=1, le=59)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def production(self) -> bool:
        """True in production mode."""
        return self.mode == "production"

    @property
    def telegram_on(self) -> bool:
        """A token is set; in production the state's data law asks for a second, deliberate yes (PIPL 36)."""
        return bool(self.telegram_token.get_secret_value()) and (not self.production or self.telegram_in_production)

    @property
    def url(self) -> str:
        """The database: an embedded SQLite file under the data folder unless told otherwise."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'jianfu.db'}"

    @property
    def vault_keys(self) -> Path:
        """The vault's key file."""
        return self.vault_key_file or self.data_dir / "keys" / "vault.key"

    @property
    def backup_keys(self) -> Path:
        """The secret that encrypts backups."""
        return self.backup_key_file or self.data_dir / "keys" / "backup.key"

    @property
    def models(self) -> Path:
        """Where the trained ears lie."""
        return self.model_dir or self.data_dir / "model"

    @property
    def rasa(self) -> Path:
        """Where `make rasa` keeps its environment, models and token."""
        return self.data_dir / "rasa"

    @property
    def how_to_release(self) -> Literal["batch", "at_once"]:
        """Batches at 10:00 and 16:00 are the default in production, at once otherwise (design §4)."""
        return self.release or ("batch" if self.production else "at_once")

    def spans(self) -> tuple[tuple[time, time], ...]:
        """Business hours as pairs of times."""
        pairs = (span.split("-") for span in self.business_hours.split(","))
        return tuple((time.fromisoformat(start.strip()), time.fromisoformat(end.strip())) for start, end in pairs)


def load_settings() -> Settings:
    """Read the settings; SettingsError says in one line what is wrong."""
    try:
        settings = Settings()
        settings.spans()
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"JIANFU_{str(first['loc'][0]).upper()}: {first['msg']}") from error
    except ValueError as error:
        raise SettingsError(f"JIANFU_BUSINESS_HOURS: {error}") from error
    if settings.production:
        refuse_danger(settings)
    return settings
