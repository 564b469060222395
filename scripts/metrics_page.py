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

`deploy/prometheus/rules` asks of these metrics what somebody must know, and `deploy/grafana` draws them; what to do
then stands in [PHASE_7_MONITORING.md](PHASE_7_MONITORING.md), one runbook an alert.
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
