"""Which payment one wants help with."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import AskSupport, LeaveSupport
from mentorium_core.billing.providers import TERMS
from mentorium_core.billing.support import SupportOrder
from mentorium_core.billing.texts import amount_text
from mentorium_core.i18n import format_day_month, t
from mentorium_domain.enums import Language, OrderStatus
from mentorium_kit import clock


def support_keyboard(language: Language, orders: Sequence[SupportOrder]) -> InlineKeyboardMarkup:
    """One row an order, the newest first, and one for anything else."""
    rows = [[button(order_text(language, order), AskSupport(about=order.public_id))] for order in orders]
    rows.append([button(t(language, "paysupport-other"), AskSupport(about="other"))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def order_text(language: Language, order: SupportOrder) -> str:
    """Day, price and provider tell one from another; what was not paid, or was given back, says so."""
    day = format_day_month(language, clock.local_day(order.made_at))
    price = amount_text(language, order.amount_minor, order.currency)
    text = t(language, "paysupport-order", day=day, price=price, provider=TERMS[order.provider].title)
    if order.status is OrderStatus.PAID:
        return text
    return t(language, "paysupport-order-but", order=text, status=t(language, f"staff-order-{order.status}"))


def leave_keyboard(language: Language) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[button(t(language, "paysupport-leave"), LeaveSupport(action="leave"))]]
    )
