"""/teacher: what the teacher wrote last about each child."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiogram import Router
from aiogram.types import InlineKeyboardMarkup, Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.flags import NEEDS_FAMILY
from mentorium_bot.keyboards.billing import tariff_keyboard
from mentorium_bot.router_order import IndexedRouter
from mentorium_core.billing.model import FamilyAccess, PriceList
from mentorium_core.i18n import cut_to_utf16, format_date_long, format_list, t
from mentorium_core.identity.model import Child
from mentorium_core.progress.last_comments import LastComment, list_last_comments
from mentorium_domain.enums import Language

_LONGEST_BODY: Final = 3200
_LONGEST_NAME: Final = 200
"""In UTF-16 units, as Telegram counts: together they stay within one message of 4,096."""


def router() -> Router:
    routes = IndexedRouter(name="teacher")
    routes.message.register(show_last_comments, command("teacher"), flags=NEEDS_FAMILY)
    return routes


async def show_last_comments(
    _: Message, chat: Chat, language: Language, family: FamilyAccess, prices: PriceList
) -> None:
    if not family.children:
        await chat.say(t(language, "children-none"))
        return
    said: list[tuple[str, InlineKeyboardMarkup | None]] = []
    if family.covered:
        comments = await list_last_comments([child.student_id for child in family.covered])
        told = [child for child in family.covered if child.student_id in comments]
        said += [(_described(language, child, comments[child.student_id]), None) for child in told]
        if silent := [child for child in family.covered if child not in told]:
            said.append((t(language, "teacher-none", names=_names(language, silent)), None))
    if uncovered := [child for child in family.children if child not in family.covered]:
        text = t(language, "teacher-limited", names=_names(language, uncovered))
        said.append((text, tariff_keyboard(language, prices)))
    for text, keyboard in said[:-1]:
        async with chat.more_follows():
            await chat.say(text, keyboard)
    await chat.say(*said[-1])


def _described(language: Language, child: Child, comment: LastComment) -> str:
    title = t(
        language,
        "teacher-title",
        name=cut_to_utf16(child.first_name, _LONGEST_NAME),
        day=format_date_long(language, comment.day),
    )
    lines = [title]
    if comment.course is not None:
        lines.append(t(language, "teacher-course", course=cut_to_utf16(comment.course.get(language), _LONGEST_NAME)))
    lines += ["", cut_to_utf16(comment.body.strip(), _LONGEST_BODY)]
    if comment.author:
        lines += ["", f"– {cut_to_utf16(comment.author, _LONGEST_NAME)}"]
    return "\n".join(lines)


def _names(language: Language, children: Sequence[Child]) -> str:
    return cut_to_utf16(format_list(language, [child.first_name for child in children]), _LONGEST_BODY)
