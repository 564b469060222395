"""The answer from the data alone, where the language model gives none: it is away, withheld, or over its budget.

A parent who asks while the service is down for an hour reads the figures asked for, not an apology.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final

from mentorium_core.i18n import t
from mentorium_core.mentor.conversation import Conversation
from mentorium_core.mentor.model import Became, MentorEvent
from mentorium_core.mentor.told import told
from mentorium_core.model_budget.model import ModelWithheldError, Withheld
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.metrics import ai_fallbacks, count_error

OF_THE_MODEL: Final = "ai_"
"""How the codes of errors begin that are the model's, and nobody else's."""
_WHY: Final = {Withheld.PARENT_BUDGET.value: "without-model-budget", Withheld.SWITCHED_OFF.value: "without-model-off"}

logger = get_logger(__name__)


async def with_or_without_model(conversation: Conversation) -> AsyncGenerator[MentorEvent, None]:
    """The conversation's own events; where its model gives no answer, one from the data in its place.

    The model's error comes through where the data cannot be read either.
    """
    try:
        async with aclosing(conversation.events()) as events:
            async for event in events:
                yield event
        return
    except UnavailableError as error:
        if not error.code.startswith(OF_THE_MODEL):
            raise
        failed = error
    text = conversation.said_instead() or await _figures(conversation, failed)
    _tell_operators(failed)
    conversation.became = Became.MISSING
    for event in conversation.say(text):
        yield event


async def _figures(conversation: Conversation, failed: UnavailableError) -> str:
    language, results = conversation.toolbox.language, await conversation.ask_tools()
    if _nothing_can_be_read(results):
        raise failed
    return f"{told(results, language)}\n\n{t(language, _WHY.get(failed.code, 'without-model-away'))}"


def _tell_operators(failed: UnavailableError) -> None:
    """What was withheld on purpose is no failure; all else is counted as one."""
    ai_fallbacks.labels(reason=failed.code).inc()
    log = logger.info
    if not isinstance(failed, ModelWithheldError):
        count_error(failed)
        log = logger.warning
    log("answered_without_model", code=failed.code, reason=failed.context.get("reason"))


def _nothing_can_be_read(results: Sequence[str]) -> bool:
    return all(json.loads(result).get("error") == "unavailable" for result in results)
