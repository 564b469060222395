"""Tells the team (Sentry hears of errors) that our database lacks what this code asks for."""

from __future__ import annotations

from typing import Final, Literal

from mentorium_kit.errors import SchemaUnknownError
from mentorium_observability import get_logger
from mentorium_observability.at_most_every import AtMostEvery

EVERY_S: Final = 60.0

logger = get_logger(__name__)
_alerts = {met_in: AtMostEvery(EVERY_S) for met_in in ("update", "question")}


def tell_schema_unknown(error: BaseException, met_in: Literal["update", "question"]) -> None:
    """Once a minute a process and kind of work, however many meet it; nothing for another error."""
    if isinstance(error, SchemaUnknownError) and _alerts[met_in].is_due():
        logger.error("schema_unknown", exc_info=error)
