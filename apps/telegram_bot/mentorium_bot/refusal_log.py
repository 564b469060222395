"""A refusal is no fault, and yet the first thing that support asks for: one line, with its reason and nobody's data."""

from __future__ import annotations

from mentorium_kit.errors import RefusedError
from mentorium_observability import get_logger

logger = get_logger(__name__)


def log_refusal(refused: RefusedError) -> None:
    """The code says what was refused, the reason why."""
    logger.info("refused", code=refused.code, reason=refused.context.get("reason"))
