"""A model words reports, a guard reads what it wrote, and the template stands where that cannot be used.

What it wrote is kept by what it was told, so that reports that are alike are worded once. Nothing here costs a report:
where the model is away, silent or wrong, the document stays as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from time import monotonic
from typing import Any, Final

from mentorium_ai_client import Finished, JsonSchema, Message, Restarted, TextDelta
from mentorium_core.model_budget.model import Withheld
from mentorium_core.model_budget.ports import StreamingModel
from mentorium_core.reports.model import ReportDocument, Shell
from mentorium_core.reports.sentences import Section
from mentorium_core.reports.shell_requests import (
    cache_key,
    judge,
    mended,
    messages_for,
    read_strings,
    schema_of,
    shell_of,
    to_ask_again,
    what_is_told,
)
from mentorium_core.reports.worded import WordingPlan, plan_wording, worded_report
from mentorium_db import autocommit_session
from mentorium_db.repositories import ReportShellRepository
from mentorium_domain.enums import Language
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.metrics import ai_report_guard

ON_DEMAND_S: Final = 6.0
"""So long somebody who has pressed a button waits for words: a second request included."""
IN_RUN_S: Final = 15.0
A_BATCH_S: Final = 90.0
"""So long all the words of a batch may take; what has none by then goes as the template."""
AT_ONCE: Final = 4
REFUSED_FOR: Final = timedelta(hours=1)
"""What could not be used is not asked for again before that."""
_REPLY_TOKENS: Final = 700
_A_TURN: Final = 25
"""So many documents are looked at, then others get their turn."""
_FINISHED: Final = "stop"
RESULTS: Final = ("passed", "corrected", "blocked", "unreadable")

logger = get_logger(__name__)


class UnreadableError(Exception):
    """The answer is cut, filtered, refused, or none of the schema."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """One document that is to be worded, and the key of all that are alike."""

    key: str
    document: ReportDocument
    language: Language
    plan: WordingPlan
    told: Mapping[str, Any]
    parent_id: int


@dataclass(frozen=True, slots=True)
class WordReports:
    """`model` has its own budget, of a day and of each parent: what is over it goes by the template."""

    model: StreamingModel
    model_name: str

    async def word(self, document: ReportDocument, language: Language, parent_id: int) -> ReportDocument:
        """The document with words around its sentences, or as it was. `parent_id`: whose budget it is.

        UnavailableError of our own database alone. No part of a unit of work.
        """
        wish = self._wish(document, language, parent_id)
        if wish is None:
            return document
        kept = await self._kept([wish.key])
        if wish.key not in kept:
            try:
                kept[wish.key] = await self._ask(wish, ON_DEMAND_S)
            except UnavailableError as error:
                _tell_unavailable(error)
        return _with(wish, kept.get(wish.key))

    async def word_all(
        self, documents: Sequence[tuple[ReportDocument, Language, int]], *, asks: bool
    ) -> list[ReportDocument]:
        """The same of a batch, in its order: each kind of report is asked for once, for the first parent it is for.

        Unless it `asks`, only what is kept is used. Where the model fails, or everybody's budget is used up, nothing
        more is asked.
        """
        wishes = list[_Wish | None]()
        for number, one in enumerate(documents):
            wishes.append(self._wish(*one))
            if number % _A_TURN == 0:
                await asyncio.sleep(0)
        by_key = {wish.key: wish for wish in reversed(wishes) if wish is not None}
        kept = await self._kept(list(by_key))
        if asks:
            kept |= await self._ask_all([wish for key, wish in by_key.items() if key not in kept])
        return [
            _with(wish, kept.get(wish.key)) if wish is not None else document
            for wish, (document, _, _) in zip(wishes, documents, strict=True)
        ]

    def _wish(self, document: ReportDocument, language: Language, parent_id: int) -> _Wish | None:
        plan = plan_wording(document, language)
        if plan is None:
            return None
        told = what_is_told(document, plan, language)
        return _Wish(cache_key(told, self.model_name), document, language, plan, told, parent_id)

    async def _kept(self, keys: Sequence[str]) -> dict[str, str | None]:
        """What is kept, and None for what was refused lately."""
        if not keys:
            return {}
        refused_since = clock.now() - REFUSED_FOR
        async with autocommit_session() as session:
            found = await ReportShellRepository(session).find(keys)
        return {
            key: shell.words for key, shell in found.items() if shell.words is not None or shell.made_at > refused_since
        }

    async def _ask_all(self, wishes: Sequence[_Wish]) -> dict[str, str | None]:
        """Some at once, until all are asked, the time is over, or the model does not answer."""
        waiting, made, until = list(wishes), dict[str, str | None](), monotonic() + A_BATCH_S

        async def ask_some() -> None:
            while waiting and monotonic() < until:
                wish = waiting.pop(0)
                try:
                    made[wish.key] = await self._ask(wish, IN_RUN_S)
                except UnavailableError as error:
                    _tell_unavailable(error, left=len(waiting))
                    if error.code != Withheld.PARENT_BUDGET:
                        waiting.clear()

        await asyncio.gather(*(ask_some() for _ in range(min(AT_ONCE, len(waiting)))))
        if waiting:
            logger.warning("report_words_out_of_time", left=len(waiting))
        return made

    async def _ask(self, wish: _Wish, seconds: float) -> str | None:
        """The words, judged and kept; None where they cannot be used. UnavailableError: the model is away."""
        words, result = await self._worded(wish, monotonic() + seconds)
        ai_report_guard.labels(result=result).inc()
        try:
            async with autocommit_session(writes=True) as session:
                await ReportShellRepository(session).keep(wish.key, words, clock.now())
        except (UnavailableError, OutcomeUnknownError) as error:  # asked for again another time
            logger.warning("report_words_not_kept", code=error.code)
        return words

    async def _worded(self, wish: _Wish, until: float) -> tuple[str | None, str]:
        try:
            names = [section.value for section in Section]
            parts = await self._strings(wish.told, names, until, wish.parent_id)
            shell, verdict = judge(shell_of(parts), wish.plan, wish.language)
            if verdict.ok and _fits(wish, shell):
                return shell, "passed"
            logger.warning("report_words_refused", breaches=[one.value for one in verdict.breaches], again=True)
            asked, names = to_ask_again(wish.told, parts, shell, wish.plan, verdict)
            shell = mended(parts, shell, await self._strings(asked, names, until, wish.parent_id))
        except UnreadableError:
            logger.warning("report_words_unreadable")
            return None, "unreadable"
        shell, verdict = judge(shell, wish.plan, wish.language)
        if verdict.ok and _fits(wish, shell):
            return shell, "corrected"
        logger.warning("report_words_refused", breaches=[one.value for one in verdict.breaches], again=False)
        return None, "blocked"

    async def _strings(
        self, asked: Mapping[str, Any], names: Sequence[str], until: float, parent_id: int
    ) -> dict[str, str]:
        answer = await self._answer(messages_for(asked), schema_of(names), until, parent_id)
        strings = read_strings(answer, names)
        if strings is None:
            raise UnreadableError
        return strings

    async def _answer(self, messages: Sequence[Message], schema: JsonSchema, until: float, parent_id: int) -> str:
        pieces: list[str] = []
        seconds = until - monotonic()
        if seconds <= 0:
            raise UnavailableError("ai_unavailable", reason="timeout")
        answer = self.model.stream(
            messages, user_id=parent_id, reply_tokens=_REPLY_TOKENS, timeout_s=seconds, answer_schema=schema
        )
        async with aclosing(answer) as events:
            async for event in events:
                match event:
                    case TextDelta(text):
                        pieces.append(text)
                    case Restarted():
                        pieces.clear()
                    case Finished(reason) if reason != _FINISHED:
                        raise UnreadableError
        return "".join(pieces)


def _tell_unavailable(error: UnavailableError, **more: int) -> None:
    """A model that an operator has switched off is no news."""
    if error.code != Withheld.SWITCHED_OFF:
        logger.warning("report_words_unavailable", code=error.code, reason=error.context.get("reason"), **more)


def _with(wish: _Wish, words: str | None) -> ReportDocument:
    return replace(wish.document, shell=Shell(wish.language, words)) if words is not None else wish.document


def _fits(wish: _Wish, words: str) -> bool:
    return worded_report(_with(wish, words), wish.language) is not None
