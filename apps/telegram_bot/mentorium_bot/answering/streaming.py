"""Shows an answer while it is being written, and leaves the lasting one behind, exactly once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import Final

from mentorium_bot.answering.answer_view import AnswerView
from mentorium_bot.answering.rendering import render
from mentorium_bot.splitting import MessagePart
from mentorium_core.mentor.model import AnswerPiece, Done, MentorEvent, Reset
from mentorium_gateways.telegram import TelegramError
from mentorium_kit.errors import MentoriumError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import first_words

KEEP_ALIVE_S: Final = 25.0
BEGIN_AFTER_S: Final = 0.2
"""An answer whose first words take longer is announced by an empty frame; a faster one is spared that call."""
BEGIN_LATER_S: Final = 0.01
"""For each answer in the making beside it: what is announced meanwhile keeps other questions from the model."""
BEGIN_AT_LAST_S: Final = 1.0
MAX_FAILED_FRAMES: Final = 2

logger = get_logger(__name__)


class LiveAnswer:
    """One answer in the making. `view` shows it; after two failed frames in a row `fallback` takes over.

    `asked_at`: when its question was stored, in seconds of `time.monotonic()`; None where nobody knows. `others`: how
    many answers this process makes at this moment.
    """

    def __init__(
        self,
        nursery: Nursery,
        view: AnswerView,
        fallback: Callable[[], AnswerView],
        asked_at: float | None = None,
        others: Callable[[], int] = lambda: 0,
    ) -> None:
        self._asked_at = asked_at
        self._others = others
        self._nursery = nursery
        self._view = view
        self._fallback: Callable[[], AnswerView] | None = fallback
        self._text = ""
        self._shown: MessagePart | None = None
        self._shown_at = 0.0
        self._words_tried = False
        self._failed_frames = 0
        self._error: MentoriumError | None = None
        self._reader: asyncio.Task[object] | None = None
        self._first_words: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self.stopped = False

    @property
    def text(self) -> str:
        """What has been written so far, in Markdown."""
        return self._text

    def stop(self) -> None:
        """Write no further; what is there stays."""
        self.stopped = True
        if self._reader is not None:
            self._reader.cancel()

    async def write(self, events: AsyncGenerator[MentorEvent, None]) -> str:
        """Show the first words at once and the rest as it comes; the whole text, or what there was when it was stopped.

        Raises what the mentor raised, such as UnavailableError. Telegram's errors only cost frames.
        """
        reader = self._reader = self._nursery.start(self._read(events), name="mentor-answer")
        if self.stopped:
            reader.cancel()
        try:
            if not await self._words_before_it_is_announced(reader):
                await self._begin()
            while not reader.done():
                await self._until_a_frame_is_due(reader)
                if not reader.done():
                    await self._frame()
        finally:
            reader.cancel()
        if self._error is not None:
            raise self._error
        if not reader.cancelled() and (error := reader.exception()) is not None:
            raise error
        return self._text

    @property
    def view(self) -> AnswerView:
        """What the lasting answer takes the place of."""
        return self._view

    def words_are_shown(self) -> None:
        """The first words are in the chat; told once, the metrics hear how long they took."""
        if self._asked_at is not None:
            first_words.observe(time.monotonic() - self._asked_at)
            self._asked_at = None

    async def _read(self, events: AsyncGenerator[MentorEvent, None]) -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    match event:
                        case AnswerPiece(text):
                            self._text += text
                            self._tell_of_words()
                        case Reset():
                            self._text = ""
                        case Done(text):
                            self._text = text
        except MentoriumError as error:
            self._error = error

    def _tell_of_words(self) -> None:
        if not self._first_words.done():
            self._first_words.set_result(None)

    async def _words_before_it_is_announced(self, reader: asyncio.Task[object]) -> bool:
        """Whether there are words, or the end of them, by then."""
        awaited: set[asyncio.Future[object]] = {reader, self._first_words}
        began, done = time.monotonic(), set[asyncio.Future[object]]()
        while not done and (left_s := began + self._begin_after_s() - time.monotonic()) > 0:
            done, _ = await asyncio.wait(awaited, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
        return bool(done)

    def _begin_after_s(self) -> float:
        return min(BEGIN_AFTER_S + BEGIN_LATER_S * self._others(), BEGIN_AT_LAST_S)

    async def _until_a_frame_is_due(self, reader: asyncio.Task[object]) -> None:
        """The first words wait for no interval, however early they came."""
        if self._first_words.done() and not self._words_tried:
            return
        awaited: set[asyncio.Future[object]] = {reader}
        if not self._first_words.done():
            awaited.add(self._first_words)
        await asyncio.wait(awaited, timeout=self._view.interval_s, return_when=asyncio.FIRST_COMPLETED)

    async def _begin(self) -> None:
        if await self._attempt(self._view.begin()):
            self._shown, self._shown_at = MessagePart(""), asyncio.get_running_loop().time()

    async def _frame(self) -> None:
        self._words_tried = self._first_words.done()
        part = (render(self._text) or [MessagePart("")])[-1]
        now = asyncio.get_running_loop().time()
        if part == self._shown and now - self._shown_at < KEEP_ALIVE_S:
            return
        if await self._attempt(self._view.show(part)):
            self._shown, self._shown_at = part, now
            if part.text:
                self.words_are_shown()

    async def _attempt(self, frame: Coroutine[object, object, bool | None]) -> bool:
        try:
            shown = await frame
        except TelegramError as error:
            logger.info("frame_failed", code=error.code)
            self._failed_frames += 1
            if self._failed_frames >= MAX_FAILED_FRAMES:
                await self._fall_back()
            return False
        self._failed_frames = 0
        return shown is not False

    async def _fall_back(self) -> None:
        if self._fallback is None:
            return
        self._view, self._fallback = self._fallback(), None
        self._failed_frames = 0
        await self._attempt(self._view.begin())
