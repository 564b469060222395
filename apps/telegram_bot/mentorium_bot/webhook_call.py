"""One call to a webhook as operators see it: latency and status in the metrics, one line unless refused, one id."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect

from mentorium_domain.enums import WebhookStatus
from mentorium_kit.trace import new_trace, tracing
from mentorium_observability import error_context, get_logger, log_context
from mentorium_observability.metrics import from_the_start, webhook_duration

logger = get_logger(__name__)


@dataclass(slots=True)
class WebhookCall:
    """What has become of it by the time it ends; `fields` for its line, none of which says anything of a person.

    `trace_id` may be another one once it is known what the call is about.
    """

    trace_id: str = field(default_factory=new_trace)
    status: WebhookStatus = WebhookStatus.FAILED
    fields: dict[str, object] = field(default_factory=dict)


def show_webhook(provider: str) -> None:
    """This process answers that provider: its series stand at 0 from the start."""
    from_the_start(webhook_duration, provider=(provider,), status=tuple(WebhookStatus))


@contextmanager
def webhook_call(provider: str) -> Iterator[WebhookCall]:
    """From the request's headers until its answer is handed over. What follows from it bears one trace id.

    Whoever answers says the status; left unsaid, by an error for one, it is FAILED.
    """
    call, began, handler = WebhookCall(), time.monotonic(), f"{provider}_webhook"
    with (
        tracing(call.trace_id),
        log_context(handler=handler),
        error_context(handler=handler, parameters={"provider": provider}),
    ):
        try:
            yield call
        except ClientDisconnect:
            call.status = WebhookStatus.ABANDONED
            raise
        finally:
            took_s = time.monotonic() - began
            webhook_duration.labels(provider=provider, status=call.status).observe(took_s)
            if call.status is not WebhookStatus.REFUSED:  # strangers may come a thousand times a second
                _tell(provider, call, took_s)


def _tell(provider: str, call: WebhookCall, took_s: float) -> None:
    with tracing(call.trace_id):
        took_ms = round(took_s * 1000)
        logger.info("webhook_answered", provider=provider, status=call.status, duration_ms=took_ms, **call.fields)
