"""/start, language and consent; each asked once, in this order.

The link somebody comes by answers only who they are, or who has invited them. It is checked at once; what it is for is
done where consent stands.
"""

from __future__ import annotations

from typing import Any, Final

from aiogram import F, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove

from mentorium_bot.chat import Chat
from mentorium_bot.handlers.steps import (
    Brought,
    ask_consent,
    ask_next_step,
    ask_who,
    refusal,
    say_registered,
    take_up,
    welcome,
)
from mentorium_bot.states.registration import CLAIM, INVITATION, LANGUAGE
from mentorium_bot.use_cases import UseCases
from mentorium_core.i18n import t
from mentorium_core.identity.model import (
    InvitationClaim,
    InvitationRefused,
    Language,
    LinkClaim,
    LinkCodeRefused,
    ParentView,
)

start_router: Final = Router(name="start")
_INVITATION_PREFIX: Final = "inv_"


@start_router.message(CommandStart())
async def start(
    message: Message,
    command: CommandObject,
    chat: Chat,
    state: FSMContext,
    language: Language,
    use: UseCases,
    parent: ParentView | None,
) -> None:
    if message.from_user is None:
        return
    brought = None
    if command.args:
        try:
            brought = await _check(use, command.args.strip())
        except (LinkCodeRefused, InvitationRefused) as refused:
            await chat.say(refusal(language, refused))
            if parent is not None and parent.registered:
                return
    if parent is None or not parent.consented:
        await state.set_data(_remembered(brought))
        await ask_next_step(chat, state, message.from_user, use, language, None)
    elif brought is not None:
        await take_up(chat, use, parent, message.from_user, brought)
    else:
        await welcome(chat, use, parent)


@start_router.callback_query(F.data.in_({f"lang:{language}" for language in Language}))
async def choose_language(
    query: CallbackQuery, chat: Chat, state: FSMContext, use: UseCases, parent: ParentView | None
) -> None:
    chosen = Language((query.data or "").partition(":")[2])
    if parent is not None:
        await use.change_language(parent.telegram_id, chosen)
        await chat.say(t(chosen, "language-changed"))
        if not parent.registered:
            await ask_who(chat, use, chosen)
        return
    await state.update_data({LANGUAGE: chosen.value})
    await ask_consent(chat, state, chosen)


@start_router.callback_query(F.data == "consent:yes")
async def agree(
    query: CallbackQuery, chat: Chat, state: FSMContext, language: Language, use: UseCases, parent: ParentView | None
) -> None:
    if parent is not None and parent.consented:
        await welcome(chat, use, parent)
        return
    data = await state.get_data()
    if LANGUAGE not in data:
        await ask_next_step(chat, state, query.from_user, use, language, None)
        return
    brought = _recalled(data)
    claim = brought if isinstance(brought, LinkClaim) else None
    try:
        registered = await use.give_consent(query.from_user.id, language, claim)
    except LinkCodeRefused as refused:
        await chat.say(refusal(language, refused))
        registered = await use.give_consent(query.from_user.id, language, None)
        brought = claim = None
    await state.clear()
    if isinstance(brought, InvitationClaim):
        await take_up(chat, use, registered.parent, query.from_user, brought)
        return
    await say_registered(chat, use, registered)
    if claim is not None:
        earlier = await use.telling.others(registered.parent, claim.guardian_id)
        await use.telling.one_more_account(earlier)


@start_router.callback_query(F.data == "consent:no")
async def decline(
    _: CallbackQuery, chat: Chat, state: FSMContext, language: Language, use: UseCases, parent: ParentView | None
) -> None:
    if parent is not None and parent.consented:
        await welcome(chat, use, parent)
        return
    await state.clear()
    await chat.say(t(language, "consent-declined"), ReplyKeyboardRemove())


async def _check(use: UseCases, payload: str) -> Brought:
    if payload.startswith(_INVITATION_PREFIX):
        return await use.check_invitation(payload)
    return await use.check_link_code(payload)


def _remembered(brought: Brought | None) -> dict[str, Any]:
    match brought:
        case LinkClaim():
            return {CLAIM: brought.to_dict()}
        case InvitationClaim():
            return {INVITATION: brought.to_dict()}
    return {}


def _recalled(data: dict[str, Any]) -> Brought | None:
    if CLAIM in data:
        return LinkClaim.from_dict(data[CLAIM])
    return InvitationClaim.from_dict(data[INVITATION]) if INVITATION in data else None
