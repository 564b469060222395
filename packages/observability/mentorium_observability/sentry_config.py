"""Errors go to Sentry, one event each: what failed, where, in which handler, with what and for which Telegram id.

Each ERROR line of the log with an exception becomes an event; the lines before it are its breadcrumbs. No message of
an exception leaves the process, since it may quote a parent's words or the parameters of a query. What `redaction`
hides in logs is hidden here, and whatever this file does not let through by name stays at home.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.utils import BadDsn, event_from_exception

from mentorium_kit.errors import ConfigurationError, MentoriumError
from mentorium_observability.parameters import safe_parameters
from mentorium_observability.redaction import redact, scrub
from mentorium_observability.version import installed_version

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint
    from structlog.typing import EventDict, WrappedLogger

_MOST_BREADCRUMBS: Final = 30
_PARAMETERS: Final = "parameters"
_FLUSH_S: Final = 2.0
_REPORTED: Final = "_reported_to_sentry"
_ERRORS: Final = frozenset({"error", "critical"})
_ABOUT_THE_LINE: Final = frozenset({"event", "level", "logger", "timestamp", "exc_info", "process", "version"})

_KEPT: Final = frozenset(
    ("event_id", "timestamp", "level", "platform", "logger", "release", "environment", "server_name", "sdk", "modules")
)
_KEPT_CONTEXTS: Final = frozenset({"runtime", "trace"})
_KEPT_OF_A_FRAME: Final = frozenset(
    ("filename", "abs_path", "function", "module", "lineno", "in_app", "pre_context", "context_line", "post_context")
)


def configure_sentry(dsn: str | None, *, environment: str = "production", release: str | None = None) -> None:
    """Report errors to this project from now on; without a `dsn` nothing is reported.

    `release` defaults to the installed version. Raises ConfigurationError for a malformed dsn.
    """
    if not dsn:
        return
    try:
        sentry_sdk.init(
            dsn=dsn,
            environment=environment,
            release=release or installed_version(),
            before_send=before_send,
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[ExcepthookIntegration(), AtexitIntegration(callback=_say_nothing)],
            in_app_include=["mentorium_"],
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=_MOST_BREADCRUMBS,
            auto_session_tracking=False,
            send_client_reports=False,
            propagate_traces=False,
        )
    except BadDsn:
        raise ConfigurationError("sentry_dsn_malformed") from None


@contextmanager
def error_context(
    *, user_id: int | None = None, handler: str | None = None, parameters: Mapping[str, object] | None = None
) -> Iterator[None]:
    """Errors within, also of tasks that are started within, belong to this Telegram user and this handler.

    `parameters`: what it was given; `safe_parameters` decides on what of it is told.
    """
    if not sentry_sdk.get_client().is_active():
        yield
        return
    with sentry_sdk.isolation_scope() as scope:
        scope.clear_breadcrumbs()
        if user_id is not None:
            scope.set_user({"id": str(user_id)})
        if handler is not None:
            scope.set_tag("handler", handler)
        if parameters:
            scope.set_context(_PARAMETERS, safe_parameters(parameters))
        yield


def name_handler(name: str) -> None:
    """The handler that this `error_context` turned out to be about."""
    if sentry_sdk.get_client().is_active():
        sentry_sdk.get_isolation_scope().set_tag("handler", name)


def add_parameters(**parameters: object) -> None:
    """More of what this `error_context` is about, once it is known."""
    if sentry_sdk.get_client().is_active():
        sentry_sdk.get_isolation_scope().set_context(_PARAMETERS, safe_parameters(parameters))


async def flush_sentry(timeout_s: float = _FLUSH_S) -> None:
    """Wait until what was reported is delivered, at most so long."""
    await asyncio.to_thread(sentry_sdk.flush, timeout_s)


def report_error(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """A structlog processor: an ERROR with an exception is reported."""
    client = sentry_sdk.get_client()
    if client.is_active():
        error = exception_of(line)
        if error is not None and line.get("level") in _ERRORS:
            event, hint = event_from_exception(
                error, client_options=client.options, mechanism={"type": "logging", "handled": True}
            )
            sentry_sdk.capture_event(cast("Event", {**event, **_told(line, error)}), hint=hint)
            line["_reported"] = True
    return line


def leave_breadcrumb(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """A structlog processor: every other line of ours is a breadcrumb. It is safe to write down by now."""
    reported = line.pop("_reported", False)
    if not reported and line.get("_from_structlog", True) and sentry_sdk.get_client().is_active():
        sentry_sdk.add_breadcrumb(
            category=str(line.get("logger", "")),
            message=str(line.get("event", "")),
            level=str(line.get("level", "info")),
            data=_own_fields(line),
        )
    return line


def exception_of(line: Mapping[str, object]) -> BaseException | None:
    """The exception of a log line, in whichever way it was handed over."""
    info = line.get("exc_info")
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    return error if isinstance(error, BaseException) else None


def before_send(event: Event, hint: Hint) -> Event | None:
    """The event with only what may leave the process; None where this very exception has been reported before."""
    if _was_reported(hint.get("exc_info")):
        return None
    raw = cast("dict[str, Any]", event)
    safe = {key: value for key, value in raw.items() if key in _KEPT}
    contexts = raw.get("contexts") or {}
    safe["contexts"] = {name: value for name, value in contexts.items() if name in _KEPT_CONTEXTS}
    if log := contexts.get("log"):
        safe["contexts"]["log"] = redact(log)
    if given := contexts.get(_PARAMETERS):
        safe["contexts"][_PARAMETERS] = safe_parameters(given)
    safe["tags"] = redact(dict(raw.get("tags") or {}))
    if "id" in (user := raw.get("user") or {}):
        safe["user"] = {"id": user["id"]}
    if message := (raw.get("logentry") or {}).get("message"):
        safe["logentry"] = {"message": scrub(message)}
    safe["breadcrumbs"] = {"values": [_breadcrumb(crumb) for crumb in _values(raw, "breadcrumbs")]}
    safe["exception"] = {"values": [_exception(error) for error in _values(raw, "exception")]}
    return cast("Event", safe)


def _was_reported(exc_info: tuple[object, object, object] | None) -> bool:
    """Whether another layer, or another task, has told of the same exception already."""
    error = exc_info[1] if exc_info is not None else None
    if error is None:
        return False
    before = hasattr(error, _REPORTED)
    setattr(error, _REPORTED, True)
    return before


def _told(line: EventDict, error: BaseException) -> dict[str, object]:
    told: dict[str, object] = {
        "level": "fatal" if line["level"] == "critical" else "error",
        "logger": str(line.get("logger", "")),
        "contexts": {"log": redact(_own_fields(line))},
    }
    if line.get("_from_structlog", True):
        told["logentry"] = {"message": str(line.get("event", ""))}
    tags = {"code": error.code} if isinstance(error, MentoriumError) else {}
    if (trace_id := line.get("trace_id")) is not None:
        tags["trace_id"] = str(trace_id)
    told["tags"] = tags
    return told


def _own_fields(line: EventDict) -> dict[str, object]:
    return {name: value for name, value in line.items() if name not in _ABOUT_THE_LINE and not name.startswith("_")}


def _values(event: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found = event.get(key) or {}
    return list(found.get("values") or ()) if isinstance(found, Mapping) else []


def _breadcrumb(crumb: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: crumb[key] for key in ("timestamp", "level", "category", "type") if key in crumb}
    return {**kept, "message": scrub(str(crumb.get("message") or "")), "data": redact(crumb.get("data") or {})}


def _exception(error: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: error.get(key) for key in ("type", "module")}
    frames = (error.get("stacktrace") or {}).get("frames") or ()
    mechanism = {key: value for key, value in (error.get("mechanism") or {}).items() if key in {"type", "handled"}}
    return {**kept, "mechanism": mechanism, "stacktrace": {"frames": [_frame(frame) for frame in frames]}}


def _frame(frame: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in frame.items() if key in _KEPT_OF_A_FRAME}


def _say_nothing(_pending: int, _timeout: float) -> None:
    return None
