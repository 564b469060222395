"""The quota of a person: a token bucket before the lanes, so that one parent's flood costs nobody else anything."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from typing import Final

AT_ONCE: Final = 20
QUICK_AT_ONCE: Final = 60
"""Presses and commands: below sixty within any minute nobody is held back, however fast they come."""
A_SECOND: Final = 1.0
_REMEMBERED: Final = 10_000


class QuotaVerdict(Enum):
    """REFUSED_FIRST: refused, and the first one since the person was last within the quota: say so, once."""

    ADMITTED = "admitted"
    REFUSED_FIRST = "refused_first"
    REFUSED = "refused"


@dataclass(slots=True)
class PersonBucket:
    """The token bucket of one person."""

    tokens: float
    at: float
    told: bool = False

    def take(self, now: float, at_once: float, a_second: float) -> QuotaVerdict:
        """`now`: seconds of any clock that does not jump."""
        self.tokens = min(at_once, self.tokens + max(now - self.at, 0.0) * a_second)
        self.at = now
        if self.tokens >= 1.0:
            self.tokens -= 1.0
            self.told = False
            return QuotaVerdict.ADMITTED
        verdict = QuotaVerdict.REFUSED if self.told else QuotaVerdict.REFUSED_FIRST
        self.told = True
        return verdict


class PersonQuota:
    """`at_once` updates, then `a_second`; in the memory of one process, which forgets whoever has a full bucket."""

    def __init__(self, at_once: int = AT_ONCE, a_second: float = A_SECOND) -> None:
        self._at_once = float(at_once)
        self._a_second = a_second
        self._buckets: OrderedDict[int, PersonBucket] = OrderedDict()

    def take(self, user_id: int, now: float) -> QuotaVerdict:
        """Take one update's token of this person; `now` in seconds of machine time."""
        bucket = self._buckets.get(user_id)
        if bucket is None:
            bucket = self._buckets[user_id] = PersonBucket(self._at_once, now)
        self._buckets.move_to_end(user_id)
        if len(self._buckets) > _REMEMBERED:
            self._forget_oldest(now)
        return bucket.take(now, self._at_once, self._a_second)

    def _forget_oldest(self, now: float) -> None:
        """Whoever has been quiet for longest: a bucket that is full again need not be remembered, others stay."""
        while self._buckets:
            user_id, bucket = next(iter(self._buckets.items()))
            full = bucket.tokens + (now - bucket.at) * self._a_second >= self._at_once
            if not full and len(self._buckets) <= 10 * _REMEMBERED:
                return
            del self._buckets[user_id]
