"""One JSON object a line, with the request id, and without the values that were at work.

The text of an exception may hold what somebody typed, so a trace names files, lines and kinds of
exceptions, and nothing else. Only the texts of our own errors, which hold no values, are written.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from shared.context import current_context
from shared.errors import TrustlaneError

QUIET = ("pika", "werkzeug", "authlib", "flask_wtf.csrf", "urllib3")
"""Libraries of which only warnings are worth a line; some of them write tokens below that."""

Line = MutableMapping[str, Any]


def configure_logging(service: str, *, stream: TextIO | None = None) -> None:
    """Write the lines of this process, and of all its libraries, to ``stream`` (standard error)."""

    def name_service(_logger: Any, _method: str, line: Line) -> Line:
        line["service"] = service
        return line

    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
        add_request_id,
        trace_without_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def never_write_values() -> None:
    """Keep structlog's own default, which shows the values in each frame, from ever being used."""
    if not structlog.is_configured():
        structlog.configure(
            processors=[
                structlog.processors.add_log_level,
                add_request_id,
                trace_without_values,
                structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
            ]
        )


def add_request_id(_logger: Any, _method: str, line: Line) -> Line:
    """Name the request, message or command in which the line was written."""
    line["request_id"] = current_context().request_id
    return line


def trace_without_values(_logger: Any, _method: str, line: Line) -> Line:
    """Put an exception's kinds and places into the line, never its text."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        line["error"] = [_kind(cause) for cause in _chain(error)]
        line["trace"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    line.pop("stack_info", None)
    return line


def _chain(error: BaseException) -> list[BaseException]:
    found = []
    step: BaseException | None = error
    while step is not None and step not in found:
        found.append(step)
        step = step.__cause__ or step.__context__
    return found


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{name}: {error}" if isinstance(error, TrustlaneError) else name
