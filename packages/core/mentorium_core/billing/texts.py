"""Amounts and tariffs as parents read them."""

from __future__ import annotations

from typing import Final

from mentorium_core.billing.model import PriceList
from mentorium_core.i18n import format_money, format_number, t
from mentorium_domain.enums import Currency, Tariff
from mentorium_domain.money import TIYIN_A_SOUM

_TITLES: Final = {
    Tariff.MONTHLY: "tariff-title-monthly",
    Tariff.QUARTERLY: "tariff-title-quarterly",
    Tariff.ANNUAL: "tariff-title-annual",
}


def amount_text(language: str, amount_minor: int, currency: Currency) -> str:
    """`99 000 soʻm`, `990 ⭐`: of minor units; a part of a soum, which nothing of ours costs, is left out."""
    if currency is Currency.XTR:
        return t(language, "format-stars", number=format_number(language, amount_minor))
    return format_money(language, amount_minor // TIYIN_A_SOUM)


def tariff_title(language: str, tariff: Tariff) -> str:
    """`1 oy`, `1 month`."""
    return t(language, _TITLES[tariff])


def tariff_text(language: str, tariff: Tariff, prices: PriceList) -> str:
    """Its length, the price at which it can be paid, and what it saves."""
    named, saves = prices.named(tariff), prices.saves_percent(tariff)
    price = amount_text(language, named.amount_minor, named.currency)
    if not saves:
        return t(language, "tariff-offer", tariff=tariff_title(language, tariff), price=price)
    return t(language, "tariff-offer-saving", tariff=tariff_title(language, tariff), price=price, discount=str(saves))
