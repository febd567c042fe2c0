"""An environment of its own for Rasa: a fitting Python is looked for, packages are pinned."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nlu.rasa.errors import CommandError, NoPythonError

VERSIONS = ("3.10", "3.9", "3.8")  # best first; Rasa 3.6 runs on no other
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_MARK = "installed"
_PROBE = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
_PROBE_SECONDS = 20


def find_python(environ: Mapping[str, str]) -> Path:
    """Return a Python that Rasa runs on, from PATH or pyenv."""
    for version in VERSIONS:
        for candidate in _candidates(version, environ):
            if _version(candidate) == version:
                return candidate
    raise NoPythonError(f"looked for {', '.join(VERSIONS)}")


def environment_ready(folder: Path) -> bool:
    """Tell whether the environment under `folder` is whole and has today's packages."""
    mark = folder / "venv" / _MARK
    return mark.is_file() and mark.read_text(encoding="ascii") == _wanted()


def make_environment(folder: Path, environ: Mapping[str, str]) -> Path:
    """Make the environment in `folder`/venv unless it is ready; return its Python."""
    folder = folder.resolve()
    venv = folder / "venv"
    python = venv / "bin" / "python"
    if not environment_ready(folder):
        base = find_python(environ)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(venv, ignore_errors=True)
        run([str(base), "-m", "venv", str(venv)], folder, clean(environ))
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*pip, "--requirement", str(REQUIREMENTS)], folder, clean(environ))
        (venv / _MARK).write_text(_wanted(), encoding="ascii")
    return python


def run(command: Sequence[str], folder: Path, environ: Mapping[str, str]) -> None:
    """Run a command in `folder`; what it prints is shown."""
    try:
        code = subprocess.run(command, cwd=folder, env=dict(environ), check=False, stdin=subprocess.DEVNULL).returncode
    except OSError as error:
        raise CommandError(f"{command[0]}: {error}") from error
    if code != 0:
        raise CommandError(f"{' '.join(command)} ended with {code}")


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without those that would let another Python's packages in."""
    return {name: value for name, value in environ.items() if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}


def _candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    for place in environ.get("PATH", "").split(os.pathsep):
        if place:
            yield Path(place) / f"python{version}"
    root = environ.get("PYENV_ROOT") or str(Path(environ.get("HOME", "~")).expanduser() / ".pyenv")
    yield from sorted(Path(root).glob(f"versions/{version}.*/bin/python"))


def _version(python: Path) -> str | None:
    """Return the version a Python reports; a shim of pyenv exists for versions that cannot be started."""
    if not python.is_file():
        return None
    try:
        answer = subprocess.run(
            [str(python), "-c", _PROBE], capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def _wanted() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
