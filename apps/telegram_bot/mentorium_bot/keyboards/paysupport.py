"""Which payment one wants help with."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import AskSupport, LeaveSupport
from mentorium_core.billing.support import SupportOrder
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_domain.enums import Language
from mentorium_kit import clock


def support_keyboard(language: Language, orders: Sequence[SupportOrder]) -> InlineKeyboardMarkup:
    """One row an order, the newest first, and one for anything else."""
    rows = [[button(order_text(language, order), AskSupport(about=order.public_id))] for order in orders]
    rows.append([button(t(language, "paysupport-other"), AskSupport(about="other"))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def order_text(language: Language, order: SupportOrder) -> str:
    return t(
        language,
        "paysupport-order",
        tariff=tariff_title(language, order.tariff),
        price=amount_text(language, order.amount_minor, order.currency),
        day=format_date_long(language, clock.local_day(order.made_at)),
    )


def leave_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[button(t(language, "paysupport-leave"), LeaveSupport(action="leave"))]]
    )
