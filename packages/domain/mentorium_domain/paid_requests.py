"""What Telegram has charged for requests beyond its free rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PaidRequests:
    """`stars`: a request costs a tenth of one."""

    requests: int
    stars: Decimal
