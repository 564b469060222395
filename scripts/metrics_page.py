"""Writes docs/METRICS.md from the code: `.venv/bin/python scripts/metrics_page.py`. A test tells where it is old."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from prometheus_client import Counter, Gauge, Histogram

from mentorium_observability import metrics

PAGE: Final = Path(__file__).parents[1] / "docs" / "METRICS.md"
_HEAD: Final = """# Metrics

Written by `scripts/metrics_page.py` from `packages/observability/mentorium_observability/metrics.py`; a test says when
it is old. Each process tells its own at `/metrics`; with `PROMETHEUS_MULTIPROC_DIR` port 8001 answers for all of one
host. Series whose labels are known before stand at 0 from the start of the process that counts them. A moment is a Unix
time of the machine: how long ago it was is `time() - <metric>`.

| metric | kind | labels | what it tells |
|---|---|---|---|
"""
_FOOT: Final = """
## What to watch

| what | asked so |
|---|---|
| nobody brings updates (polling) | `time() - telegram_polled_at_seconds > 60 and telegram_polled_at_seconds > 0` |
| no worker's ticker gets on | `time() - max by (duty) (worker_ticked_at_seconds{duty="sweep-leases"}) > 60` |
| parents wait for the first words | `histogram_quantile(0.95, rate(answer_first_words_seconds_bucket[15m])) > 8` |
| Telegram holds us back | `sum by (method) (rate(telegram_requests_total{status="rate_limited"}[5m])) > 0` |
| a card may have been debited, and for a day nobody knows | `max by (check) (billing_disagreements{check="card_renewal_in_doubt"}) > 0` |
| messages are late | `notification_outbox_lag_seconds > 900` |
| a fault of ours | `increase(errors_total{error_type="internal"}[15m]) > 0` |
| jobs or updates were set aside | `jobs_by_state{state="failed"} > 0 or inbox_waiting{status="set_aside"} > 0` |
"""
_KINDS: Final = ((Counter, "counter"), (Histogram, "histogram"), (Gauge, "gauge"))


def page() -> str:
    """The page as it should be."""
    return _HEAD + "".join(sorted(_rows())) + _FOOT


def _rows() -> Iterator[str]:
    for each in vars(metrics).values():
        for kind, word in _KINDS:
            if isinstance(each, kind):
                name = each._name + ("_total" if kind is Counter else "")  # the client offers no public way
                labels = ", ".join(f"`{label}`" for label in each._labelnames)
                yield f"| `{name}` | {word} | {labels} | {each._documentation} |\n"


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    PAGE.write_text(page(), encoding="utf-8")
    logging.info("%s is written", PAGE.name)
