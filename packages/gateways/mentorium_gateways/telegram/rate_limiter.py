"""The rate limiter: how much Telegram takes from all our processes together, one token bucket of permits in Redis.

The bucket refills at `rate` a second and holds little more, so that no second sees more than `rate` and that
(Telegram: about 30 a second, https://core.telegram.org/bots/faq#broadcasting-to-users). A lane takes permits only
while the bucket is full enough for it: whoever is less urgent leaves some to whoever is more so. Answers do not ask,
they only take: the bucket goes into debt, and everybody else waits until it is paid.

While Redis is away each process works from a bucket of its own. Its share is the rate divided by the processes that
live: whoever sends writes its name into Redis, and remembers how many of the last ten minutes it saw there, never fewer
than three (bot and two workers). So together they stay below the limit for as many as were alive when Redis went.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from mentorium_core.notifications.model import Permits
from mentorium_domain.outbox import Lane
from mentorium_gateways.telegram.chat_holds import SEVERAL_CHATS, WITHIN_S, Chat, LimitedChats
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

DEFAULT_RATE: Final = 27.0
_BURST_S: Final = 2.5 / 27
_FULL_ENOUGH: Final = {Lane.ANSWER: 0.0, Lane.PAYMENT: 0.0, Lane.REPORT: 0.8, Lane.NUDGE: 0.95}
"""How full the bucket must be for a lane. At 27 a second reports go out in pairs: half the work for the database."""
_DEEPEST_DEBT_S: Final = 2.0
_FEWEST_PROCESSES: Final = 3
_PRESENT_EVERY_S: Final = 10.0
_PRESENT_FOR_S: Final = 600.0
"""Long, since who has nothing to send is not heard of; one name too many only makes the shares smaller."""
_REDIS_PATIENCE_S: Final = 5.0
_ANSWER_TIMEOUT_S: Final = 0.5
"""An answer to a parent waits for nothing longer than this."""
_KEY: Final = "mentorium:{telegram}:permits"
_PAID_KEY: Final = "mentorium:{telegram}:paid_permits"
_ROOM_FOR_ANSWERS_S: Final = 1.0
_LONGEST_FOR_ONE_ANSWER_S: Final = 5.0
PAID_RATE: Final = 500.0
"""Messages a second that are paid for: half of what Telegram takes from one bot."""
_QUIET_KEY: Final = "mentorium:{telegram}:quiet"
_LIMITED_KEY: Final = "mentorium:{telegram}:limited"
_PROCESSES_KEY: Final = "mentorium:{telegram}:processes"

# KEYS: bucket, quiet. ARGV: rate, capacity, least that must be in it, most to take, "1" to take it in any case.
# Returns {taken, seconds until it is worth asking again}. Redis' own clock is the only one that all processes share.
_TAKE: Final = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local rate, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
local least, most = tonumber(ARGV[3]), tonumber(ARGV[4])
local stored = redis.call('HMGET', KEYS[1], 'permits', 'at')
local permits = math.min(capacity, (tonumber(stored[1]) or capacity) + (now - (tonumber(stored[2]) or now)) * rate)
local taken, wait = 0, 0
if ARGV[5] == '1' then
    taken = most
else
    local quiet = redis.call('PTTL', KEYS[2])
    if quiet > 0 then
        wait = quiet / 1000
    elseif permits >= least then
        taken = math.min(most, math.floor(permits))
    end
    taken = math.max(taken, 0)
    if wait == 0 and permits - taken < least then
        wait = math.max((least - permits + taken) / rate, 0.001)
    end
end
redis.call('HSET', KEYS[1], 'permits', tostring(math.max(permits - taken, -tonumber(ARGV[6]))), 'at', tostring(now))
redis.call('EXPIRE', KEYS[1], 60)
return {tostring(taken), tostring(wait)}
"""
_GIVE_BACK: Final = (
    "if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HINCRBYFLOAT', KEYS[1], 'permits', ARGV[1]) end"
)

# KEYS: quiet. ARGV: milliseconds. A shorter quiet never shortens a longer one.
_KEEP_QUIET: Final = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
    redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
end
"""

# KEYS: limited chats, by when. ARGV: chat, seconds. Returns how many chats were limited within these seconds.
_NOTE_LIMITED: Final = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('EXPIRE', KEYS[1], 5)
return redis.call('ZCARD', KEYS[1])
"""

