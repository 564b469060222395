"""Answers words of despair: the fixed text first, then what is kept of it. No model is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from mentorium_core.mentor.crisis.answer import crisis_answer
from mentorium_core.mentor.crisis.commands import count_crisis, note_crisis
from mentorium_core.mentor.crisis.model import CrisisSign, HelpLines
from mentorium_domain.enums import Language
from mentorium_gateways.telegram import ChatClosedError
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 60.0
_MOST_TRIES: Final = 60
"""Some fifty minutes; the log has told of it at once."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CrisisAnswers:
    help_lines: HelpLines
    nursery: Nursery

    async def answer(
        self, sign: CrisisSign, language: Language, say: Callable[[str], Awaitable[object]], telegram_id: int | None
    ) -> None:
        """Say it, and keep that it was said. `telegram_id`: of a parent who is known to us; None: nothing is kept.

        `say`'s errors come through; of a chat that is closed to us the staff hears all the same. That our own database
        is away costs the parent nothing: it is kept when it is back.
        """
        count_crisis(sign)
        try:
            await say(crisis_answer(language, sign, self.help_lines))
        except ChatClosedError:
            await self._note(telegram_id, language, sign)
            raise
        await self._note(telegram_id, language, sign)

    async def _note(self, telegram_id: int | None, language: Language, sign: CrisisSign) -> None:
        if telegram_id is None:
            return
        try:
            await note_crisis(telegram_id, language, sign)
        except (UnavailableError, OutcomeUnknownError) as error:
            count_error(error)
            logger.error("crisis_not_noted", code=error.code)
            self.nursery.start(self._note_later(telegram_id, language, sign), name="note-crisis")

    async def _note_later(self, telegram_id: int, language: Language, sign: CrisisSign) -> None:
        for tries in range(1, _MOST_TRIES + 1):
            await asyncio.sleep(backoff_s(tries, _FIRST_PAUSE_S, _LONGEST_PAUSE_S))
            try:
                await note_crisis(telegram_id, language, sign)
            except (UnavailableError, OutcomeUnknownError) as error:
                count_error(error)
            else:
                logger.info("crisis_noted_late", tries=tries)
                return
        logger.error("crisis_never_noted")
