"""`python -m nlu.rasa` (`make rasa`): environment, training and server in one go, until interrupted."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from nlu.errors import NluError
from nlu.rasa.environment import make_environment
from nlu.rasa.service import HOST, own_token, serve_rasa, stop, train_rasa, wait_ready
from nlu.taxonomy import DATA

_READY_SECONDS = 300


def main(arguments: list[str] | None = None) -> int:
    """Make what is missing, serve in the foreground, and return an exit code."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        return _serve(options)
    except NluError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _serve(options: argparse.Namespace) -> int:
    folder = options.folder.resolve()
    token = options.token or own_token(folder)
    print(f"environment in {folder / 'venv'} (minutes and 2.7 GB the first time)", flush=True)
    python = make_environment(folder, os.environ)
    print(f"training from {options.data} (kept while the rows are the same)", flush=True)
    model = train_rasa(python, folder, options.data, os.environ, options.classifier)
    if options.train_only:
        return 0
    process = serve_rasa(python, folder, model, os.environ, options.port, token, None)
    try:
        wait_ready(process, options.port, token, _READY_SECONDS)
        where = "as given" if options.token else f"in {folder / 'token'}"
        print(f"Rasa answers on http://{HOST}:{options.port}, token {where}", flush=True)
        return process.wait()
    finally:
        stop(process)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlu.rasa", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("var/rasa"), help="environment, models, token")
    parser.add_argument("--data", type=Path, default=DATA, help="rows to train on")
    parser.add_argument("--classifier", choices=["lr", "diet"], default="lr")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--token", default=os.environ.get("JIANFU_RASA_TOKEN", ""), help="made and kept when missing")
    parser.add_argument("--train-only", action="store_true", help="train and stop")
    return parser


if __name__ == "__main__":
    sys.exit(main())
