"""Logs: whatever a line carries is masked, traces and nested values included; no library prints what it was sent."""

import json
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import NEVER_DEBUG, configure_logs

PHONE, NAME, CARD = "13912345678", "欧阳明镜", "320106198001011234"
SAID = f"我叫{NAME}，电话{PHONE}"


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    kept = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in NEVER_DEBUG}
    yield
    root.handlers, root.level = kept
    sys.excepthook, threading.excepthook = hooks
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def nothing_known(text: str) -> None:
    assert PHONE not in text and NAME not in text and CARD not in text, text


def test_nested_values_and_keys_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")
    structlog.get_logger().info(
        "took", said=SAID, deep={"list": [SAID, {CARD: 1}], "pair": (SAID, 7)}, thing=ValueError(SAID),
        number=3, on=True,
    )  # fmt: skip
    (line,) = lines(capsys)
    nothing_known(json.dumps(line, ensure_ascii=False))
    assert line["number"] == 3 and line["on"] is True and line["deep"]["pair"][1] == 7  # type: ignore[index]


def test_an_exception_is_one_masked_line_with_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")
    try:
        raise ValueError(f"could not read {SAID}")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
        structlog.get_logger().exception("our own", said=SAID)
    found = lines(capsys)
    assert len(found) == 2 and all("test_logs.py" in str(line["exception"]) for line in found)
    nothing_known(json.dumps(found, ensure_ascii=False))


def test_uncaught_errors_of_process_and_threads_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("INFO")
    try:
        raise RuntimeError(SAID)
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    threading.excepthook(threading.ExceptHookArgs((RuntimeError, RuntimeError(SAID), None, None)))
    text = capsys.readouterr().err
    assert text.count('"event": "uncaught"') == 2
    nothing_known(text)


@pytest.mark.parametrize("name", NEVER_DEBUG)
def test_libraries_never_print_what_they_were_sent(name: str) -> None:
    configure_logs("DEBUG")
    assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
