"""/children: who is linked here, taking a link back, and letting a second adult in."""

from __future__ import annotations

import re

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove

from mentorium_bot.chat import Chat
from mentorium_bot.handlers.fallback import say_stale
from mentorium_bot.keyboards.family import family_keyboard, undo_keyboard
from mentorium_bot.middleware.callbacks import Toast
from mentorium_bot.services.notify_family import FamilyNotifier
from mentorium_core.i18n import format_list, t
from mentorium_core.identity.family import InviteAdult, answer_join_request, link_again, unlink_child
from mentorium_core.identity.model import FamilyView, Joined, ParentView
from mentorium_core.identity.queries import get_family
from mentorium_domain.enums import Language
from mentorium_kit.errors import NotFoundError


def router() -> Router:
    routes = Router(name="family")
    routes.message.register(show_children, Command("children"))
    routes.callback_query.register(unlink, F.data.regexp(r"^unlink:([0-9]{1,18})$").as_("pressed"))
    routes.callback_query.register(undo_unlink, F.data.regexp(r"^unlink:([0-9]{1,18}):undo$").as_("pressed"))
    routes.callback_query.register(invite, F.data == "invite:new")
    routes.callback_query.register(answer_request, F.data.regexp(r"^invite:(yes|no):([0-9]{1,18})$").as_("pressed"))
    return routes


async def show_children(_: Message, chat: Chat, parent: ParentView, language: Language) -> None:
    family = await get_family(parent)
    await chat.say(_described(language, family), family_keyboard(language, family))


async def unlink(
    _: CallbackQuery,
    pressed: re.Match[str],
    chat: Chat,
    parent: ParentView,
    language: Language,
    toast: Toast,
) -> None:
    try:
        child = await unlink_child(parent, int(pressed[1]))
    except NotFoundError:
        say_stale(toast, language)
    else:
        await chat.say(t(language, "unlink-done", name=child.first_name), undo_keyboard(language, child.student_id))


async def undo_unlink(
    _: CallbackQuery,
    pressed: re.Match[str],
    chat: Chat,
    parent: ParentView,
    language: Language,
    toast: Toast,
) -> None:
    try:
        child = await link_again(parent, int(pressed[1]))
    except NotFoundError:
        say_stale(toast, language)
    else:
        await chat.say(t(language, "unlink-undone", name=child.first_name))


async def invite(
    _: CallbackQuery, chat: Chat, parent: ParentView, language: Language, invite_adult: InviteAdult
) -> None:
    invitation = await invite_adult(parent)
    link = await chat.link_to_start(invitation.payload)
    await chat.say(t(language, "invite-explained"))
    await chat.say(t(language, "invite-forward", link=link))


async def answer_request(
    _: CallbackQuery,
    pressed: re.Match[str],
    chat: Chat,
    parent: ParentView,
    language: Language,
    family_notifier: FamilyNotifier,
    toast: Toast,
) -> None:
    accepted = pressed[1] == "yes"
    try:
        joined = await answer_join_request(parent, int(pressed[2]), accepted)
    except NotFoundError:
        say_stale(toast, language)
        return
    if accepted:
        await chat.say(t(language, "invite-accepted", name=joined.name, children=_names(language, joined)))
        their_language = joined.invitee.language
        text = t(their_language, "invite-welcome", children=_names(their_language, joined))
    else:
        await chat.say(t(language, "invite-declined", name=joined.name))
        text = t(joined.invitee.language, "invite-turned-down")
    await family_notifier.say(joined.invitee, text, ReplyKeyboardRemove())


def _described(language: Language, family: FamilyView) -> str:
    if not family.children:
        return t(language, "children-none")
    lines = [
        t(language, "children-own" if child.own else "children-invited", name=child.display_name)
        for child in family.children
    ]
    return "\n".join([t(language, "children-title"), *lines, "", t(language, "children-explained")])


def _names(language: Language, joined: Joined) -> str:
    return format_list(language, [child.first_name for child in joined.children])
