"""A 429 of one chat holds that chat alone, in answers and in the outbox."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from mentorium_core.notifications.model import Delivered, Postponed
from mentorium_domain.enums import NotificationType
from mentorium_domain.outbox import ClaimedMessage, Lane
from mentorium_gateways.telegram import (
    SharedRateLimiter,
    TelegramMessageTransport,
    TelegramRateLimitError,
    make_bare_bot,
    make_bot,
)
from mentorium_kit import clock
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.gateways.telegram_stand_in import TOKEN, Answer, TelegramStandIn, refusal

FLOODED, CALM = 1, 2


def limited(seconds: int) -> Answer:
    return refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def message(chat: int) -> ClaimedMessage:
    return ClaimedMessage(7, 1, chat, NotificationType.REPORT, "Hello", clock.now(), False)


@pytest_asyncio.fixture
async def limiter(redis_url: str) -> AsyncIterator[SharedRateLimiter]:
    async with Redis.from_url(redis_url) as redis:
        yield SharedRateLimiter(redis)


async def test_answers_to_other_chats_go_on_while_one_is_held(
    telegram: TelegramStandIn, limiter: SharedRateLimiter
) -> None:
    """durability 3, 13"""
    telegram.will_answer(limited(1), chat=FLOODED)
    async with make_bot(TOKEN, telegram.url, limiter).context() as bot:
        held = [asyncio.ensure_future(bot.send_message(FLOODED, "Hello")) for _ in range(3)]
        async with asyncio.timeout(0.9):
            while not telegram.times(FLOODED):
                await asyncio.sleep(0.01)
            await bot.send_message(CALM, "Hello")
        assert not all(one.done() for one in held)
        await asyncio.gather(*held)
    await asyncio.sleep(0.5)  # the answers have taken their permits
    assert (await limiter.take(Lane.PAYMENT, 1)).count == 1, "and so do messages of the outbox"


async def test_what_is_paid_for_makes_room_for_answers(telegram: TelegramStandIn, limiter: SharedRateLimiter) -> None:
    """Telegram may count it against the free rate first, and then nothing is left to answers for a whole run."""
    assert (await limiter.take(Lane.REPORT, 5, paid=True)).count == 5
    telegram.will_answer(limited(1), chat=FLOODED)
    async with make_bot(TOKEN, telegram.url, limiter).context() as bot:
        answer = asyncio.ensure_future(bot.send_message(FLOODED, "Hello"))
        async with asyncio.timeout(HANGS_AFTER_S):
            while (permits := await limiter.take(Lane.REPORT, 1, paid=True)).count:
                await asyncio.sleep(0.01)
        assert permits.wait_s > 1.0, "until it was tried once more, and a little longer"
        await answer


async def test_one_chat_that_floods_beside_a_paid_run_holds_it_up_for_seconds(limiter: SharedRateLimiter) -> None:
    assert (await limiter.take(Lane.REPORT, 5, paid=True)).count == 5
    await limiter.chat_limited(FLOODED, 60.0, is_answer=True)
    permits = await limiter.take(Lane.REPORT, 1, paid=True)
    assert permits.count == 0
    assert permits.wait_s <= 5.0


async def test_what_comes_later_waits_for_its_held_chat_without_a_call(telegram: TelegramStandIn) -> None:
    telegram.will_answer(limited(1), chat=FLOODED)
    async with make_bot(TOKEN, telegram.url).context() as bot:
        first = asyncio.ensure_future(bot.send_message(FLOODED, "Hello"))
        await asyncio.sleep(0.3)
        assert not await bot.send_message_draft(FLOODED, 1, text="a preview is dropped")
        await bot.send_message(FLOODED, "Hello")
        await first
    refused, *later = telegram.times(FLOODED)
    assert len(later) == 2
    assert min(later) - refused >= 1.0


async def test_a_chat_that_is_held_too_long_is_told_to_the_caller_at_once(telegram: TelegramStandIn) -> None:
    telegram.will_answer(limited(300), chat=FLOODED)
    async with make_bot(TOKEN, telegram.url).context() as bot:
        for _ in range(2):
            async with asyncio.timeout(1):
                with pytest.raises(TelegramRateLimitError):
                    await bot.send_message(FLOODED, "Hello")
    assert len(telegram.asked) == 1


async def test_a_429_of_the_outbox_postpones_its_chat_alone(
    telegram: TelegramStandIn, limiter: SharedRateLimiter
) -> None:
    """durability 13"""
    telegram.will_answer(limited(60), chat=FLOODED)
    async with make_bare_bot(TOKEN, telegram.url).context() as bot:
        transport = TelegramMessageTransport(bot, limiter)
        for _ in range(2):
            outcome = await transport.deliver(message(FLOODED))
            assert isinstance(outcome, Postponed)
            assert outcome.wait_s > 55
        assert isinstance(await transport.deliver(message(CALM)), Delivered)
    assert len(telegram.times(FLOODED)) == 1
    assert (await limiter.take(Lane.PAYMENT, 1)).count == 1


async def test_429s_of_several_chats_pause_everybody(telegram: TelegramStandIn, limiter: SharedRateLimiter) -> None:
    async with make_bare_bot(TOKEN, telegram.url).context() as bot:
        transport = TelegramMessageTransport(bot, limiter)
        for chat in range(11, 14):
            telegram.will_answer(limited(60), chat=chat)
            await transport.deliver(message(chat))
    assert (await limiter.take(Lane.PAYMENT, 1)).wait_s > 55
