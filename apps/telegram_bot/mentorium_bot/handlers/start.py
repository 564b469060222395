"""/start, language and consent; each asked once, in this order.

The link somebody comes by answers only who they are, or who has invited them. It is checked at once; what it is for is
done where consent stands.
"""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove

from mentorium_bot.chat import Chat
from mentorium_bot.keyboards.callback_data import Answer, AnswerConsent, ChooseLanguage
from mentorium_bot.refusal_log import log_refusal
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.registration import DeepLinkClaim, RegistrationSteps, refusal
from mentorium_bot.states.registration import CLAIM, INVITATION, LANGUAGE
from mentorium_core.i18n import t
from mentorium_core.identity.commands import CheckLinkCode, change_language, decline_consent, give_consent
from mentorium_core.identity.family import INVITATION_PREFIX, CheckInvitation
from mentorium_core.identity.model import (
    InvitationClaim,
    InvitationRefusedError,
    LinkClaim,
    LinkCodeRefusedError,
    ParentView,
)
from mentorium_domain.enums import Language


def router() -> Router:
    routes = IndexedRouter(name="start")
    routes.message.register(start, CommandStart(ignore_case=True))
    routes.callback_query.register(choose_language, ChooseLanguage.filter())
    routes.callback_query.register(agree, AnswerConsent.filter(F.answer == Answer.YES))
    routes.callback_query.register(decline, AnswerConsent.filter(F.answer == Answer.NO))
    return routes


async def start(
    message: Message,
    command: CommandObject,
    chat: Chat,
    state: FSMContext,
    language: Language,
    registration: RegistrationSteps,
    check_link_code: CheckLinkCode,
    check_invitation: CheckInvitation,
    parent: ParentView | None,
) -> None:
    if message.from_user is None:
        return
    brought = None
    if command.args:
        try:
            payload = command.args.strip()
            check = check_invitation if payload.startswith(INVITATION_PREFIX) else check_link_code
            brought = await check(payload, message.from_user.id)
        except (LinkCodeRefusedError, InvitationRefusedError) as refused:
            log_refusal(refused)
            await chat.say(refusal(language, refused))
            if parent is not None and parent.registered:
                return
    if parent is None or not parent.consented:
        await state.set_data(_remembered(brought))
        await registration.ask_next_step(chat, state, message.from_user, language, None)
    elif brought is not None:
        await registration.handle_deep_link(chat, parent, message.from_user, brought)
    else:
        await registration.welcome(chat, parent)


async def choose_language(
    _: CallbackQuery,
    callback_data: ChooseLanguage,
    chat: Chat,
    state: FSMContext,
    registration: RegistrationSteps,
    parent: ParentView | None,
) -> None:
    chosen = callback_data.language
    if parent is not None:
        await change_language(parent.telegram_id, chosen)
        await chat.say(t(chosen, "language-changed"))
        if not parent.registered:
            await registration.ask_who(chat, chosen)
        return
    await state.update_data({LANGUAGE: chosen.value})
    await registration.ask_consent(chat, state, chosen)


async def agree(
    query: CallbackQuery,
    chat: Chat,
    state: FSMContext,
    language: Language,
    registration: RegistrationSteps,
    parent: ParentView | None,
) -> None:
    data = await state.get_data()
    brought = _recalled(data)
    if parent is not None and parent.consented:
        if brought is None:
            await registration.welcome(chat, parent)
        else:  # this very yes has been heard before, and its answer perhaps not
            await registration.handle_deep_link(chat, parent, query.from_user, brought)
            await state.clear()
        return
    if LANGUAGE not in data:
        await registration.ask_next_step(chat, state, query.from_user, language, None)
        return
    claim = brought if isinstance(brought, LinkClaim) else None
    try:
        registered = await give_consent(query.from_user.id, language, claim)
    except LinkCodeRefusedError as refused:
        log_refusal(refused)
        await chat.say(refusal(language, refused))
        registered = await give_consent(query.from_user.id, language, None)
        brought = claim = None
    if isinstance(brought, InvitationClaim):
        await registration.handle_deep_link(chat, registered.parent, query.from_user, brought)
    else:
        await registration.say_registered(chat, registered)
    await state.clear()  # what was brought is kept until it has been answered
    if claim is not None:
        await registration.notify_other_accounts(registered.parent, claim)


async def decline(
    query: CallbackQuery,
    chat: Chat,
    state: FSMContext,
    language: Language,
    parent: ParentView | None,
) -> None:
    if parent is not None and parent.consented:  # an old button: what was agreed to is taken back otherwise
        await chat.say(t(language, "consent-stands"))
        return
    await decline_consent(query.from_user.id)
    await state.clear()
    await chat.say(t(language, "consent-declined"), ReplyKeyboardRemove())


def _remembered(brought: DeepLinkClaim | None) -> dict[str, Any]:
    match brought:
        case LinkClaim():
            return {CLAIM: brought.to_dict()}
        case InvitationClaim():
            return {INVITATION: brought.to_dict()}
    return {}


def _recalled(data: dict[str, Any]) -> DeepLinkClaim | None:
    if CLAIM in data:
        return LinkClaim.from_dict(data[CLAIM])
    return InvitationClaim.from_dict(data[INVITATION]) if INVITATION in data else None
