"""Training a Rasa model and serving it on the loopback address, behind a token."""

from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import httpx

from nlu.rasa.environment import clean, run
from nlu.rasa.errors import CommandError
from nlu.rasa.export import Classifier, export

HOST = "127.0.0.1"
_TOKEN = "JIANFU_RASA_TOKEN"
# The token goes in by the environment: a command line can be read by everybody on the machine.
_LAUNCH = (
    "import os, sys; from rasa.__main__ import main; "
    f"sys.argv = ['rasa', *sys.argv[1:], '--auth-token', os.environ.pop('{_TOKEN}')]; main()"
)
_POLL_SECONDS = 0.25
_STOP_SECONDS = 10


def train_rasa(python: Path, folder: Path, data: Path, environ: Mapping[str, str], classifier: Classifier) -> Path:
    """Train on the rows under `data`; return the model, an old one if rows and pipeline are the same."""
    project = export(data, folder / f"project-{classifier}", classifier)
    stamp = hashlib.sha256(project.data_hash.encode() + (project.folder / "config.yml").read_bytes()).hexdigest()
    model = folder / "models" / f"{classifier}-{stamp[:12]}.tar.gz"
    if model.exists():
        return model
    model.parent.mkdir(parents=True, exist_ok=True)
    files = ["--config", "config.yml", "--nlu", "nlu.yml", "--domain", "domain.yml"]
    with TemporaryDirectory(dir=model.parent) as fresh:
        goal = ["--out", str(Path(fresh).resolve()), "--fixed-model-name", "model"]
        # Rasa has no way to force a training but an empty cache.
        settings = _settings(folder, environ) | {"RASA_CACHE_DIRECTORY": str(Path(fresh).resolve() / "cache")}
        run([str(python.absolute()), "-m", "rasa", "train", "nlu", *files, *goal], project.folder, settings)
        (Path(fresh) / "model.tar.gz").replace(model)
    for old in set(model.parent.glob(f"{classifier}-*.tar.gz")) - {model}:
        old.unlink(missing_ok=True)
    return model


def serve_rasa(
    python: Path, folder: Path, model: Path, environ: Mapping[str, str], port: int, token: str, log: IO[bytes] | None
) -> subprocess.Popen[bytes]:
    """Start serving a model on the loopback address; the process is the caller's to end."""
    if not token:
        raise CommandError("a token is needed: without one Rasa lets everybody in")
    # No channels: without a file that says so Rasa opens a chat that asks for no token.
    (folder / "channels.yml").write_text("{}\n", encoding="ascii")
    where = ["--interface", HOST, "--port", str(port)]
    what = ["--enable-api", "--model", str(model.resolve()), "--credentials", "channels.yml"]
    return subprocess.Popen(
        [str(python.absolute()), "-c", _LAUNCH, "run", *what, *where],
        cwd=folder,
        env=_settings(folder, environ) | {_TOKEN: token},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )


def wait_ready(process: subprocess.Popen[bytes], port: int, token: str, seconds: float) -> None:
    """Wait until the server has loaded its model."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise CommandError(f"the server ended with {process.returncode}")
        if _answers(port, token):
            return
        time.sleep(_POLL_SECONDS)
    raise CommandError(f"the server was not ready after {seconds:.0f} s")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server, gently first."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def own_token(folder: Path) -> str:
    """Return the token in `folder`/token, made on first use and readable by the owner only."""
    path = folder / "token"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token := secrets.token_urlsafe(24))
    return token


def _answers(port: int, token: str) -> bool:
    request = httpx.Request("GET", f"http://{HOST}:{port}/status", params={"token": token})
    # A bare transport: no proxy of the environment, no log line with the token in its address.
    with httpx.HTTPTransport() as transport:
        try:
            return transport.handle_request(request).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


def _settings(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    scratch = folder.resolve() / "tmp"  # jieba keeps and trusts a cache in the scratch folder: let it be ours alone
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}
    return clean(environ) | quiet | {"TMPDIR": str(scratch), "PYTHONWARNINGS": "ignore"}
