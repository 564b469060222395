"""The three tariffs."""

from __future__ import annotations

from typing import Final

from aiogram.types import InlineKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import ChooseTariff
from mentorium_core.billing.model import TARIFFS, TariffTerms
from mentorium_core.i18n import format_money, t
from mentorium_domain.enums import Language, Tariff

_TARIFF_TEXTS: Final = {
    Tariff.MONTHLY: "tariff-monthly",
    Tariff.QUARTERLY: "tariff-quarterly",
    Tariff.ANNUAL: "tariff-annual",
}


def tariff_text(language: Language, terms: TariffTerms) -> str:
    """Its length, price and what it saves."""
    price = format_money(language, terms.price_soums)
    if not terms.discount_percent:
        return t(language, _TARIFF_TEXTS[terms.tariff], price=price)
    return t(language, _TARIFF_TEXTS[terms.tariff], price=price, discount=str(terms.discount_percent))


def tariff_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [button(tariff_text(language, terms), ChooseTariff(tariff=terms.tariff))] for terms in TARIFFS.values()
        ]
    )
