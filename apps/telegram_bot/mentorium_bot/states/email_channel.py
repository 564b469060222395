"""The steps of giving an address for letters, each for a quarter of an hour."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup

from mentorium_bot.states.storage import StepsUnavailableError

AWAITED_FOR: Final = timedelta(minutes=15)
"""What is written later is a question to the mentor again."""
_ASKED_AT: Final = "email_asked_at"


class EmailStates(StatesGroup):
    address = State()
    code = State()


async def await_step(state: FSMContext, step: State, now: datetime) -> None:
    """StepsUnavailableError while Redis is away."""
    await state.update_data({_ASKED_AT: now.isoformat()})
    await state.set_state(step)


async def is_awaited(state: FSMContext, steps: tuple[State, ...], now: datetime) -> bool:
    """False also while Redis cannot be asked: then it is a question like any other."""
    try:
        if await state.get_state() not in {step.state for step in steps}:
            return False
        asked_at = (await state.get_data()).get(_ASKED_AT)
    except StepsUnavailableError:
        return False
    return isinstance(asked_at, str) and now - datetime.fromisoformat(asked_at) <= AWAITED_FOR


async def forget_step(state: FSMContext) -> None:
    """What cannot be forgotten now is over in a quarter of an hour."""
    with suppress(StepsUnavailableError):
        await state.set_state(None)
