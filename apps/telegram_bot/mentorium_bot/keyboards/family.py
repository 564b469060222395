"""The children one sees here, and the other adult one may let in."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from mentorium_core.i18n import t
from mentorium_core.identity.model import FamilyView
from mentorium_domain.enums import Language


def family_keyboard(language: Language, family: FamilyView) -> InlineKeyboardMarkup | None:
    """One row a child to unlink, and the invitation where it is theirs to give."""
    rows = [
        [
            InlineKeyboardButton(
                text=t(language, "unlink-button", name=child.first_name), callback_data=f"unlink:{child.student_id}"
            )
        ]
        for child in family.children
    ]
    if family.may_invite:
        rows.append([InlineKeyboardButton(text=t(language, "invite-button"), callback_data="invite:new")])
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def undo_keyboard(language: Language, student_id: int) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(text=t(language, "unlink-undo-button"), callback_data=f"unlink:{student_id}:undo")
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def answer_keyboard(language: Language, request_id: int) -> InlineKeyboardMarkup:
    """Yes and no to somebody who asks to be let in."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(
                    text=t(language, "invite-yes"), callback_data=f"invite:yes:{request_id}", style="success"
                ),
                InlineKeyboardButton(text=t(language, "invite-no"), callback_data=f"invite:no:{request_id}"),
            ]
        ]
    )
