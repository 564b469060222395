"""Why a payment was not made, as its payer is to be told: each case has a sentence and a way on."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Failure(StrEnum):
    """Each is a sentence of the catalogues, `payment-not-made...`."""

    TOO_LATE = "payment-not-made-in-time"
    DECLINED = "payment-not-made-declined"
    STOPPED = "payment-not-made-stopped"
    OTHER = "payment-not-made"


_PAYME: Final = {"2": Failure.DECLINED, "3": Failure.DECLINED, "4": Failure.TOO_LATE, "10": Failure.STOPPED}
"""PayMe's reasons: debit refused by the bank, transaction not carried out, timeout, cancelled."""

_LEFT_AT_CLICK: Final = "-1"
"""Click has only said that it came to nothing (`NOT_SUCCESSFUL`): most often its payer has left it, no bank refused."""


def failure_of(because: str) -> Failure:
    """`because`: what is booked of a payment that failed, the provider and its own code (`payme_4`, `click -5017`)."""
    provider, _, code = because.replace(" ", "_", 1).partition("_")
    if provider == "payme":
        return _PAYME.get(code, Failure.OTHER)
    if provider == "click" and code.startswith("-") and code != _LEFT_AT_CLICK:
        return Failure.DECLINED
    return Failure.OTHER
