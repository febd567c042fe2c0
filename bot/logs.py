"""Logs: one JSON line per event on stderr, personal data masked, no token and no address ever.

Tracebacks are part of the line and masked with it: an exception's text may carry what somebody wrote.
"""

import logging
import sys
import threading
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

from tickets.masking import mask

# these libraries print addresses with tokens, or whole statements, at INFO
QUIET = ("httpx", "httpcore", "telegram", "sqlalchemy", "alembic", "uvicorn.access", "jieba", "dbos")
# and these print what they were sent, statement by statement or byte by byte, at DEBUG
NEVER_DEBUG = (
    *QUIET, "multipart", "python_multipart", "uvicorn", "uvicorn.error", "asyncio", "websockets",
    "engineio", "socketio", "nicegui", "urllib3",
)  # fmt: skip


def configure_logs(level: str) -> None:
    """Set up structlog and route the standard library's loggers and uncaught errors through the same masked lines."""
    shared: list[Any] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    masked: list[Any] = [structlog.processors.format_exc_info, _mask]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    drop_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    render = structlog.processors.JSONRenderer(ensure_ascii=False, default=_readable)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=[drop_meta, *masked, render], foreign_pre_chain=shared)
    )
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.getLevelName(level)
    for name in NEVER_DEBUG:
        logging.getLogger(name).setLevel(max(logging.WARNING if name in QUIET else logging.INFO, root.level))
    sys.excepthook = _uncaught
    threading.excepthook = lambda found: _uncaught(found.exc_type, found.exc_value, found.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger("jianfu").critical("uncaught", exc_info=(kind, error or kind(), trace))


def _mask(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: _masked(value) for name, value in line.items()}


def _masked(value: Any) -> Any:
    """A value of a line with every text in it masked, however deep it lies."""
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, dict):
        return {str(_masked(name)): _masked(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else mask(str(value)).text


def _readable(value: Any) -> str:
    return mask(repr(value)).text
