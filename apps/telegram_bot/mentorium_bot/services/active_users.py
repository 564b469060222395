"""Active users: how many different people wrote within the last 24 hours; no id is kept, only Redis' count of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from redis.asyncio import Redis

from mentorium_kit import clock

_HOURS: Final = 24
_KEPT_FOR_S: Final = (_HOURS + 1) * 3600


class ActiveUsers:
    """Counted by a HyperLogLog an hour; what was recorded since the last count waits in this process."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._seen: set[int] = set()

    def record(self, user_id: int) -> None:
        """This person wrote just now."""
        self._seen.add(user_id)

    def forget(self, user_id: int) -> None:
        """This person is not to be counted any more; Redis keeps nobody's id anyway."""
        self._seen.discard(user_id)

    async def count(self) -> int:
        """Different people within the last 24 hours. Raises RedisError; nothing noted is lost then."""
        now = clock.now()
        if seen := list(self._seen):
            await self._redis.pfadd(_key(now), *seen)
            await self._redis.expire(_key(now), _KEPT_FOR_S)
            self._seen.difference_update(seen)
        return int(await self._redis.pfcount(*(_key(now - timedelta(hours=ago)) for ago in range(_HOURS))))


def _key(moment: datetime) -> str:
    return f"mentorium:active:{moment:%Y%m%d%H}"
