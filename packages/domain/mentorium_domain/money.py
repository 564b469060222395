"""Money: whole minor units everywhere (tiyin of the soum, Telegram Stars), decimals only where a table shows them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from mentorium_domain.enums import Currency

TIYIN_A_SOUM: Final = 100
DECIMALS: Final = {Currency.UZS: 2, Currency.XTR: 0}
"""How many digits of an amount stand behind the point: 1 UZS is 100 tiyin, a Star is not divided."""


def tiyin(soums: int) -> int:
    """Whole soums in tiyin."""
    return soums * TIYIN_A_SOUM


def soums(tiyin: int) -> int:
    """Tiyin in whole soums. ValueError if there are tiyin left over: nothing of ours costs a part of a soum."""
    whole, rest = divmod(tiyin, TIYIN_A_SOUM)
    if rest:
        raise ValueError("not a whole number of soums")
    return whole


def amount(minor: int, currency: Currency) -> Decimal:
    """What a NUMERIC(10, 2) column shows of so many minor units: soums with two decimals, whole Stars."""
    return Decimal(minor).scaleb(-DECIMALS[currency])
