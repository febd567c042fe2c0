"""Logs: one JSON line per event on stderr, personal data masked, no token and no address ever."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from tickets.masking import mask

# these libraries print addresses with tokens, or whole statements, at INFO
QUIET = ("httpx", "httpcore", "telegram", "sqlalchemy.engine", "alembic", "uvicorn.access", "jieba", "dbos")


def configure_logs(level: str) -> None:
    """Set up structlog and route the standard library's loggers through the same masked JSON lines."""
    shared: list[Any] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), _mask]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processor=structlog.processors.JSONRenderer(ensure_ascii=False), foreign_pre_chain=shared
        )
    )
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.getLevelName(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _mask(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: mask(value).text if isinstance(value, str) else value for name, value in line.items()}
