"""Telegram's balance of Stars against its own list: what has gone without a line, as a chargeback does, is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

NANOSTARS: Final = 10**9
_LINES: Final = "listed"
_BALANCE: Final = "balance_nanostars"


@dataclass(frozen=True, slots=True)
class StarsBalance:
    """`balance` now, and what the lines of Telegram's list after the first `counted_from` have moved; in nanostars.

    `lines`: how many the list has.
    """

    balance: int
    lines: int
    moved: int
    counted_from: int = 0


class StarsBalances(Protocol):
    """Telegram's own sum of what it holds for the bot."""

    async def balance(self, after: int) -> StarsBalance | None:
        """Counted from the line after so many; from the first where the list has become shorter.

        None where it did not hold still. UnavailableError: to be asked again.
        """


def lines_known(noted: Mapping[str, Any] | None) -> int:
    """How many lines of the list the last comparison has seen. `noted`: what it has left (`to_note`)."""
    return int(noted[_LINES]) if noted is not None else 0


def missing(noted: Mapping[str, Any] | None, found: StarsBalance) -> Decimal:
    """How many Stars the list tells of and the balance does not hold; below 0: it holds more."""
    before = int(noted[_BALANCE]) if noted is not None and found.counted_from else 0
    return Decimal(before + found.moved - found.balance) / NANOSTARS


def to_note(found: StarsBalance) -> dict[str, int]:
    """For the next comparison, which tells only of what has gone since."""
    return {_LINES: found.lines, _BALANCE: found.balance}


NOTED_AS: Final = _BALANCE
"""What an event has that notes a comparison."""
