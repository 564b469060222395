"""How much goes out: one bucket for all processes, in which the less urgent leave room; alone without Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from mentorium_domain.outbox import Lane
from mentorium_gateways.telegram import SharedRateLimiter
from mentorium_gateways.telegram.chat_holds import ChatHolds
from mentorium_gateways.telegram.rate_limiter import TokenBucket, least_in_bucket

NOBODY = "redis://127.0.0.1:1/0"


@pytest_asyncio.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


async def drained(limiter: SharedRateLimiter, lane: Lane, seconds: float) -> int:
    """How many permits one who takes all it can get has within so many seconds."""
    loop = asyncio.get_running_loop()
    began, taken = loop.time(), 0
    while loop.time() - began < seconds:
        permits = await limiter.take(lane, 5)
        taken += permits.count
        if permits.count == 0:
            await asyncio.sleep(permits.wait_s)
    return taken


async def test_processes_share_one_rate(redis: Redis) -> None:
    taken = await asyncio.gather(*(drained(SharedRateLimiter(redis, 30), Lane.REPORT, 2.0) for _ in range(3)))
    assert 30 <= sum(taken) <= 66, "three who share have no more than one; a busy machine may give them less"


async def test_answers_are_never_held_up_and_others_pay_for_them(redis: Redis) -> None:
    limiter = SharedRateLimiter(redis, 30)
    assert (await limiter.take(Lane.ANSWER, 30)).count == 30
    refused = await limiter.take(Lane.PAYMENT, 1)
    assert refused.count == 0
    assert 0.4 < refused.wait_s < 1.2


@pytest.mark.parametrize(("lane", "later"), list(pairwise([Lane.PAYMENT, Lane.REPORT, Lane.NUDGE])))
def test_the_less_urgent_leave_permits_to_the_more_urgent(lane: Lane, later: Lane) -> None:
    """Whatever is in the bucket: where the later lane gets something, the earlier one does too, and sooner."""
    sooner = 0
    for hundredths in range(300):
        permits = hundredths / 100
        first, second = (
            TokenBucket(27.0, 2.5, permits, 0.0).take(least_in_bucket(one, 2.5), 5, 0.0).count for one in (lane, later)
        )
        assert (second == 0) or first > 0
        sooner += first > 0 and second == 0
    assert sooner > 0


async def test_who_is_told_to_be_quiet_is_quiet_everywhere(redis: Redis) -> None:
    one, other = SharedRateLimiter(redis, 30), SharedRateLimiter(redis, 30)
    await one.pause_all(3)
    refused = await other.take(Lane.PAYMENT, 1)
    assert refused.count == 0
    assert 1.5 < refused.wait_s <= 3.0
    assert (await other.take(Lane.ANSWER, 1)).count == 1


async def test_a_shorter_quiet_never_shortens_a_longer_one(redis: Redis) -> None:
    """durability 13"""
    one, other = SharedRateLimiter(redis, 30), SharedRateLimiter(redis, 30)
    await one.pause_all(30)
    await other.pause_all(1)
    for limiter in (one, other):
        assert (await limiter.take(Lane.PAYMENT, 1)).wait_s > 25


async def test_a_limit_of_one_chat_is_not_one_of_all(redis: Redis) -> None:
    """durability 13"""
    limiter = SharedRateLimiter(redis, 30)
    for _ in range(20):
        await limiter.chat_limited(1, 60)
    await limiter.chat_limited(2, 60)
    assert (await limiter.take(Lane.PAYMENT, 1)).count == 1


async def test_limits_of_several_chats_within_a_second_are_one_of_all_whoever_hears_them(redis: Redis) -> None:
    """durability 13"""
    limiters = [SharedRateLimiter(redis, 30) for _ in range(3)]
    for chat, limiter in enumerate(limiters):
        await limiter.chat_limited(chat, 60)
    assert (await limiters[0].take(Lane.PAYMENT, 1)).wait_s > 50


async def test_limits_of_several_chats_pause_this_process_without_redis() -> None:
    async with Redis.from_url(NOBODY, retry=Retry(NoBackoff(), 0)) as away:
        limiter = SharedRateLimiter(away, 30)
        for chat in range(3):
            await limiter.chat_limited(chat, 60)
        assert (await limiter.take(Lane.PAYMENT, 1)).wait_s > 50


async def test_without_redis_the_processes_that_were_alive_share_the_rate(redis: Redis) -> None:
    """durability 32"""
    limiters = [SharedRateLimiter(redis, 30) for _ in range(6)]
    for limiter in limiters:
        await limiter.take(Lane.ANSWER, 1)
    last = limiters[-1]
    last._go_alone(ConnectionError())  # as if Redis had gone at this moment
    taken = await drained(last, Lane.PAYMENT, 2.0)
    assert taken <= 2.0 * 30 / 6 + 1


async def test_unused_permits_come_back(redis: Redis) -> None:
    limiter = SharedRateLimiter(redis, 30)
    taken = await limiter.take(Lane.PAYMENT, 2)
    await limiter.give_back(taken.count)
    assert (await limiter.take(Lane.PAYMENT, 2)).count == taken.count


async def test_without_redis_each_process_has_a_third() -> None:
    async with Redis.from_url(NOBODY, retry=Retry(NoBackoff(), 0)) as away:
        limiter = SharedRateLimiter(away, 30)
        assert 8 <= await drained(limiter, Lane.REPORT, 2.0) <= 24
        await limiter.give_back(1)
        await limiter.pause_all(1)
        assert (await limiter.take(Lane.PAYMENT, 1)).count == 0
        assert (await limiter.take(Lane.ANSWER, 1)).count == 1


@given(
    st.lists(st.tuples(st.floats(0, 0.5), st.integers(1, 10), st.sampled_from([1.0, 2.0])), max_size=100),
    st.floats(1, 100),
)
def test_no_stretch_of_time_sees_more_than_rate_and_bucket(asks: list[tuple[float, int, float]], rate: float) -> None:
    bucket, now, taken = TokenBucket(rate, 3.0, 3.0, 0.0), 0.0, [(0.0, 0)]
    for pause, most, least in asks:
        now += pause
        permits = bucket.take(least, most, now)
        assert permits.count <= most
        assert permits.count > 0 or permits.wait_s > 0
        taken.append((now, permits.count))
    for first in range(len(taken)):
        total = 0
        for moment, count in taken[first:]:
            total += count
            assert total <= (moment - taken[first][0]) * rate + 3.0 + 1e-6


@given(st.lists(st.tuples(st.integers(1, 3), st.floats(0, 60), st.floats(0, 5)), max_size=30))
def test_a_chat_is_held_until_the_latest_moment_that_was_said_of_it(said: list[tuple[int, float, float]]) -> None:
    holds, now, until = ChatHolds(), 0.0, dict.fromkeys((1, 2, 3), 0.0)
    for chat, seconds, pause in said:
        holds.hold(chat, seconds, now)
        until[chat] = max(until[chat], now + seconds)
        now += pause
        for one, moment in until.items():
            assert holds.remaining_s(one, now) == pytest.approx(max(moment - now, 0.0))


@pytest.mark.parametrize("lane", list(Lane))
async def test_a_patient_asker_gets_a_permit_in_the_time_it_was_told(redis: Redis, lane: Lane) -> None:
    limiter = SharedRateLimiter(redis, 10)
    while (await limiter.take(Lane.PAYMENT, 5)).count:
        continue
    permits = await limiter.take(lane, 1)
    if permits.count == 0:
        await asyncio.sleep(permits.wait_s + 0.02)
        permits = await limiter.take(lane, 1)
    assert permits.count == 1
