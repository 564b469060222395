"""Logs, events, metrics and health: what the people who run the product see of it."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values  # what pydantic-settings reads it with

from mentorium_observability.event_log import EventLogService
from mentorium_observability.logging import configure_logging, get_logger, log_context
from mentorium_observability.sentry_config import configure_sentry, error_context, flush_sentry

__all__ = [
    "EventLogService",
    "configure_logging",
    "configure_sentry",
    "error_context",
    "flush_sentry",
    "get_logger",
    "log_context",
]


def _prepare_shared_metrics() -> None:
    """prometheus_client looks at this variable while it is being imported, and takes an empty one for a folder.

    It may stand in `.env`, as every setting; a file that cannot be read is for the settings to complain of.
    """
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        try:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = dotenv_values(".env").get("PROMETHEUS_MULTIPROC_DIR") or ""
        except (OSError, ValueError):
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = ""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
    else:
        os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)


_prepare_shared_metrics()
