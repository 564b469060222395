"""Structured logs: one line an event, JSON for machines or colours for people, safe to keep."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, merge_contextvars

from mentorium_kit.errors import MentoriumError
from mentorium_kit.trace import current_trace
from mentorium_observability.redaction import redact
from mentorium_observability.sentry_config import exception_of, leave_breadcrumb, report_error
from mentorium_observability.version import installed_version

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

Logger = structlog.stdlib.BoundLogger
_LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
# Libraries that tell at INFO what they send, or say the same thing about each request.
_TALKATIVE = (
    "aiogram",
    "aiohttp",
    "asyncio",
    "httpcore2",
    "httpx",
    "httpx2",
    "openai",
    "pgqueuer",
    "sqlalchemy",
    "uvicorn",
)

# Says at WARNING, as often as it looks, that something has not ended yet: health and the duty itself say so.
_REPETITIVE = ("apscheduler",)

_UNNAMED_TASK = "Task-"
_NO_HANDLER = "none"


def configure_logging(
    level: str = "INFO", *, json_logs: bool = True, dev_mode: bool = False, process: str | None = None
) -> None:
    """Send all logs of this process, our own and the libraries', to stdout. `dev_mode` colours and lets libraries talk.

    Each line says which process (`process`) of which version wrote it, in which handler, and what it followed from.
    Raises ValueError for a level that is none of DEBUG, INFO, WARNING, ERROR, CRITICAL.
    """
    if level.upper() not in _LEVELS:
        raise ValueError(f"unknown log level {level!r}")
    shared = _shared_processors(process)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=Logger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    renderer: Processor
    renderer = structlog.processors.JSONRenderer() if json_logs else structlog.dev.ConsoleRenderer(colors=dev_mode)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.INFO if dev_mode else logging.WARNING)
    for library in _REPETITIVE:
        logging.getLogger(library).setLevel(logging.ERROR)
    _take_back_loggers()


def _take_back_loggers() -> None:
    """Undo what a library configured for its own loggers: uvicorn's would go to stderr, unredacted and past Sentry."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if name.partition(".")[0] in (*_TALKATIVE, *_REPETITIVE) and isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True
            logger.disabled = False


def get_logger(name: str) -> Logger:
    """A logger whose events are a name and fields: `logger.info("user_registered", user_id=123)`."""
    return structlog.stdlib.get_logger(name)


@contextmanager
def log_context(**fields: object) -> Iterator[None]:
    """Add fields, such as a correlation id, to each line written within, also by tasks that are started within."""
    with bound_contextvars(**fields):
        yield


def name_handler_in_logs(name: str) -> None:
    """The handler that this `log_context(handler=...)` turned out to be about."""
    bind_contextvars(handler=name)


def _shared_processors(process: str | None) -> list[Processor]:
    return [
        merge_contextvars,
        _whence(process),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        report_error,
        _name_no_handler,
        _name_exception,
        _keep_safe,
        leave_breadcrumb,
        structlog.processors.TimeStamper(fmt="iso", utc=True),  # holds nothing that would have to be looked through
    ]


def _whence(process: str | None) -> Processor:
    """Whose line this is: of several processes that write into one place, or of one that was changed meanwhile."""
    version = installed_version()

    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if process is not None:
            event.setdefault("process", process)
            event.setdefault("version", version)
        if (trace_id := current_trace()) is not None:
            event.setdefault("trace_id", trace_id)
        if (handler := event.get("handler") or _task_name()) is not None:
            event["handler"] = handler
        return event

    return add


def _task_name() -> str | None:
    """The nursery gives every task the name of its work; what a library began has none."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return None
    return None if task is None or (name := task.get_name()).startswith(_UNNAMED_TASK) else name


def _name_no_handler(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event.setdefault("handler", _NO_HANDLER)
    return event


def _keep_safe(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    inner = {name: value for name, value in event.items() if name.startswith("_")}
    return {**redact({name: value for name, value in event.items() if not name.startswith("_")}), **inner}


def _name_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write where an exception came from; what it says may hold a parent's words or a query's parameters."""
    error = exception_of(event)
    event.pop("exc_info", None)
    if error is not None:
        event["exception"] = describe_exception(error)
    return event


def describe_exception(error: BaseException) -> str:
    """The chain of an exception: types, codes of our own errors, files and lines; never the messages."""
    links: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        frames = traceback.StackSummary.extract(traceback.walk_tb(current.__traceback__), lookup_lines=False)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        links.append("\n  ".join([_title(current), *places]))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\ncaused by ".join(links)


def _title(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{kind} ({error.code})" if isinstance(error, MentoriumError) else kind
