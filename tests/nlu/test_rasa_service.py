import subprocess
import sys

import pytest

from nlu.rasa.errors import CommandError
from nlu.rasa.service import own_token, serve_rasa, stop, train_rasa, wait_ready

# Stands in for the Python of the environment: notes its command and leaves a model where it is told to.
TRAINER = """#!/bin/sh
echo "$@" >> {notes}
while [ $# -gt 0 ]; do [ "$1" = --out ] && touch "$2/model.tar.gz"; shift; done
"""


def program(path, text):
    path.write_text(text, encoding="ascii")
    path.chmod(0o755)
    return path


def started(code):
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)


@pytest.fixture
def notes(tmp_path):
    return tmp_path / "notes"


@pytest.fixture
def trainer(tmp_path, notes):
    return program(tmp_path / "python", TRAINER.format(notes=notes))


def test_the_same_rows_are_trained_once_and_an_old_model_goes(trainer, notes, small_data, tmp_path):
    old = tmp_path / "models" / "lr-000000000000.tar.gz"
    old.parent.mkdir()
    old.touch()
    first = train_rasa(trainer, tmp_path, small_data, {}, "lr")
    assert train_rasa(trainer, tmp_path, small_data, {}, "lr") == first
    assert list(first.parent.iterdir()) == [first] and len(notes.read_text().splitlines()) == 1


def test_another_classifier_is_another_model(trainer, small_data, tmp_path):
    linear, neural = (train_rasa(trainer, tmp_path, small_data, {}, classifier) for classifier in ("lr", "diet"))
    assert linear != neural and linear.exists() and neural.exists()


def test_a_failed_training_leaves_no_model(small_data, tmp_path):
    broken = program(tmp_path / "python", "#!/bin/sh\nexit 1\n")
    with pytest.raises(CommandError):
        train_rasa(broken, tmp_path, small_data, {}, "lr")
    assert list((tmp_path / "models").iterdir()) == []


def test_the_server_is_on_loopback_and_its_token_not_on_the_command_line(tmp_path, notes):
    python = program(tmp_path / "python", f'#!/bin/sh\necho "$@" > {notes}\necho "$JIANFU_RASA_TOKEN" >> {notes}\n')
    serve_rasa(python, tmp_path, tmp_path / "m.tar.gz", {}, 5999, "quite secret", None).wait(10)
    *command, environment = notes.read_text().splitlines()
    assert "--interface 127.0.0.1 --port 5999" in " ".join(command) and "quite" not in " ".join(command)
    assert environment == "quite secret"
    assert (tmp_path / "channels.yml").read_text() == "{}\n"


def test_without_a_token_nothing_is_served(tmp_path):
    with pytest.raises(CommandError):
        serve_rasa(tmp_path / "python", tmp_path, tmp_path / "model", {}, 5999, "", None)


def test_a_server_that_ends_or_stays_silent_is_an_error():
    with started("raise SystemExit(2)") as ended, pytest.raises(CommandError, match="ended with 2"):
        wait_ready(ended, 1, "t", 10)
    with started("import time; time.sleep(60)") as silent:
        with pytest.raises(CommandError, match="not ready"):
            wait_ready(silent, 1, "t", 0.3)
        stop(silent)
        assert silent.returncode is not None


def test_the_token_is_made_once_and_for_the_owner_alone(tmp_path):
    token = own_token(tmp_path / "rasa")
    assert own_token(tmp_path / "rasa") == token and len(token) >= 32
    assert (tmp_path / "rasa" / "token").stat().st_mode & 0o777 == 0o600
