"""The command line: one clear line and exit code 2 for what a person can mend."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from nlu.taxonomy import load_taxonomy
from storage.database import make_engine
from tests.fakes.rasa import FakeRasa

ROOT = Path(__file__).parents[2]


def jianfu(tmp_path: Path, *args: str, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JIANFU_DATA_DIR": str(tmp_path / "var"), **env}
    command = [sys.executable, "-c", "from bot.cli import main; main()", *args]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, env=environment, cwd=ROOT)


def test_a_port_in_use(tmp_path: Path, model_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ended = jianfu(tmp_path, "run", JIANFU_PORT=port, JIANFU_MODEL_DIR=str(model_dir))
    assert ended.returncode == 2
    assert ended.stderr.strip().splitlines()[-1].startswith(f"jianfu: port {port}")


def test_a_newer_database_is_left_alone(tmp_path: Path, model_dir: Path) -> None:
    assert jianfu(tmp_path, "migrate").returncode == 0
    engine = make_engine(f"sqlite:///{tmp_path / 'var' / 'jianfu.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    for command in ("run", "serve", "migrate"):
        ended = jianfu(tmp_path, command, JIANFU_MODEL_DIR=str(model_dir))
        assert ended.returncode == 2 and "newer version" in ended.stderr, ended.stderr
        assert len(ended.stderr.strip().splitlines()) == 1


def test_serving_without_a_model_or_schema(tmp_path: Path, model_dir: Path) -> None:
    ended = jianfu(tmp_path, "serve")
    assert ended.returncode == 2 and "jianfu migrate" in ended.stderr
    jianfu(tmp_path, "migrate")
    ended = jianfu(tmp_path, "serve", JIANFU_MODEL_DIR=str(tmp_path / "none"))
    assert ended.returncode == 2 and "no trained model" in ended.stderr


def test_parse_keeps_order_and_shape(tmp_path: Path, model_dir: Path) -> None:
    rows = [
        {"text": "民政要一遍残联要一遍妇联又要一遍，同一张留守儿童表我们村填了三回"},
        {"text": "在吗"}, {"text": ""}, {"text": "明早八点前要报", "at": "2026-11-24T10:00:00+08:00"},
    ]  # fmt: skip
    given = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n不是JSON的一行\n"
    ended = jianfu(tmp_path, "parse", "--model", str(model_dir), given=given)
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(answers) == 5, ended.stderr
    assert answers[0]["label"] == "repeat_reports" and answers[0]["times"] == 3
    assert answers[0]["units"] == ["民政", "残联", "妇联"] and answers[0]["object"] == "留守儿童表"
    assert answers[3]["deadline"] == "2026-11-25T08:00:00+08:00"
    keys = {"intent", "label", "label2", "subcode", "outcome", "confidence", "scores", "units", "object", "times",
            "per", "hours", "deadline", "parts", "flags", "referral", "why", "engine"}  # fmt: skip
    assert all(set(answer) == keys for answer in answers)


def test_parse_asks_the_second_engine_and_says_when_it_is_away(tmp_path: Path, model_dir: Path) -> None:
    given = json.dumps({"text": "同一张表三家要"}, ensure_ascii=False) + "\n"
    arguments = ("parse", "--engine", "rasa", "--model", str(model_dir))
    with FakeRasa([item.code for item in load_taxonomy().classes]).running() as server:
        server.reply = server.answer(repeat_reports=0.9)
        heard = json.loads(jianfu(tmp_path, *arguments, given=given, JIANFU_RASA_URL=server.url).stdout)
    assert heard["engine"] == "rasa" and heard["scores"]["repeat_reports"] > 0.8
    assert server.asked and "token=" in server.asked[0][0]
    away = json.loads(jianfu(tmp_path, *arguments, given=given, JIANFU_RASA_URL=server.url).stdout)
    assert away["engine"] == "local (rasa unavailable)" and away["label"] == "repeat_reports"


def test_chat_ends_at_the_end_of_input(tmp_path: Path, model_dir: Path) -> None:
    given = "每天要在APP上打卡四次，还全镇排名\n进度\n"
    ended = jianfu(tmp_path, "chat", given=given, JIANFU_MODEL_DIR=str(model_dir))
    assert ended.returncode == 0, ended.stderr
    assert "已受理，受理号JF-" in ended.stdout and "指尖上的形式主义" in ended.stdout


def test_the_demo_plays_to_the_end(tmp_path: Path, model_dir: Path) -> None:
    ended = jianfu(tmp_path, "demo", JIANFU_MODEL_DIR=str(model_dir))
    assert ended.returncode == 0, ended.stderr
    assert [
        word
        for word in ("已受理", "【交办】", "反馈来了", "【重办】", "已办结", "状态：（已办结）")
        if word not in ended.stdout
    ] == []


def test_invite(tmp_path: Path, model_dir: Path) -> None:
    jianfu(tmp_path, "chat", JIANFU_MODEL_DIR=str(model_dir))
    ended = jianfu(tmp_path, "invite", "lead", "lead1", JIANFU_MODEL_DIR=str(model_dir))
    assert ended.returncode == 0 and ended.stdout.startswith("lead1  http"), ended.stderr
    assert "/desk/join?token=" in ended.stdout
    ended = jianfu(tmp_path, "invite", "observer", JIANFU_MODEL_DIR=str(model_dir))
    assert "/observer/join?token=" in ended.stdout
    ended = jianfu(tmp_path, "invite", "lead", "op1", JIANFU_MODEL_DIR=str(model_dir))
    assert ended.returncode == 2 and len(ended.stderr.strip().splitlines()) == 1


def test_production_gives_invitations_and_no_sign_in_links(tmp_path: Path, model_dir: Path) -> None:
    jianfu(tmp_path, "chat", JIANFU_MODEL_DIR=str(model_dir))
    key = (tmp_path / "var" / "keys" / "vault.key").rename(tmp_path / "vault.key")  # production wants it elsewhere
    settings = {
        "JIANFU_MODEL_DIR": str(model_dir), "JIANFU_MODE": "production",
        "JIANFU_SECRET": "pW8vN2qT7xRk5sZb9LmYd3FhJc6GtUa4", "JIANFU_PUBLIC_URL": "https://hotline.test",
        "JIANFU_VAULT_KEY_FILE": str(key),
    }  # fmt: skip
    ended = jianfu(tmp_path, "login-link", "lead", **settings)
    assert ended.returncode == 2 and "jianfu invite" in ended.stderr and "token" not in ended.stdout
    ended = jianfu(tmp_path, "invite", "lead", "lead1", **settings)
    assert ended.stdout.startswith("lead1  https://hotline.test/desk/join?token="), ended.stderr


@pytest.mark.parametrize("role", ["operator", "lead", "unit_contact", "unit_approver", "supervisor"])
def test_login_link(tmp_path: Path, model_dir: Path, role: str) -> None:
    jianfu(tmp_path, "chat", JIANFU_MODEL_DIR=str(model_dir))
    ended = jianfu(tmp_path, "login-link", role, JIANFU_MODEL_DIR=str(model_dir))
    assert ended.returncode == 0, ended.stderr
    assert "/enter?token=" in ended.stdout
