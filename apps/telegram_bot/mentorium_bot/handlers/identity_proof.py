"""Who somebody is, once they have agreed: their own contact, or a code sent to the e-mail address of their account."""

from __future__ import annotations

import math
from typing import Final

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import Contact, Message, TelegramObject

from mentorium_bot.chat import Chat
from mentorium_bot.filters import not_registered, written
from mentorium_bot.refusal_log import log_refusal
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.registration import RegistrationSteps
from mentorium_core.i18n import t
from mentorium_core.identity.commands import check_contact
from mentorium_core.identity.email_code import (
    ConfirmEmailCode,
    RequestEmailCode,
    find_children_linked_by_code,
    is_code_awaited,
)
from mentorium_core.identity.model import (
    Child,
    ContactRefusal,
    ContactRefusedError,
    EmailCodeRefusal,
    EmailCodeRefusedError,
    EmailRefusal,
    EmailRefusedError,
    ParentView,
    RegistrationResult,
)
from mentorium_core.identity.one_time_code import (
    find_address,
    find_code,
    is_meant_as_address,
    is_meant_as_code,
    is_only_digits,
)
from mentorium_domain.enums import Language

_CONTACT_REFUSALS: Final = {
    ContactRefusal.NOT_OWN: "contact-refused-not-own",
    ContactRefusal.UNKNOWN: "contact-refused-unknown",
    ContactRefusal.AMBIGUOUS: "contact-refused-ambiguous",
}
_EMAIL_REFUSALS: Final = {
    EmailRefusal.MALFORMED: "email-refused-malformed",
    EmailRefusal.TOO_MANY: "email-refused-too-many",
}
_MOST_AROUND_A_CODE: Final = 60
_CODE_REFUSALS: Final = {
    EmailCodeRefusal.NONE_AWAITED: "code-refused-none",
    EmailCodeRefusal.BURNED: "code-refused-burned",
    EmailCodeRefusal.EXPIRED: "code-refused-expired",
}


def router() -> Router:
    routes = IndexedRouter(name="identity_proof")
    routes.message.register(share_contact, F.contact.as_("contact"))
    routes.message.register(confirm_code, may_prove_by_email, writes_code)
    routes.message.register(ask_for_code, may_prove_by_email, writes_address)
    routes.message.register(tell_of_slip, may_prove_by_email, mistypes_address)
    routes.message.register(repeat_what_the_code_linked, holds_code, has_come_in_by_code)
    return routes


async def share_contact(
    message: Message,
    contact: Contact,
    chat: Chat,
    state: FSMContext,
    language: Language,
    registration: RegistrationSteps,
    parent: ParentView | None,
) -> None:
    if message.from_user is None:
        return
    if parent is None or not parent.consented:
        await registration.ask_next_step(chat, state, message.from_user, language, parent)
        return
    try:
        claim = await check_contact(contact.phone_number, contact.user_id, message.from_user.id)
        await registration.link(chat, parent, claim)
    except ContactRefusedError as refused:
        log_refusal(refused)
        await chat.say(t(language, _CONTACT_REFUSALS[refused.reason]))


async def may_prove_by_email(
    event: TelegramObject, registration: RegistrationSteps, parent: ParentView | None = None
) -> bool:
    """This is somebody who has agreed, is not known yet, and may come in by e-mail."""
    return registration.by_email and parent is not None and parent.consented and await not_registered(event, parent)


async def writes_address(message: Message) -> bool | dict[str, str]:
    """Gives `address`: the word with an @ in it, without what stands around it."""
    text = written(message)
    address = None if text.startswith("/") else find_address(text)
    return {"address": address} if address is not None else False


async def writes_code(message: Message, parent: ParentView | None = None) -> bool:
    """Whether a text is nothing but digits and gaps, or has a code in it while one is awaited.

    One with an address in it, too, has to have all six digits beside it: else it is another address.
    """
    text = written(message)
    if text.startswith("/") or not is_meant_as_code(text):
        return False
    if find_address(text) is not None and find_code(text) is None:
        return False
    return is_only_digits(text) or (parent is not None and await is_code_awaited(parent))


async def holds_code(message: Message) -> bool:
    """Whether a text is a code, or a short one with a code in it: a longer one is a question that names a number."""
    text = written(message)
    return len(text) <= _MOST_AROUND_A_CODE and find_code(text) is not None


async def mistypes_address(message: Message) -> bool:
    """Whether a text is meant as an address, and has no @."""
    text = written(message)
    return not text.startswith("/") and is_meant_as_address(text)


async def ask_for_code(
    _: Message, address: str, chat: Chat, language: Language, request_email_code: RequestEmailCode, parent: ParentView
) -> None:
    try:
        await request_email_code(parent, address)
    except EmailRefusedError as refused:
        log_refusal(refused)
        await chat.say(why_no_mail(language, refused))
        return
    await chat.say(t(language, "email-code-on-its-way"))


async def confirm_code(
    message: Message,
    chat: Chat,
    language: Language,
    confirm_email_code: ConfirmEmailCode,
    registration: RegistrationSteps,
    parent: ParentView,
) -> None:
    code = find_code(written(message))
    if code is None:
        await chat.say(t(language, "code-refused-malformed"))
        return
    try:
        await registration.link(chat, parent, await confirm_email_code(parent, code))
    except EmailCodeRefusedError as refused:
        log_refusal(refused)
        await chat.say(why_not_this_code(language, refused))


async def tell_of_slip(_: Message, chat: Chat, language: Language) -> None:
    await chat.say(t(language, _EMAIL_REFUSALS[EmailRefusal.MALFORMED]))


async def has_come_in_by_code(_: Message, parent: ParentView | None = None) -> bool | dict[str, tuple[Child, ...]]:
    """Gives `linked`: the message with the code has been delivered, or typed, once more after it had linked."""
    if parent is None or not parent.registered:
        return False
    linked = await find_children_linked_by_code(parent)
    return False if linked is None else {"linked": linked}


async def repeat_what_the_code_linked(
    _: Message, chat: Chat, registration: RegistrationSteps, parent: ParentView, linked: tuple[Child, ...]
) -> None:
    await registration.say_registered(chat, RegistrationResult(parent, linked))


def why_no_mail(language: Language, refused: EmailRefusedError) -> str:
    if refused.reason is EmailRefusal.TOO_SOON and refused.wait is not None:
        return t(language, "email-refused-too-soon", seconds=max(1, math.ceil(refused.wait.total_seconds())))
    return t(language, _EMAIL_REFUSALS[refused.reason])


def why_not_this_code(language: Language, refused: EmailCodeRefusedError) -> str:
    if refused.reason is EmailCodeRefusal.WRONG:
        return t(language, "code-refused-wrong", left=refused.tries_left)
    return t(language, _CODE_REFUSALS[refused.reason])
