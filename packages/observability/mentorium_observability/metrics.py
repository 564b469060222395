"""The metrics of the product, by the names the specification gives them.

With `PROMETHEUS_MULTIPROC_DIR` set, every process on the host writes into that folder, and any can answer for all.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Collection
from itertools import product
from pathlib import Path
from typing import Final

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability.first_use import CounterFromFirstUse, GaugeFromFirstUse, HistogramFromFirstUse
from mentorium_observability.shared_metrics import alone_in, archive_dead

telegram_messages = Counter(
    "telegram_messages_total", "Updates from parents that were handled", ("message_type", "status")
)
telegram_commands = Counter("telegram_commands_total", "Commands that parents sent", ("command",))
telegram_active_users = GaugeFromFirstUse(
    "telegram_active_users", "Different people who wrote within the last 24 hours", multiprocess_mode="mostrecent"
)

update_duration = Histogram(
    "telegram_update_duration_seconds",
    "Time from the begin of an update's handling to its end",
    ("message_type",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15),
)
polled_at = GaugeFromFirstUse(
    "telegram_polled_at_seconds",
    "When Telegram last answered getUpdates, as a Unix time; its age is time() minus it (0: never, as with webhooks)",
    multiprocess_mode="mostrecent",
)

telegram_requests = Counter(
    "telegram_requests_total",
    "Calls of the Bot API but getUpdates, each try: success, rate_limited (429), refused, unavailable",
    ("method", "status"),
)
telegram_request_duration = Histogram(
    "telegram_request_duration_seconds",
    "Time from a call of the Bot API to its answer, each try; getUpdates, which waits on purpose, is left out",
    ("method",),
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30),
)
first_words = HistogramFromFirstUse(
    "answer_first_words_seconds",
    "Time from a stored question to the first words of its answer in the chat, those before it in the queue included",
    buckets=(0.25, 0.5, 1, 2, 4, 8, 15, 30, 60),
)

ai_requests = Counter("ai_requests_total", "Requests to the language model", ("model", "status"))
ai_request_duration = Histogram(
    "ai_request_duration_seconds",
    "Time from a request to the last word of its answer, or to its failure",
    ("model", "status"),
    buckets=(0.25, 0.5, 1, 2, 4, 8, 15, 30, 60),
)
crisis_messages = Counter(
    "crisis_messages_total", "Messages that got the fixed answer to a crisis, and who noticed it", ("kind", "source")
)
ai_tokens_used = Counter("ai_tokens_used_total", "Tokens the language model counted", ("type",))
ai_answer_guard = Counter(
    "ai_answer_guard_total",
    "Answers of the mentor by what became of the model's words: clean, replaced, cut, filtered, or missing",
    ("result",),
)
ai_report_guard = Counter(
    "ai_report_guard_total",
    "What became of the words that a model wrote for a report: passed, corrected, blocked (the template stands)"
    " or unreadable",
    ("result",),
)
ai_fallbacks = Counter(
    "ai_fallback_answers_total",
    "Answers from the data alone, by why the language model gave none: the code of the error",
    ("reason",),
)
ai_circuit_open = GaugeFromFirstUse(
    "ai_circuit_open",
    "1 while the language model is not asked because it has failed, as a process last saw it",
    multiprocess_mode="mostrecent",
)

notifications = Counter(
    "notifications_total", "What became of messages to parents; retried ones count each time", ("type", "status")
)
notification_delivery_lag = Histogram(
    "notification_delivery_lag_seconds",
    "Time from the moment a message was due until Telegram had it",
    ("type",),
    buckets=(0.5, 1, 2, 5, 15, 60, 300, 900, 3600, 14400, 86400),
)
notification_outbox_lag = Gauge(
    "notification_outbox_lag_seconds",
    "For how long the oldest message that is still to be sent has been due",
    ("lane",),
    multiprocess_mode="mostrecent",
)
alerts = Counter(
    "alerts_total",
    "What became of what was found between reports: told, folded into the next report, not wanted, or stopped",
    ("kind", "outcome"),
)
letters = Counter(
    "letters_total",
    "Ends of reports and notices by e-mail: sent, refused for good, unknown (not sent again), expired, skipped",
    ("status",),
)
idle_checks_stopped = CounterFromFirstUse(
    "idle_checks_stopped_total", "Days on which more than a fifth of the children turned idle: the feed is in doubt"
)
dead_feed_checks = CounterFromFirstUse(
    "dead_feed_checks_total", "Checks that were put off because the platform's activity is older than a day"
)
ticked_at = Gauge(
    "worker_ticked_at_seconds",
    "When a duty of the ticker last ended well in any worker, as a Unix time; its age is time() minus it",
    ("duty",),
    multiprocess_mode="mostrecent",
)
jobs_by_state = Gauge(
    "jobs_by_state",
    "Jobs that wait, are being done, or failed and are held",
    ("job_name", "state"),
    multiprocess_mode="mostrecent",
)
jobs_done = Counter("jobs_total", "Ends of jobs: done, retried, or failed and held", ("job_name", "status"))

inbox_updates = Counter(
    "inbox_updates_total",
    "Updates by what became of them: stored, repeated, dropped (over the quota), ended, retried, in_doubt, set_aside",
    ("status",),
)
inbox_waiting = Gauge(
    "inbox_waiting",
    "Updates that wait, are in hand (taken), or were set aside; beyond a thousand not told apart",
    ("status",),
    multiprocess_mode="mostrecent",
)
inbox_oldest_seconds = GaugeFromFirstUse(
    "inbox_oldest_seconds", "For how long the oldest update has been waiting", multiprocess_mode="mostrecent"
)

payments = Counter(
    "payments_total", "Payments by what became of them: success, failed or refunded", ("provider", "status")
)
card_charges = Counter(
    "card_charges_total",
    "Charges of saved cards by what became of them: paid, declined, card_dead, not_done, lost, pending, withdrawn",
    ("outcome",),
)
billing_disagreements = Gauge(
    "billing_disagreements",
    "Rows that the last nightly check of the books objected to, at most 20 a check",
    ("check",),
    multiprocess_mode="mostrecent",
)
webhook_duration = Histogram(
    "webhook_duration_seconds",
    "Time from a call to one of our webhooks to its answer: answered, refused, failed (come again), or abandoned",
    ("provider", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15),
)
subscriptions_active = Gauge(
    "subscriptions_active", "Subscriptions that give access, by tariff", ("tariff",), multiprocess_mode="mostrecent"
)
stars_disagreements = Counter(
    "stars_disagreements_total",
    "What the daily look at Telegram's Stars found that no update had told: booked, taken_back, returns or balance",
    ("found",),
)

platform_contract_seen_at = Gauge(
    "platform_contract_seen_at_seconds",
    "When a process last saw the platform's contract well, by its version, as a Unix time; its age is time() minus it",
    ("version",),
    multiprocess_mode="mostrecent",
)
platform_activity_age = GaugeFromFirstUse(
    "platform_activity_age_seconds",
    "How old the platform's newest activity was when a process last asked for it (v_meta.activity_as_of)",
    multiprocess_mode="mostrecent",
)

errors = Counter("errors_total", "Failures that an edge had to answer for", ("error_type",))
bot_uptime = GaugeFromFirstUse("bot_uptime_seconds", "Seconds since the bot started", multiprocess_mode="mostrecent")
build_info = Gauge(
    "mentorium_build_info",
    "1 for each process that runs, by its release",
    ("process", "version"),
    multiprocess_mode="max",
)
health_part = Gauge(
    "health_part_ok",
    "1 while a part of a process's health is well, else 0",
    ("process", "part"),
    multiprocess_mode="mostrecent",
)
health_status = Gauge(
    "health_http_status",
    "What a process answers to live, ready and full, as an HTTP status",
    ("process", "question"),
    multiprocess_mode="mostrecent",
)

PAYMENT_STATUSES: Final = ("success", "failed", "refunded")
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
# a series for each counter that nobody asks: the text format has no use for it
disable_created_metrics()  # type: ignore[no-untyped-call]
_TRIES: Final = 3
_PAUSE_S: Final = 0.02
_OF_PAYMENTS: Final = ("payme_", "click_", "stars_", "refund_")
_ERROR_TYPES: Final = (
    ("database", ("sqlalchemy", "asyncpg", "alembic")),
    ("api", ("aiogram", "aiohttp", "openai", "httpx", "httpx2", "redis", "mentorium_gateways")),
)


def from_the_start(metric: Counter | Histogram, **values: Collection[str]) -> None:
    """Show all these series at 0 now: a rate does not see the first step of what was not there.

    It is called by whoever counts them: nobody else tells of a 0 that is not its own.
    """
    for combination in product(*values.values()):
        metric.labels(**dict(zip(values, combination, strict=True)))


from_the_start(errors, error_type=("api", "database", "payment", "internal"))


def render_metrics() -> bytes:
    """All metrics in the Prometheus text format: of every process on this host where they share a folder."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return _render_all(Path(folder)) if folder else generate_latest(REGISTRY)