# KEYS: processes, by when they were last here. ARGV: name, seconds. Returns how many were here within these seconds.
_BE_PRESENT: Final = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])
"""

logger = get_logger(__name__)


@dataclass(slots=True)
class TokenBucket:
    """The same token bucket in this process alone; `now` is in seconds of any clock that does not jump."""

    rate: float
    capacity: float
    permits: float
    at: float
    quiet_until: float = 0.0

    def take(self, least: float, most: int, now: float, *, in_any_case: bool = False) -> Permits:
        self.permits = min(self.capacity, self.permits + (now - self.at) * self.rate)
        self.at = now
        if in_any_case:
            self.permits = max(self.permits - most, -_DEEPEST_DEBT_S * self.rate)
            return Permits(most, 0.0)
        if now < self.quiet_until:
            return Permits(0, self.quiet_until - now)
        taken = max(min(most, int(self.permits)), 0) if self.permits >= least else 0
        self.permits -= taken
        return Permits(taken, max((least - self.permits) / self.rate, 0.001) if self.permits < least else 0.0)


class SharedRateLimiter:
    """The rate limiter over Redis. `rate`: messages a second (more than 27 only with Telegram's paid broadcasts)."""

    def __init__(self, redis: Redis, rate: float = DEFAULT_RATE) -> None:
        self._redis = redis
        self._rate = rate
        self._capacity = max(rate * _BURST_S, 1.0)
        self._own = TokenBucket(0.0, 1.0, 0.0, 0.0)
        self._name = uuid4().hex
        self._present_at = -_PRESENT_EVERY_S
        self._share_among(_FEWEST_PROCESSES)
        self._limited = LimitedChats()
        self._answers_untold = 0
        self._telling_of_answers = asyncio.Lock()
        self._own_until = 0.0
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)
        self._keep_quiet = redis.register_script(_KEEP_QUIET)
        self._note_limited = redis.register_script(_NOTE_LIMITED)
        self._be_present = redis.register_script(_BE_PRESENT)

    async def take(self, lane: Lane, most: int, *, paid: bool = False) -> Permits:
        """At most so many permits, at once; where there is none, how long to wait. Answers get what they ask for.

        Answers that ask while Redis is being told of another are told of together. What is `paid` for has a bucket of
        its own; without Redis it goes at the free rate.
        """
        if paid:
            return await self._take_paid(lane, most)
        if lane is not Lane.ANSWER:
            return await self._take_of_bucket(lane, most)
        self._answers_untold += most
        async with self._telling_of_answers:
            if untold := self._answers_untold:
                self._answers_untold = 0
                try:
                    await self._take_of_bucket(lane, untold)
                except asyncio.CancelledError:
                    self._answers_untold += untold  # the others' are still to be told of
                    raise
        return Permits(most, 0.0)

    async def _take_of_bucket(self, lane: Lane, most: int) -> Permits:
        any_case = lane is Lane.ANSWER
        if not self._redis_is_away:
            least, debt = least_in_bucket(lane, self._capacity), _DEEPEST_DEBT_S * self._rate
            try:
                async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                    await self._tell_we_are_here()
                    taken, wait_s = await self._take(
                        keys=[_KEY, _QUIET_KEY],
                        args=[self._rate, self._capacity, least, most, int(any_case), debt],
                    )
                return Permits(int(float(taken)), float(wait_s))
            except (RedisError, TimeoutError) as error:
                self._go_alone(error)
        least = least_in_bucket(lane, self._own.capacity)
        return self._own.take(least, most, self._now, in_any_case=any_case)

    async def _take_paid(self, lane: Lane, most: int) -> Permits:
        if not self._redis_is_away:
            capacity = PAID_RATE * _BURST_S
            try:
                async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                    taken, wait_s = await self._take(
                        keys=[_PAID_KEY, _QUIET_KEY], args=[PAID_RATE, capacity, 1.0, most, 0, 0.0]
                    )
                return Permits(int(float(taken)), float(wait_s))
            except (RedisError, TimeoutError) as error:
                self._go_alone(error)
        return self._own.take(least_in_bucket(lane, self._own.capacity), most, self._now)

    async def give_back(self, count: int, *, paid: bool = False) -> None:
        """Permits that were taken and not used."""
        if self._redis_is_away:
            self._own.permits += count
            return
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                await self._give_back(keys=[_PAID_KEY if paid else _KEY], args=[count])
        except (RedisError, TimeoutError) as error:
            self._go_alone(error)

    async def pause_all(self, seconds: float) -> None:
        """Nobody but answers sends for so long, in any process."""
        self._own.quiet_until = max(self._own.quiet_until, self._now + seconds)
        if self._redis_is_away:
            return
        try:
            async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                await self._keep_quiet(keys=[_QUIET_KEY], args=[max(int(seconds * 1000), 1)])
        except (RedisError, TimeoutError) as error:
            self._go_alone(error)

    async def chat_limited(self, chat: Chat, seconds: float, *, is_answer: bool = False) -> None:
        """Telegram said "too many requests" of this chat: all pause where it says so of several within a second.

        So they do for a single answer while something is paid for, which may leave nothing of the free rate, and until
        that answer was tried once more; for a few seconds at most, since it may as well be this chat's own flood.
        """
        several, crowded_out = self._limited.are_several(chat, self._now), False
        if not self._redis_is_away:
            try:
                async with asyncio.timeout(_ANSWER_TIMEOUT_S):
                    count = await self._note_limited(keys=[_LIMITED_KEY], args=[str(chat), WITHIN_S])
                    crowded_out = is_answer and bool(await self._redis.exists(_PAID_KEY))
                several = several or int(count) >= SEVERAL_CHATS
            except (RedisError, TimeoutError) as error:
                self._go_alone(error)
        if crowded_out:
            seconds += _ROOM_FOR_ANSWERS_S
            seconds = seconds if several else min(seconds, _LONGEST_FOR_ONE_ANSWER_S)
        if several or crowded_out:
            logger.warning("all_chats_limited", seconds=seconds)
            await self.pause_all(seconds)

    async def _tell_we_are_here(self) -> None:
        if self._now - self._present_at < _PRESENT_EVERY_S:
            return
        self._present_at = self._now
        count = await self._be_present(keys=[_PROCESSES_KEY], args=[self._name, int(_PRESENT_FOR_S)])
        self._share_among(max(int(count), _FEWEST_PROCESSES))

    def _share_among(self, processes: int) -> None:
        """What this process alone may send: no floor under it, or together they might exceed the limit."""
        self._own.rate = self._rate / processes
        self._own.capacity = max(self._own.rate * _BURST_S, 1.0)

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    @property
    def _redis_is_away(self) -> bool:
        return self._now < self._own_until

    def _go_alone(self, error: Exception) -> None:
        """For a few seconds Redis is not asked: each question would cost its time-out."""
        count_error(error)
        logger.warning("limiter_alone", reason=type(error).__name__)
        self._own_until = self._now + _REDIS_PATIENCE_S


def least_in_bucket(lane: Lane, capacity: float) -> float:
    """How many permits must be in a bucket before this lane takes any."""
    return max(1.0, capacity * _FULL_ENOUGH[lane])
