"""An answer is shown while it is written and left behind once, whatever the mentor or Telegram does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import ClassVar

import pytest
from prometheus_client import REGISTRY

from mentorium_bot.answering.rendering import MESSAGE_LIMIT, render
from mentorium_bot.answering.streaming import BEGIN_AFTER_S, LiveAnswer
from mentorium_bot.splitting import MessagePart
from mentorium_core.i18n import utf16_length
from mentorium_core.mentor.model import AnswerPiece, Done, MentorEvent, Reset
from mentorium_gateways.telegram import AnswerLostError
from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from tests.fixtures.patience import HANGS_AFTER_S


class Paper:
    """A view that keeps what it was shown."""

    interval_s: ClassVar[float] = 0.001

    def __init__(self, failing_frames: int = 0) -> None:
        self.begun = 0
        self.frames: list[str] = []
        self.left: list[str] = []
        self._failing_frames = failing_frames
        self._news = asyncio.Event()

    async def begin(self) -> None:
        self.begun += 1
        self._maybe_fail()

    async def show(self, part: MessagePart) -> bool:
        self._maybe_fail()
        self.frames.append(part.text)
        self._news.set()
        return True

    async def leave(self, part: MessagePart) -> None:
        self.left.append(part.text)

    async def shows(self, text: str) -> None:
        while not self.frames or self.frames[-1] != text:
            self._news.clear()
            await self._news.wait()

    def _maybe_fail(self) -> None:
        if self._failing_frames:
            self._failing_frames -= 1
            raise AnswerLostError("telegram_answer_lost")


class AnnouncedPaper(Paper):
    """`announced`: once it has been begun."""

    def __init__(self) -> None:
        super().__init__()
        self.announced = asyncio.Event()

    async def begin(self) -> None:
        await super().begin()
        self.announced.set()


@pytest.fixture
def nursery() -> Nursery:
    return Nursery(on_error=lambda _, error: None)


async def test_words_are_shown_as_they_come_and_unchanged_frames_are_skipped(nursery: Nursery) -> None:
    paper, spare = Paper(), Paper()
    live = LiveAnswer(nursery, paper, lambda: spare)

    async def events() -> AsyncGenerator[MentorEvent, None]:
        yield AnswerPiece("**Hello")
        await paper.shows("**Hello")
        yield AnswerPiece("** you")
        await paper.shows("Hello you")
        yield Done("**Hello** you.")

    text = await asyncio.wait_for(live.write(events()), HANGS_AFTER_S)
    for part in render(text):
        await live.view.leave(part)
    assert text == "**Hello** you."
    assert paper.begun == 0, "an answer that comes at once needs no announcement"
    assert paper.left == ["Hello you."]
    assert all(before != after for before, after in zip(paper.frames, paper.frames[1:], strict=False))
    assert not spare.begun


async def test_the_announcement_is_not_shown_again_while_no_words_come(nursery: Nursery) -> None:
    paper = AnnouncedPaper()
    live = LiveAnswer(nursery, paper, Paper)

    async def events() -> AsyncGenerator[MentorEvent, None]:
        await paper.announced.wait()
        await asyncio.sleep(50 * paper.interval_s)  # so many frames would have been due
        yield AnswerPiece("Hello")
        await paper.shows("Hello")

    assert await asyncio.wait_for(live.write(events()), HANGS_AFTER_S) == "Hello"
    assert (paper.begun, paper.frames) == (1, ["Hello"])


@pytest.mark.parametrize(("others", "begun"), [(0, 1), (1_000, 0)])
async def test_among_many_answers_one_is_announced_later(nursery: Nursery, others: int, begun: int) -> None:
    """What is announced while many ask at once would keep their questions from the model."""
    paper = AnnouncedPaper()
    live = LiveAnswer(nursery, paper, Paper, others=lambda: others)

    async def events() -> AsyncGenerator[MentorEvent, None]:
        with suppress(TimeoutError):
            await asyncio.wait_for(paper.announced.wait(), HANGS_AFTER_S if begun else 2 * BEGIN_AFTER_S)
        yield AnswerPiece("Hello")
        await paper.shows("Hello")

    assert await asyncio.wait_for(live.write(events()), HANGS_AFTER_S) == "Hello"
    assert paper.begun == begun


class SlowPaper(Paper):
    """Shows a frame an hour."""

    interval_s: ClassVar[float] = 3600.0


async def test_the_first_words_wait_for_no_frame(nursery: Nursery) -> None:
    paper = SlowPaper()
    live = LiveAnswer(nursery, paper, Paper)

    async def events() -> AsyncGenerator[MentorEvent, None]:
        yield AnswerPiece("Hello")
        await paper.shows("Hello")
        yield AnswerPiece(" you")

    assert await asyncio.wait_for(live.write(events()), HANGS_AFTER_S) == "Hello you"
    assert paper.frames == ["Hello"]


async def test_words_that_come_during_the_announcement_wait_for_no_frame(nursery: Nursery) -> None:
    announcing = asyncio.Event()

    class Waiting(SlowPaper):
        async def begin(self) -> None:
            self.begun += 1
            announcing.set()
            await spoken.wait()

    spoken, paper = asyncio.Event(), Waiting()

    async def events() -> AsyncGenerator[MentorEvent, None]:
        await announcing.wait()
        yield AnswerPiece("Hello")
        spoken.set()
        await paper.shows("Hello")

    assert await asyncio.wait_for(LiveAnswer(nursery, paper, Paper).write(events()), HANGS_AFTER_S) == "Hello"
    assert paper.begun == 1
    assert paper.frames == ["Hello"]


async def test_a_reset_drops_what_was_shown(nursery: Nursery) -> None:
    paper = Paper()
    live = LiveAnswer(nursery, paper, Paper)

    async def events() -> AsyncGenerator[MentorEvent, None]:
        yield AnswerPiece("wrong")
        await paper.shows("wrong")
        yield Reset()
        yield AnswerPiece("right")
        await paper.shows("right")

    assert await asyncio.wait_for(live.write(events()), HANGS_AFTER_S) == "right"


async def test_stop_keeps_what_is_there_and_tells_the_mentor(nursery: Nursery) -> None:
    paper = Paper()
    live = LiveAnswer(nursery, paper, Paper)
    told: list[str] = []

    async def events() -> AsyncGenerator[MentorEvent, None]:
        try:
            yield AnswerPiece("half an")
            await paper.shows("half an")
            live.stop()
            await asyncio.Event().wait()
            yield AnswerPiece(" answer")
        except asyncio.CancelledError:
            told.append("stopped")
            raise

    assert await asyncio.wait_for(live.write(events()), HANGS_AFTER_S) == "half an"
    assert live.stopped
    assert told == ["stopped"]


async def test_after_two_failed_frames_the_fallback_shows_the_answer(nursery: Nursery) -> None:
    broken, spare = Paper(failing_frames=2), Paper()
    live = LiveAnswer(nursery, broken, lambda: spare)

    async def events() -> AsyncGenerator[MentorEvent, None]:
        yield AnswerPiece("text")
        await spare.shows("text")

    text = await asyncio.wait_for(live.write(events()), HANGS_AFTER_S)
    for part in render(text):
        await live.view.leave(part)
    assert spare.begun == 1
    assert (broken.left, spare.left) == ([], ["text"])


async def test_one_lost_frame_costs_nothing(nursery: Nursery) -> None:
    paper = Paper(failing_frames=1)
    live = LiveAnswer(nursery, paper, Paper)

    async def events() -> AsyncGenerator[MentorEvent, None]:
        yield AnswerPiece("text")
        await paper.shows("text")

    assert await asyncio.wait_for(live.write(events()), HANGS_AFTER_S) == "text"


async def test_an_unavailable_mentor_is_told_to_the_caller(nursery: Nursery) -> None:
    live = LiveAnswer(nursery, Paper(), Paper)

    async def events() -> AsyncGenerator[MentorEvent, None]:
        yield AnswerPiece("beginning")
        raise UnavailableError("ai_unavailable")

    with pytest.raises(UnavailableError):
        await asyncio.wait_for(live.write(events()), HANGS_AFTER_S)
    assert len(nursery) == 0


def test_a_long_answer_is_split_within_telegrams_limit() -> None:
    parts = render("\n\n".join(f"Paragraph {n} 😀 " + "слово " * 60 for n in range(40)))
    assert len(parts) > 1
    assert all(0 < utf16_length(part.text) <= MESSAGE_LIMIT for part in parts)
    assert sum(part.text.count("слово") for part in parts) == 40 * 60


def test_markdown_becomes_entities_that_lie_on_the_right_words() -> None:
    (part,) = render("# Title\n\n- 😀 one **bold** word\n- two")
    shown = part.text.encode("utf-16-le")
    bold = [
        shown[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        for entity in part.entities
        if entity.type == "bold"
    ]
    assert "bold" in [text.strip() for text in bold]
    assert part.text.startswith("Title")


def test_blank_text_has_no_part() -> None:
    assert render("  \n ") == []


def _first_words() -> float:
    return REGISTRY.get_sample_value("answer_first_words_seconds_count") or 0.0


async def test_the_time_to_the_first_words_is_measured_once(nursery: Nursery) -> None:
    """operators D"""
    paper, before = Paper(), _first_words()
    live = LiveAnswer(nursery, paper, lambda: paper, time.monotonic())

    async def events() -> AsyncGenerator[MentorEvent, None]:
        yield AnswerPiece("Hello")
        await paper.shows("Hello")
        yield AnswerPiece(" you")
        await paper.shows("Hello you")
        yield Done("Hello you.")

    await asyncio.wait_for(live.write(events()), HANGS_AFTER_S)
    live.words_are_shown()
    assert _first_words() == before + 1
