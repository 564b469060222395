"""Reports by e-mail, behind their row in /settings: whether, where, and the code that proves another address."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, TelegramObject

from mentorium_bot.chat import Chat
from mentorium_bot.filters import not_registered, written
from mentorium_bot.handlers.identity_proof import holds_code, why_no_mail, why_not_this_code
from mentorium_bot.keyboards.callback_data import (
    ChangeAddress,
    ChooseEmail,
    ChooseEmailBefore,
    ChooseEmailForTheCase,
    ShowEmail,
)
from mentorium_bot.keyboards.email_channel import email_keyboard, leave_keyboard
from mentorium_bot.refusal_log import log_refusal
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.states.email_channel import EmailStates, await_step, forget_step, is_awaited
from mentorium_core.i18n import t
from mentorium_core.identity.email_code import RequestEmailCode
from mentorium_core.identity.model import EmailCodeRefusedError, EmailRefusedError, ParentView
from mentorium_core.identity.one_time_code import find_address, find_code
from mentorium_core.notifications.email_channel import (
    ConfirmAddress,
    EmailChannelView,
    choose_email,
    find_confirmed_lately,
    get_email_channel,
)
from mentorium_domain.enums import Language
from mentorium_kit import clock


@dataclass(frozen=True, slots=True)
class EmailOffer:
    """`request_code` has a code mailed to an address, `confirm` takes it. Not `is_offered` without a mail server, or
    without a public address for the link that ends letters.
    """

    is_offered: bool
    request_code: RequestEmailCode
    confirm: ConfirmAddress


def router() -> Router:
    routes = IndexedRouter(name="email_channel")
    routes.callback_query.register(show_email, ShowEmail.filter(), is_registered)
    for choice in (ChooseEmail, ChooseEmailForTheCase, ChooseEmailBefore):
        routes.callback_query.register(choose, choice.filter(), is_registered)
    routes.callback_query.register(change_address, ChangeAddress.filter(), is_registered)
    routes.message.register(take_address, is_registered, writes_awaited_address)
    routes.message.register(take_code, is_registered, writes_awaited_code)
    routes.message.register(repeat_what_was_confirmed, is_registered, holds_code, has_confirmed_lately)
    return routes


async def is_registered(event: TelegramObject, parent: ParentView | None = None) -> bool:
    return not await not_registered(event, parent)


async def show_email(
    _: CallbackQuery, chat: Chat, parent: ParentView, language: Language, email_offer: EmailOffer
) -> None:
    if not email_offer.is_offered:
        await chat.say(t(language, "email-not-offered"))
        return
    await _say(chat, language, await get_email_channel(parent))


async def choose(
    _: CallbackQuery,
    callback_data: ChooseEmail | ChooseEmailForTheCase | ChooseEmailBefore,
    chat: Chat,
    parent: ParentView,
    language: Language,
    email_offer: EmailOffer,
) -> None:
    if not email_offer.is_offered:
        await chat.say(t(language, "email-not-offered"))
        return
    await _say(chat, language, await choose_email(parent, callback_data.wish))


async def change_address(
    _: CallbackQuery,
    callback_data: ChangeAddress,
    chat: Chat,
    state: FSMContext,
    language: Language,
    email_offer: EmailOffer,
) -> None:
    if callback_data.action == "leave" or not email_offer.is_offered:
        await forget_step(state)
        await chat.say(t(language, "email-left" if email_offer.is_offered else "email-not-offered"))
        return
    await await_step(state, EmailStates.address, clock.now())
    await chat.say(t(language, "email-ask-address"), leave_keyboard(language))


async def writes_awaited_address(message: Message, state: FSMContext) -> bool | dict[str, str]:
    """Gives `address`: also while a code is awaited, for the first one may have been mistyped."""
    text = written(message)
    address = None if text.startswith("/") else find_address(text)
    steps = (EmailStates.address, EmailStates.code)
    return {"address": address} if address is not None and await is_awaited(state, steps, clock.now()) else False


async def writes_awaited_code(message: Message, state: FSMContext) -> bool | dict[str, str]:
    """Gives `code`."""
    code = find_code(written(message))
    return {"code": code} if code is not None and await is_awaited(state, (EmailStates.code,), clock.now()) else False


async def take_address(
    _: Message,
    address: str,
    chat: Chat,
    state: FSMContext,
    parent: ParentView,
    language: Language,
    email_offer: EmailOffer,
) -> None:
    try:
        await email_offer.request_code(parent, address)
    except EmailRefusedError as refused:
        log_refusal(refused)
        await chat.say(why_no_mail(language, refused))
        return
    await await_step(state, EmailStates.code, clock.now())
    await chat.say(t(language, "email-ask-code", address=address), leave_keyboard(language))


async def take_code(
    _: Message,
    code: str,
    chat: Chat,
    state: FSMContext,
    parent: ParentView,
    language: Language,
    email_offer: EmailOffer,
) -> None:
    try:
        view = await email_offer.confirm(parent, code)
    except EmailCodeRefusedError as refused:
        log_refusal(refused)
        await chat.say(why_not_this_code(language, refused))
        return
    await forget_step(state)
    await _say(chat, language, view)


async def has_confirmed_lately(_: Message, parent: ParentView) -> bool | dict[str, EmailChannelView]:
    """Gives `view`: the message with the code was typed once more, since its answer may not have arrived."""
    view = await find_confirmed_lately(parent)
    return False if view is None else {"view": view}


async def repeat_what_was_confirmed(_: Message, chat: Chat, language: Language, view: EmailChannelView) -> None:
    await _say(chat, language, view)


async def _say(chat: Chat, language: Language, view: EmailChannelView) -> None:
    if view.is_on and view.address is not None:
        text = t(language, f"email-settings-on-{view.wish.replace('_', '-')}", address=view.address)
    elif view.address is not None:
        offer = t(language, "email-settings-off", address=view.address)
        text = f"{offer}\n\n{t(language, 'email-settings-consent')}"
    else:
        text = f"{t(language, 'email-settings-no-address')}\n\n{t(language, 'email-settings-consent')}"
    await chat.say(text, email_keyboard(language, view))
