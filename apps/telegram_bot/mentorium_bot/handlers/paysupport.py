"""/paysupport, which every shop in Telegram has to answer: which payment, then what happened; it reaches the staff."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, Update

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command, is_written, written
from mentorium_bot.keyboards.callback_data import AskSupport, LeaveSupport
from mentorium_bot.keyboards.paysupport import leave_keyboard, support_keyboard
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.states.paysupport import AwaitedReason, await_reason, awaited_reason, forget_step
from mentorium_bot.states.storage import StepsUnavailableError
from mentorium_core.billing.support import (
    LONGEST_REASON,
    TooManyRequestsError,
    is_cut,
    list_support_orders,
    request_support,
)
from mentorium_core.i18n import format_number, t
from mentorium_core.identity.model import ParentView
from mentorium_domain.enums import Language
from mentorium_domain.inbox import TakenUpdate
from mentorium_kit import clock


@dataclass(frozen=True, slots=True)
class StaffReads:
    """Whether there is a chat of the staff (STAFF_CHAT_ID); without it one is told whom to write to.

    `contact`: another way to them (SUPPORT_CONTACT), shown beside it.
    """

    yes: bool
    contact: str


def router() -> Router:
    routes = IndexedRouter(name="paysupport")
    routes.message.register(ask_which, command("paysupport"))
    routes.callback_query.register(ask_reason, AskSupport.filter())
    routes.callback_query.register(leave, LeaveSupport.filter())
    routes.message.register(take_reason, is_written, awaits_reason)
    return routes


async def ask_which(
    _: Message, chat: Chat, language: Language, staff_reads: StaffReads, parent: ParentView | None
) -> None:
    if parent is None or not parent.consented or not staff_reads.yes:
        await chat.say(t(language, "paysupport-text", id=str(chat.id), contact=staff_reads.contact))
        return
    orders = await list_support_orders(parent)
    await chat.say(t(language, "paysupport-which"), support_keyboard(language, orders))


async def ask_reason(
    _: CallbackQuery,
    callback_data: AskSupport,
    chat: Chat,
    state: FSMContext,
    language: Language,
    staff_reads: StaffReads,
    parent: ParentView | None,
) -> None:
    order = None if callback_data.about == "other" else callback_data.about
    try:
        if parent is None or not staff_reads.yes:
            raise StepsUnavailableError("nobody_to_ask")
        await await_reason(state, order, clock.now())
    except StepsUnavailableError:  # there is another way, which needs no memory
        await chat.say(t(language, "paysupport-text", id=str(chat.id), contact=staff_reads.contact))
        return
    about = t(language, "paysupport-reason-order", order=order) if order is not None else None
    contact = t(language, "paysupport-contact", contact=staff_reads.contact)
    text = "\n".join(filter(None, [about, t(language, "paysupport-reason"), contact]))
    await chat.say(text, leave_keyboard(language))


async def leave(_: CallbackQuery, chat: Chat, state: FSMContext, language: Language) -> None:
    await forget_step(state)
    await chat.say(t(language, "paysupport-left"))


async def awaits_reason(
    _: Message, state: FSMContext, parent: ParentView | None = None
) -> bool | dict[str, AwaitedReason]:
    """Gives `awaited` where this parent has been asked what happened, and it is not long ago."""
    if parent is None or not parent.consented:
        return False
    awaited = await awaited_reason(state, clock.now())
    return {"awaited": awaited} if awaited is not None else False


async def take_reason(
    message: Message,
    awaited: AwaitedReason,
    chat: Chat,
    state: FSMContext,
    parent: ParentView,
    language: Language,
    event_update: Update,
    taken: TakenUpdate | None = None,
) -> None:
    day = taken.received_at if taken is not None else message.date
    key = f"paysupport:{chat.bot.id}:{event_update.update_id}:{day:%Y%m%d}"
    try:
        number = await request_support(parent, awaited.order, written(message), request_key=key)
    except TooManyRequestsError:  # what is written next is a question to the mentor again
        await forget_step(state)
        raise
    await forget_step(state)
    said = [t(language, "paysupport-sent", number=str(number))]
    if is_cut(written(message)):
        said.append(t(language, "paysupport-cut", most=format_number(language, LONGEST_REASON)))
    await chat.say("\n\n".join(said))
