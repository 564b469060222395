"""Telling once of what is tried again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

_MOST_REMEMBERED: Final = 1_000


class Once:
    """Whether something comes for the first time, of the latest thousand."""

    def __init__(self, most: int = _MOST_REMEMBERED) -> None:
        self._seen: OrderedDict[Hashable, None] = OrderedDict()
        self._most = most

    def is_first(self, key: Hashable) -> bool:
        """True once a key, until a thousand others have come."""
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return True
