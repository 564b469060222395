"""The children one sees here, and the other adult one may let in."""

from __future__ import annotations

from typing import Final

from aiogram.types import InlineKeyboardMarkup

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import (
    Answer,
    AnswerJoinRequest,
    ExpelAdult,
    NewInvitation,
    UndoUnlink,
    UnlinkChild,
)
from mentorium_core.i18n import t
from mentorium_core.identity.model import FamilyView
from mentorium_domain.enums import Language

_LONGEST_NAME: Final = 40


def family_keyboard(language: Language, family: FamilyView) -> InlineKeyboardMarkup | None:
    """One row a child to unlink, one an adult to show the door, and the invitation where it is theirs to give."""
    rows = [
        [button(t(language, "unlink-button", name=child.first_name), UnlinkChild(student_id=child.student_id))]
        for child in family.children
    ]
    rows += [
        [button(t(language, "expel-button", name=shortened(guest.name)), ExpelAdult(right_id=guest.right_id))]
        for guest in family.guests
    ]
    if family.may_invite:
        rows.append([button(t(language, "invite-button"), NewInvitation(action="new"))])
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def shortened(name: str) -> str:
    """A name that an adult goes by in Telegram, short enough for a button or a line of many."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def undo_keyboard(language: Language, student_id: int) -> InlineKeyboardMarkup:
    undo = button(t(language, "unlink-undo-button"), UndoUnlink(student_id=student_id, action="undo"))
    return InlineKeyboardMarkup(inline_keyboard=[[undo]])


def answer_keyboard(language: Language, request_id: int) -> InlineKeyboardMarkup:
    """Yes and no to somebody who asks to be let in."""
    yes = AnswerJoinRequest(answer=Answer.YES, request_id=request_id)
    no = AnswerJoinRequest(answer=Answer.NO, request_id=request_id)
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [button(t(language, "invite-yes"), yes, style="success"), button(t(language, "invite-no"), no)]
        ]
    )
