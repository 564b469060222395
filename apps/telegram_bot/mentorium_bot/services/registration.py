"""The steps of registration as they are asked and answered, whichever way they are reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aiogram.fsm.context import FSMContext
from aiogram.types import ReplyKeyboardRemove, User

from mentorium_bot.chat import Chat
from mentorium_bot.keyboards.family import answer_keyboard
from mentorium_bot.keyboards.registration import consent_keyboard, contact_keyboard, language_keyboard
from mentorium_bot.refusal_log import log_refusal
from mentorium_bot.services.greeting import Greeting
from mentorium_bot.services.notify_family import FamilyNotifier
from mentorium_bot.states.registration import LANGUAGE, RegistrationStates
from mentorium_core.i18n import format_list, guess_language, t
from mentorium_core.identity.commands import link_children
from mentorium_core.identity.family import ask_to_join
from mentorium_core.identity.model import (
    CONSENT_TEXT_KEY,
    InvitationClaim,
    InvitationRefusal,
    InvitationRefusedError,
    LinkClaim,
    LinkCodeRefusal,
    LinkCodeRefusedError,
    ParentView,
    RegistrationResult,
)
from mentorium_core.identity.queries import is_waiting_for_inviter
from mentorium_domain.enums import Language

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
DeepLinkClaim = LinkClaim | InvitationClaim
"""What a deep link proves: who somebody is, or who has invited them."""


@dataclass(frozen=True, slots=True)
class RegistrationSteps:
    """`by_email`: whether codes can be mailed here."""

    family_notifier: FamilyNotifier
    greeting: Greeting
    by_email: bool

    async def ask_next_step(
        self, chat: Chat, state: FSMContext, user: User, language: Language, parent: ParentView | None
    ) -> None:
        """Ask the first of language, consent and identity that is still open."""
        if parent is not None and parent.consented:
            await self._ask_who_or_wait(chat, parent)
        elif await state.get_value(LANGUAGE) is not None:
            await self.ask_consent(chat, state, language)
        else:
            await state.set_state(RegistrationStates.language)
            await chat.say(t(language, "language-question"), language_keyboard(guess_language(user.language_code)))

    async def ask_consent(self, chat: Chat, state: FSMContext, language: Language) -> None:
        await state.set_state(RegistrationStates.consent)
        await chat.say(t(language, CONSENT_TEXT_KEY), consent_keyboard(language))

    async def ask_who(self, chat: Chat, language: Language) -> None:
        key = "registration-who" if self.by_email else "registration-who-without-email"
        await chat.say(t(language, key), contact_keyboard(language))

    async def welcome(self, chat: Chat, parent: ParentView) -> None:
        if parent.registered:
            await chat.say(await self.greeting.after(t(parent.language, "welcome-back"), parent))
        else:
            await self._ask_who_or_wait(chat, parent)

    async def _ask_who_or_wait(self, chat: Chat, parent: ParentView) -> None:
        """Who waits for an inviter's yes is told so, and may come in by themselves all the same."""
        if await is_waiting_for_inviter(parent):
            await chat.say(t(parent.language, "registration-waiting"), contact_keyboard(parent.language))
        else:
            await self.ask_who(chat, parent.language)

    async def handle_deep_link(self, chat: Chat, parent: ParentView, user: User, claim: DeepLinkClaim) -> None:
        """Do what the link is for, where consent stands; say why, where it cannot be done."""
        try:
            if isinstance(claim, InvitationClaim):
                await self.ask_inviter(chat, parent, user, claim)
            else:
                await self.link(chat, parent, claim)
        except (LinkCodeRefusedError, InvitationRefusedError) as refused:
            log_refusal(refused)
            await chat.say(refusal(parent.language, refused))

    async def link(self, chat: Chat, parent: ParentView, claim: LinkClaim) -> None:
        """Link what the claim proves. Errors as of `link_children`."""
        earlier = await self.family_notifier.others_if_new(parent, claim.guardian_id)
        await self.say_registered(chat, await link_children(parent.telegram_id, claim))
        await self.family_notifier.one_more_account(earlier)

    async def notify_other_accounts(self, parent: ParentView, claim: LinkClaim) -> None:
        """Tell everybody else who is this guardian that `parent` is one more."""
        await self.family_notifier.one_more_account(await self.family_notifier.others(parent, claim.guardian_id))

    async def ask_inviter(self, chat: Chat, parent: ParentView, user: User, claim: InvitationClaim) -> None:
        """Nothing is seen by anybody before the inviter says yes. Raises InvitationRefusedError."""
        request = await ask_to_join(parent, claim, user.full_name)
        language = request.inviter.language
        asked = await self.family_notifier.say(
            request.inviter,
            t(
                language,
                "invite-question",
                name=request.name,
                children=format_list(language, [child.first_name for child in request.children]),
            ),
            answer_keyboard(language, request.id),
        )
        await chat.say(t(parent.language, "invite-asked" if asked else "invite-not-delivered"), ReplyKeyboardRemove())

    async def say_registered(self, chat: Chat, registered: RegistrationResult) -> None:
        language = registered.parent.language
        if not registered.parent.registered:
            await self.ask_who(chat, language)
        elif registered.children:
            names = format_list(language, [child.first_name for child in registered.children])
            text = t(language, "registration-linked", names=names, count=len(registered.children))
            await chat.say(await self.greeting.after(text, registered.parent), ReplyKeyboardRemove())
        else:
            await chat.say(t(language, "registration-linked-none"), ReplyKeyboardRemove())


def refusal(language: Language, refused: LinkCodeRefusedError | InvitationRefusedError) -> str:
    """What somebody reads whose deep link does nothing (any more)."""
    if isinstance(refused, InvitationRefusedError):
        return t(language, _INVITATION_REFUSALS[refused.reason])
    return t(language, _LINK_REFUSALS[refused.reason])