def _render_all(folder: Path) -> bytes:
    """Of every process; what is about a process as such (`process_*`, `python_*`) is told of the one that answers."""
    with alone_in(folder) as alone:
        if alone:
            archive_dead(folder)
        for _ in range(_TRIES - 1):
            try:
                return _rendered()
            except (OSError, RuntimeError, ValueError, struct.error):  # a file that has just been begun, or archived
                time.sleep(_PAUSE_S)
        return _rendered()


def _rendered() -> bytes:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return generate_latest(registry)


def error_type(error: BaseException, *, of_payment: bool = False) -> str:
    """The `error_type` of a failure: api, database, payment, or internal where it is our own.

    payment: a provider's service, and what is our own fault `of_payment`: in handling one.
    """
    code = str(getattr(error, "code", ""))
    if "_db_" in code:
        return "database"
    if code.startswith(_OF_PAYMENTS):
        return "payment"
    if isinstance(error, UnavailableError | OutcomeUnknownError | TimeoutError):  # somebody else's server, a deadline
        return "api"
    packages = {cls.__module__.partition(".")[0] for cls in type(error).__mro__}
    own = "payment" if of_payment else "internal"
    return next((name for name, roots in _ERROR_TYPES if packages.intersection(roots)), own)


def count_error(error: BaseException, *, of_payment: bool = False) -> None:
    """Count a failure under `errors_total`."""
    errors.labels(error_type=error_type(error, of_payment=of_payment)).inc()
