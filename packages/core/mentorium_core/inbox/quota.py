"""The quota of a person: a token bucket before the lanes, so that one parent's flood costs nobody else anything."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from typing import Final

AT_ONCE: Final = 20
A_SECOND: Final = 1.0
QUICK_TIMES: Final = 3
"""So many times as many presses and commands: below sixty within any minute nobody is held back, however fast they
come."""
_REMEMBERED: Final = 10_000


class QuotaVerdict(Enum):
    """REFUSED_FIRST: refused, and the first one since the person was last within the quota: say so, once."""

    ADMITTED = "admitted"
    REFUSED_FIRST = "refused_first"
    REFUSED = "refused"


@dataclass(slots=True)
class PersonBucket:
    """The token bucket of one person: `tokens` for whatever they send, `quick` for presses and commands alone.

    Each update takes of both, so that what comes is never more than the larger of them.
    """

    tokens: float
    quick: float
    at: float
    told: bool = False
    told_of_quick: bool = False
    """That a press that passes is no sign that what one writes would: nobody is told anew for each."""

    def fill(self, now: float, at_once: float, quick_at_once: float, a_second: float) -> None:
        """`now`: seconds of any clock that does not jump."""
        come = max(now - self.at, 0.0) * a_second
        self.tokens = min(at_once, self.tokens + come)
        self.quick = min(quick_at_once, self.quick + come)
        self.at = now
        if self.quick >= quick_at_once:  # at rest: else who only presses from now on would never be told again
            self.told = False

    def take(self, *, quick: bool) -> QuotaVerdict:
        if (self.quick if quick else min(self.tokens, self.quick)) >= 1.0:
            self.tokens = max(self.tokens - 1.0, 0.0)
            self.quick -= 1.0
            if not quick or self.told_of_quick:
                self.told = False
            return QuotaVerdict.ADMITTED
        if self.told:
            return QuotaVerdict.REFUSED
        self.told, self.told_of_quick = True, quick
        return QuotaVerdict.REFUSED_FIRST


class PersonQuota:
    """`at_once` updates, then `a_second`; in the memory of one process, which forgets whoever has a full bucket.

    Of presses and commands `quick_times` as many at once.
    """

    def __init__(self, at_once: int = AT_ONCE, a_second: float = A_SECOND, quick_times: int = 1) -> None:
        self._at_once = float(at_once)
        self._quick_at_once = float(at_once * quick_times)
        self._a_second = a_second
        self._buckets: OrderedDict[int, PersonBucket] = OrderedDict()

    def take(self, user_id: int, now: float, *, quick: bool = False) -> QuotaVerdict:
        """Take one update's token of this person; `now` in seconds of machine time."""
        bucket = self._buckets.get(user_id)
        if bucket is None:
            bucket = self._buckets[user_id] = PersonBucket(self._at_once, self._quick_at_once, now)
        self._buckets.move_to_end(user_id)
        if len(self._buckets) > _REMEMBERED:
            self._forget_oldest(now)
        bucket.fill(now, self._at_once, self._quick_at_once, self._a_second)
        return bucket.take(quick=quick)

    def _forget_oldest(self, now: float) -> None:
        """Whoever has been quiet for longest: a bucket that is full again need not be remembered, others stay."""
        while self._buckets:
            user_id, bucket = next(iter(self._buckets.items()))
            full = bucket.quick + (now - bucket.at) * self._a_second >= self._quick_at_once
            if not full and len(self._buckets) <= 10 * _REMEMBERED:
                return
            del self._buckets[user_id]
