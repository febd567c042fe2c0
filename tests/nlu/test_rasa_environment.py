import subprocess
import sys
from pathlib import Path

import pytest

from nlu.rasa.environment import REQUIREMENTS, clean, environment_ready, find_python, make_environment, run
from nlu.rasa.errors import CommandError, NoPythonError


def fake_python(path, version, code=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\nexit {code}\n", encoding="ascii")
    path.chmod(0o755)
    return path


def test_the_best_python_on_the_path_is_taken(tmp_path):
    fake_python(tmp_path / "a" / "python3.9", "3.9")
    best = fake_python(tmp_path / "b" / "python3.10", "3.10")
    environ = {"PATH": f"{tmp_path / 'a'}:{tmp_path / 'b'}", "HOME": str(tmp_path)}
    assert find_python(environ) == best


def test_a_shim_that_cannot_start_is_passed_over_for_pyenv(tmp_path):
    fake_python(tmp_path / "shims" / "python3.10", "", 127)
    inside = fake_python(tmp_path / "root" / "versions" / "3.10.13" / "bin" / "python", "3.10")
    environ = {"PATH": str(tmp_path / "shims"), "PYENV_ROOT": str(tmp_path / "root"), "HOME": str(tmp_path)}
    assert find_python(environ) == inside


def test_pyenv_is_looked_for_in_the_home_folder(tmp_path):
    inside = fake_python(tmp_path / ".pyenv" / "versions" / "3.8.18" / "bin" / "python", "3.8")
    assert find_python({"PATH": "", "HOME": str(tmp_path)}) == inside


def test_no_fitting_python_is_an_error_that_says_what_was_looked_for(tmp_path):
    fake_python(tmp_path / "python3.10", "3.11")  # the name alone does not count
    with pytest.raises(NoPythonError, match=r"3\.10, 3\.9, 3\.8"):
        find_python({"PATH": str(tmp_path), "HOME": str(tmp_path)})


def test_a_half_built_environment_is_not_ready_and_is_built_anew(tmp_path):
    (tmp_path / "venv").mkdir()
    (tmp_path / "venv" / "leftover").touch()
    assert not environment_ready(tmp_path)
    with pytest.raises(CommandError):  # this Python makes no environment, so that nothing is installed
        fake_python(tmp_path / "bin" / "python3.10", "3.10", 0)
        make_environment(tmp_path, {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)})
    assert not (tmp_path / "venv" / "leftover").exists() and not environment_ready(tmp_path)


def test_a_failing_command_is_an_error(tmp_path):
    with pytest.raises(CommandError, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, {})
    with pytest.raises(CommandError):
        run([str(tmp_path / "nothing")], tmp_path, {})


def test_another_python_s_packages_are_kept_out():
    assert clean({"PYTHONPATH": "x", "VIRTUAL_ENV": "y", "PATH": "z"}) == {"PATH": "z"}


def test_every_package_is_pinned():
    lines = [line for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert "rasa==3.6.21" in lines and any(line.startswith("jieba==") for line in lines)
    assert all("==" in line.partition(";")[0] for line in lines)


def test_the_command_says_what_is_missing(tmp_path):
    command = [sys.executable, "-m", "nlu.rasa", "--folder", str(tmp_path / "rasa")]
    root = Path(__file__).parents[2]
    environ = {"PATH": "", "HOME": str(tmp_path)}
    ended = subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1 and "3.8" in ended.stderr and "Traceback" not in ended.stderr
