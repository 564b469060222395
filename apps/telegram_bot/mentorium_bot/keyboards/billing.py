"""The tariffs, the ways to pay one, the way to the checkout, and the switch of a renewal."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import (
    ChooseProvider,
    ChooseTariff,
    PayButton,
    RenewByCard,
    RenewWithStars,
    Switch,
    SwitchRenewal,
)
from mentorium_core.billing.model import TARIFFS, PriceList
from mentorium_core.billing.texts import amount_text, tariff_text
from mentorium_core.i18n import t
from mentorium_domain.enums import Language, Tariff

if TYPE_CHECKING:  # a keyboard is drawn without a database
    from mentorium_bot.services.billing_service import Offer


def tariff_keyboard(language: Language, prices: PriceList) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [button(tariff_text(language, tariff, prices), ChooseTariff(tariff=tariff))] for tariff in TARIFFS
        ]
    )


@lru_cache(maxsize=256)
def provider_keyboard(language: Language, tariff: Tariff, offers: tuple[Offer, ...]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[_offer_button(language, tariff, offer)] for offer in offers])


def checkout_keyboard(language: Language, title: str, url: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=t(language, "pay-open-button", provider=title), url=url)]]
    )


def renewal_keyboard(language: Language, *, is_on: bool) -> InlineKeyboardMarkup:
    """What switches it the other way."""
    if is_on:
        switch = button(t(language, "renewal-off-button"), SwitchRenewal(switch=Switch.OFF))
    else:
        switch = button(t(language, "renewal-on-button"), SwitchRenewal(switch=Switch.ON))
    return InlineKeyboardMarkup(inline_keyboard=[[switch]])


def card_switch_row(language: Language) -> list[InlineKeyboardButton]:
    """Where a card is the only renewal there could be: the same handle as of any other."""
    return [button(t(language, "card-on-button"), SwitchRenewal(switch=Switch.ON))]


def card_row(language: Language, tariff: Tariff, *, is_saved: bool) -> list[InlineKeyboardButton]:
    """A card, or another one, for this tariff."""
    key = "card-change-button" if is_saved else "card-on-button"
    return [button(t(language, key), RenewByCard(switch=Switch.ON, tariff=tariff))]


def card_page_keyboard(language: Language, url: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text=t(language, "card-open-button"), url=url)]])


def _offer_button(language: Language, tariff: Tariff, offer: Offer) -> InlineKeyboardButton:
    price = amount_text(language, offer.price.amount_minor, offer.price.currency)
    if offer.renews:
        text = t(language, "pay-renew-button", provider=offer.terms.title, price=price)
        return button(text, RenewWithStars(provider=PayButton.STARS, action="renew"))
    text = t(language, "pay-button", provider=offer.terms.title, price=price)
    return button(text, ChooseProvider(provider=PayButton(offer.terms.button), tariff=tariff))
