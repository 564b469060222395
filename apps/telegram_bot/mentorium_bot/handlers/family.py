"""/children: who is linked here, taking a link back, letting a second adult in and showing them the door."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.keyboards.callback_data import (
    Answer,
    AnswerJoinRequest,
    ExpelAdult,
    NewInvitation,
    UndoUnlink,
    UnlinkChild,
)
from mentorium_bot.keyboards.family import family_keyboard, shortened, undo_keyboard
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.greeting import Greeting
from mentorium_bot.services.notify_family import FamilyNotifier
from mentorium_bot.stale_button import stale_where_gone
from mentorium_core.i18n import format_list, t
from mentorium_core.identity.family import InviteAdult, answer_join_request
from mentorium_core.identity.lent_rights import expel_adult
from mentorium_core.identity.model import FamilyView, Joined, ParentView
from mentorium_core.identity.queries import get_family
from mentorium_core.identity.unlinking import undo_unlink, unlink_child
from mentorium_domain.enums import Language


def router() -> Router:
    routes = IndexedRouter(name="family")
    routes.callback_query.middleware(stale_where_gone)
    routes.message.register(show_children, command("children"))
    routes.callback_query.register(unlink, UnlinkChild.filter())
    routes.callback_query.register(undo, UndoUnlink.filter())
    routes.callback_query.register(invite, NewInvitation.filter())
    routes.callback_query.register(expel, ExpelAdult.filter())
    routes.callback_query.register(answer_request, AnswerJoinRequest.filter())
    return routes


async def show_children(_: Message, chat: Chat, parent: ParentView, language: Language) -> None:
    family = await get_family(parent)
    await chat.say(_described(language, family), family_keyboard(language, family))


async def unlink(
    _: CallbackQuery,
    callback_data: UnlinkChild,
    chat: Chat,
    parent: ParentView,
    language: Language,
) -> None:
    left = await unlink_child(parent, callback_data.student_id)
    text = t(language, "unlink-done", name=left.child.first_name)
    if left.borrowers:
        text = f"{text} {t(language, 'unlink-borrowers', name=left.child.first_name)}"
    await chat.say(text, undo_keyboard(language, left.child.student_id))


async def undo(
    _: CallbackQuery,
    callback_data: UndoUnlink,
    chat: Chat,
    parent: ParentView,
    language: Language,
) -> None:
    child = await undo_unlink(parent, callback_data.student_id)
    await chat.say(t(language, "unlink-undone", name=child.first_name))


async def invite(
    _: CallbackQuery, chat: Chat, parent: ParentView, language: Language, invite_adult: InviteAdult
) -> None:
    invitation = await invite_adult(parent)
    link = await chat.link_to_start(invitation.payload)
    async with chat.more_follows():
        await chat.say(t(language, "invite-explained"))
    await chat.say(t(language, "invite-forward", link=link))


async def expel(
    _: CallbackQuery,
    callback_data: ExpelAdult,
    chat: Chat,
    parent: ParentView,
    language: Language,
) -> None:
    expelled = await expel_adult(parent, callback_data.right_id)
    await chat.say(t(language, "expel-done", name=expelled.name))


async def answer_request(
    _: CallbackQuery,
    callback_data: AnswerJoinRequest,
    chat: Chat,
    parent: ParentView,
    language: Language,
    family_notifier: FamilyNotifier,
    greeting: Greeting,
) -> None:
    accepted = callback_data.answer is Answer.YES
    joined = await answer_join_request(parent, callback_data.request_id, accepted)
    their_language = joined.invitee.language
    if accepted and not joined.children:
        said, theirs = t(language, "invite-accepted-none", name=joined.name), t(their_language, "invite-turned-down")
    elif accepted:
        said = t(language, "invite-accepted", name=joined.name, children=_names(language, joined))
        theirs = t(their_language, "invite-welcome", children=_names(their_language, joined))
        theirs = await greeting.after(theirs, joined.invitee)
    else:
        said, theirs = t(language, "invite-declined", name=joined.name), t(their_language, "invite-turned-down")
    # first whoever waits and has no button to press again, were this process killed in between
    await family_notifier.say(joined.invitee, theirs, ReplyKeyboardRemove())
    await chat.say(said)


def _described(language: Language, family: FamilyView) -> str:
    if not family.children:
        return "\n".join([t(language, "children-none"), *_guests(language, family)])
    lines = [
        t(language, "children-own" if child.own else "children-invited", name=child.display_name)
        for child in family.children
    ]
    about = [t(language, "children-explained"), *_guests(language, family)]
    return "\n".join([t(language, "children-title"), *lines, "", *about])


def _guests(language: Language, family: FamilyView) -> list[str]:
    """Whom this parent has let in, each with the children they see."""
    if not family.guests:
        return []
    lines = [
        (
            t(language, "guest-sees", name=shortened(guest.name), children=format_list(language, guest.children))
            if guest.children
            else t(language, "guest-sees-nobody", name=shortened(guest.name))
        )
        for guest in family.guests
    ]
    return ["", t(language, "guests-title"), *lines]


def _names(language: Language, joined: Joined) -> str:
    return format_list(language, [child.first_name for child in joined.children])
