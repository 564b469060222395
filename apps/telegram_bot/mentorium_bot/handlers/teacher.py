"""/teacher: what the teacher wrote last about each child."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from aiogram import Router
from aiogram.types import Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.flags import NEEDS_FAMILY
from mentorium_bot.keyboards.billing import tariff_keyboard
from mentorium_core.billing.model import FamilyAccess, PriceList
from mentorium_core.i18n import format_date_long, format_list, t, utf16_length
from mentorium_core.identity.model import Child
from mentorium_core.progress.last_comments import LastComment, list_last_comments
from mentorium_domain.enums import Language

_LONGEST_BODY: Final = 3200
_LONGEST_NAME: Final = 200
"""In UTF-16 units, as Telegram counts: together they stay within one message of 4,096."""


def router() -> Router:
    routes = Router(name="teacher")
    routes.message.register(show_last_comments, command("teacher"), flags=NEEDS_FAMILY)
    return routes


async def show_last_comments(
    _: Message, chat: Chat, language: Language, family: FamilyAccess, prices: PriceList
) -> None:
    if not family.children:
        await chat.say(t(language, "children-none"))
        return
    if family.covered:
        comments = await list_last_comments([child.student_id for child in family.covered])
        for child in family.covered:
            if (comment := comments.get(child.student_id)) is not None:
                await chat.say(_described(language, child, comment))
        if silent := [child for child in family.covered if child.student_id not in comments]:
            await chat.say(t(language, "teacher-none", names=_names(language, silent)))
    if uncovered := [child for child in family.children if child not in family.covered]:
        text = t(language, "teacher-limited", names=_names(language, uncovered))
        await chat.say(text, tariff_keyboard(language, prices))


def _described(language: Language, child: Child, comment: LastComment) -> str:
    title = t(
        language,
        "teacher-title",
        name=_shortened(child.first_name, _LONGEST_NAME),
        day=format_date_long(language, comment.day),
    )
    lines = [title]
    if comment.course is not None:
        lines.append(t(language, "teacher-course", course=_shortened(comment.course.get(language), _LONGEST_NAME)))
    lines += ["", _shortened(comment.body.strip(), _LONGEST_BODY)]
    if comment.author:
        lines += ["", f"– {_shortened(comment.author, _LONGEST_NAME)}"]
    return "\n".join(lines)


def _names(language: Language, children: Sequence[Child]) -> str:
    return _shortened(format_list(language, [child.first_name for child in children]), _LONGEST_BODY)


def _shortened(text: str, units: int) -> str:
    """The text, cut with an ellipsis where it is longer than so many UTF-16 units."""
    if utf16_length(text) <= units:
        return text
    return text.encode("utf-16-le")[: 2 * (units - 1)].decode("utf-16-le", "ignore") + "…"
