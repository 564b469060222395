"""Any number as a text can say it: the libraries below write those of up to some twenty figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

MOST_FIGURES: Final = 24
"""Before the decimal sign. Decimal's context has 28, of which babel takes three for decimals."""
_LARGEST: Final = 10**MOST_FIGURES


def sayable(number: int | float | Decimal) -> int | float | Decimal | str:
    """The number itself, a whole Decimal as an int, which chooses a plural; else its words: `1.00E+400`, `∞`, `NaN`."""
    if isinstance(number, int) and -_LARGEST < number < _LARGEST:
        return int(number)  # of a bool, too
    exact = Decimal(number)
    if exact.is_nan():
        return "NaN"
    if exact.is_infinite():
        return "∞" if exact > 0 else "-∞"
    if exact.adjusted() >= MOST_FIGURES:
        return f"{exact:.2E}"
    if isinstance(number, Decimal) and exact == exact.to_integral_value():
        return int(exact)
    return number
