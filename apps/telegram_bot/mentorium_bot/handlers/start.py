"""/start and registration: language, consent, who you are; each asked once, in this order.

A deep link answers only who the parent is. It is checked at once; the children are linked where consent stands.
"""

from __future__ import annotations

from typing import Final

from aiogram import F, Router
from aiogram.filters import CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Contact, Message, ReplyKeyboardRemove, User

from mentorium_bot.chat import Chat
from mentorium_bot.keyboards.registration import consent_keyboard, contact_keyboard, language_keyboard
from mentorium_bot.middleware.context import guess_language
from mentorium_bot.states.registration import CLAIM, LANGUAGE, Registration
from mentorium_bot.use_cases import UseCases
from mentorium_core.i18n import format_list, t
from mentorium_core.identity.model import (
    CONSENT_TEXT_KEY,
    ContactRefusal,
    ContactRefused,
    Language,
    LinkClaim,
    LinkCodeRefusal,
    LinkCodeRefused,
    ParentView,
)
from mentorium_core.identity.model import Registration as Registered

start_router: Final = Router(name="start")

_LINK_REFUSALS: Final = {
    LinkCodeRefusal.MALFORMED: "link-refused-malformed",
    LinkCodeRefusal.FORGED: "link-refused-malformed",
    LinkCodeRefusal.EXPIRED: "link-refused-expired",
    LinkCodeRefusal.USED: "link-refused-used",
    LinkCodeRefusal.UNKNOWN_GUARDIAN: "link-refused-unknown",
}
_CONTACT_REFUSALS: Final = {
    ContactRefusal.NOT_OWN: "contact-refused-not-own",
    ContactRefusal.UNKNOWN: "contact-refused-unknown",
    ContactRefusal.AMBIGUOUS: "contact-refused-ambiguous",
}


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
    claim = None
    if command.args:
        try:
            claim = await use.check_link_code(command.args.strip())
        except LinkCodeRefused as refused:
            await chat.say(t(language, _LINK_REFUSALS[refused.reason]))
            if parent is not None and parent.registered:
                return
    if parent is not None and parent.consented:
        await _welcome(chat, use, parent, claim)
        return
    assert message.from_user is not None
    await state.set_data({CLAIM: claim.to_dict()} if claim else {})
    await ask_next_step(chat, state, message.from_user, language, None)


@start_router.callback_query(F.data.in_({f"lang:{language}" for language in Language}))
async def choose_language(
    query: CallbackQuery, chat: Chat, state: FSMContext, use: UseCases, parent: ParentView | None
) -> None:
    chosen = Language((query.data or "").partition(":")[2])
    if parent is not None:
        await use.change_language(parent.telegram_id, chosen)
        await chat.say(t(chosen, "language-changed"))
        if not parent.registered:
            await ask_who(chat, chosen)
        return
    await state.update_data({LANGUAGE: chosen.value})
    await ask_consent(chat, state, chosen)


@start_router.callback_query(F.data == "consent:yes")
async def agree(
    query: CallbackQuery, chat: Chat, state: FSMContext, language: Language, use: UseCases, parent: ParentView | None
) -> None:
    if parent is not None and parent.consented:
        await _welcome(chat, use, parent, None)
        return
    data = await state.get_data()
    if LANGUAGE not in data:
        await ask_next_step(chat, state, query.from_user, language, None)
        return
    claim = LinkClaim.from_dict(data[CLAIM]) if CLAIM in data else None
    try:
        registered = await use.give_consent(query.from_user.id, language, claim)
    except LinkCodeRefused as refused:
        await chat.say(t(language, _LINK_REFUSALS[refused.reason]))
        registered = await use.give_consent(query.from_user.id, language, None)
    await state.clear()
    await _say_registered(chat, registered)


@start_router.callback_query(F.data == "consent:no")
async def decline(
    _: CallbackQuery,
    chat: Chat,
    state: FSMContext,
    language: Language,
    parent: ParentView | None,
    use: UseCases,
) -> None:
    if parent is not None and parent.consented:
        await _welcome(chat, use, parent, None)
        return
    await state.clear()
    await chat.say(t(language, "consent-declined"), ReplyKeyboardRemove())


@start_router.message(F.contact.as_("contact"))
async def share_contact(
    message: Message,
    contact: Contact,
    chat: Chat,
    state: FSMContext,
    language: Language,
    use: UseCases,
    parent: ParentView | None,
) -> None:
    assert message.from_user is not None
    if parent is None or not parent.consented:
        await ask_next_step(chat, state, message.from_user, language, parent)
        return
    try:
        claim = await use.check_contact(contact.phone_number, contact.user_id, message.from_user.id)
    except ContactRefused as refused:
        await chat.say(t(language, _CONTACT_REFUSALS[refused.reason]))
        return
    await _say_registered(chat, await use.link_children(parent.telegram_id, claim))


async def ask_next_step(
    chat: Chat, state: FSMContext, user: User, language: Language, parent: ParentView | None
) -> None:
    """Ask the first of language, consent and identity that is still open."""
    if parent is not None and parent.consented:
        await ask_who(chat, language)
    elif await state.get_value(LANGUAGE) is not None:
        await ask_consent(chat, state, language)
    else:
        await state.set_state(Registration.language)
        await chat.say(t(language, "language-question"), language_keyboard(guess_language(user.language_code)))


async def ask_consent(chat: Chat, state: FSMContext, language: Language) -> None:
    await state.set_state(Registration.consent)
    await chat.say(t(language, CONSENT_TEXT_KEY), consent_keyboard(language))


async def ask_who(chat: Chat, language: Language) -> None:
    await chat.say(t(language, "registration-who"), contact_keyboard(language))


async def _welcome(chat: Chat, use: UseCases, parent: ParentView, claim: LinkClaim | None) -> None:
    if claim is not None:
        try:
            await _say_registered(chat, await use.link_children(parent.telegram_id, claim))
        except LinkCodeRefused as refused:
            await chat.say(t(parent.language, _LINK_REFUSALS[refused.reason]))
    elif parent.registered:
        await chat.say(t(parent.language, "welcome-back"))
    else:
        await ask_who(chat, parent.language)


async def _say_registered(chat: Chat, registered: Registered) -> None:
    language = registered.parent.language
    if not registered.parent.registered:
        await ask_who(chat, language)
    elif registered.children:
        names = format_list(language, [child.first_name for child in registered.children])
        text = t(language, "registration-linked", names=names, count=len(registered.children))
        await chat.say(text, ReplyKeyboardRemove())
    else:
        await chat.say(t(language, "registration-linked-none"), ReplyKeyboardRemove())
