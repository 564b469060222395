"""Which child each question "over which period?" was about: its buttons do not say so."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from aiogram.fsm.context import FSMContext

from mentorium_bot.states.storage import StepsUnavailableError

_ASKED_ABOUT: Final = "report_asked_about"
_REMEMBERED: Final = 10


async def remember_child(state: FSMContext, message_id: int, student_id: int) -> None:
    """Without Redis it is not remembered: the question itself has the child's name."""
    with suppress(StepsUnavailableError):
        await _remember(state, message_id, student_id)


async def _remember(state: FSMContext, message_id: int, student_id: int) -> None:
    asked: dict[str, int] = await state.get_value(_ASKED_ABOUT, {})
    newest = [*asked.items(), (str(message_id), student_id)][-_REMEMBERED:]
    await state.update_data({_ASKED_ABOUT: dict(newest)})


async def recall_child(state: FSMContext, message_id: int) -> int | None:
    """The student the message was about; None once it is forgotten, after a day, or cannot be asked."""
    try:
        asked: dict[str, int] = await state.get_value(_ASKED_ABOUT, {})
    except StepsUnavailableError:
        return None
    return asked.get(str(message_id))
