"""The steps of registration as they are asked and answered, whichever way they are reached."""

from __future__ import annotations

from typing import Final

from aiogram.fsm.context import FSMContext
from aiogram.types import ReplyKeyboardRemove, User

from mentorium_bot.chat import Chat
from mentorium_bot.keyboards.family import answer_keyboard
from mentorium_bot.keyboards.registration import consent_keyboard, contact_keyboard, language_keyboard
from mentorium_bot.middleware.context import guess_language
from mentorium_bot.states.registration import LANGUAGE, Registration
from mentorium_bot.use_cases import UseCases
from mentorium_core.i18n import format_list, t
from mentorium_core.identity.model import (
    CONSENT_TEXT_KEY,
    InvitationClaim,
    InvitationRefusal,
    InvitationRefused,
    Language,
    LinkClaim,
    LinkCodeRefusal,
    LinkCodeRefused,
    ParentView,
)
from mentorium_core.identity.model import Registration as Registered

_LINK_REFUSALS: Final = {
    LinkCodeRefusal.MALFORMED: "link-refused-malformed",
    LinkCodeRefusal.FORGED: "link-refused-malformed",
    LinkCodeRefusal.EXPIRED: "link-refused-expired",
    LinkCodeRefusal.USED: "link-refused-used",
    LinkCodeRefusal.UNKNOWN_GUARDIAN: "link-refused-unknown",
}
_INVITATION_REFUSALS: Final = {
    InvitationRefusal.UNKNOWN: "invite-refused-unknown",
    InvitationRefusal.EXPIRED: "invite-refused-expired",
    InvitationRefusal.USED: "invite-refused-used",
}
Brought = LinkClaim | InvitationClaim
"""What somebody brings along in the link they came by."""


async def ask_next_step(
    chat: Chat, state: FSMContext, user: User, use: UseCases, language: Language, parent: ParentView | None
) -> None:
    """Ask the first of language, consent and identity that is still open."""
    if parent is not None and parent.consented:
        await ask_who(chat, use, language)
    elif await state.get_value(LANGUAGE) is not None:
        await ask_consent(chat, state, language)
    else:
        await state.set_state(Registration.language)
        await chat.say(t(language, "language-question"), language_keyboard(guess_language(user.language_code)))


async def ask_consent(chat: Chat, state: FSMContext, language: Language) -> None:
    await state.set_state(Registration.consent)
    await chat.say(t(language, CONSENT_TEXT_KEY), consent_keyboard(language))


async def ask_who(chat: Chat, use: UseCases, language: Language) -> None:
    key = "registration-who" if use.email_way is not None else "registration-who-without-email"
    await chat.say(t(language, key), contact_keyboard(language))


async def welcome(chat: Chat, use: UseCases, parent: ParentView) -> None:
    if parent.registered:
        await chat.say(t(parent.language, "welcome-back"))
    else:
        await ask_who(chat, use, parent.language)


async def take_up(chat: Chat, use: UseCases, parent: ParentView, user: User, brought: Brought) -> None:
    """Do what the link is for, where consent stands; say why, where it cannot be done."""
    try:
        if isinstance(brought, InvitationClaim):
            await ask_inviter(chat, use, parent, user, brought)
        else:
            await link(chat, use, parent, brought)
    except (LinkCodeRefused, InvitationRefused) as refused:
        await chat.say(refusal(parent.language, refused))


async def link(chat: Chat, use: UseCases, parent: ParentView, claim: LinkClaim) -> None:
    """Link what the claim proves. Errors as of `LinkChildren`."""
    earlier = await use.telling.others_if_new(parent, claim.guardian_id)
    await say_registered(chat, use, await use.link_children(parent.telegram_id, claim))
    await use.telling.one_more_account(earlier)


async def ask_inviter(chat: Chat, use: UseCases, parent: ParentView, user: User, claim: InvitationClaim) -> None:
    """Nothing is seen by anybody before the inviter says yes. Raises InvitationRefused."""
    request = await use.ask_to_join(parent, claim, user.full_name)
    language = request.inviter.language
    asked = await use.telling.say(
        request.inviter,
        t(language, "invite-question", name=request.name),
        answer_keyboard(language, request.id),
    )
    await chat.say(t(parent.language, "invite-asked" if asked else "invite-not-delivered"), ReplyKeyboardRemove())


async def say_registered(chat: Chat, use: UseCases, registered: Registered) -> None:
    language = registered.parent.language
    if not registered.parent.registered:
        await ask_who(chat, use, language)
    elif registered.children:
        names = format_list(language, [child.first_name for child in registered.children])
        text = t(language, "registration-linked", names=names, count=len(registered.children))
        await chat.say(text, ReplyKeyboardRemove())
    else:
        await chat.say(t(language, "registration-linked-none"), ReplyKeyboardRemove())


def refusal(language: Language, refused: LinkCodeRefused | InvitationRefused) -> str:
    if isinstance(refused, InvitationRefused):
        return t(language, _INVITATION_REFUSALS[refused.reason])
    return t(language, _LINK_REFUSALS[refused.reason])
