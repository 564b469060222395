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
