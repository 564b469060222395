"""The step of /paysupport: about which order the next message is, for a quarter of an hour."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup

from mentorium_bot.states.storage import StepsUnavailableError

AWAITED_FOR: Final = timedelta(minutes=15)
"""What is written later is a question to the mentor again."""
_ORDER: Final = "paysupport_order"
_ASKED_AT: Final = "paysupport_asked_at"


class PaySupportStates(StatesGroup):
    reason = State()


@dataclass(frozen=True, slots=True)
class AwaitedReason:
    """`order`: the public id; None for a matter without one."""

    order: str | None


async def await_reason(state: FSMContext, order: str | None, now: datetime) -> None:
    """StepsUnavailableError while Redis is away."""
    await state.update_data({_ORDER: order, _ASKED_AT: now.isoformat()})
    await state.set_state(PaySupportStates.reason)


async def awaited_reason(state: FSMContext, now: datetime) -> AwaitedReason | None:
    """None where none is awaited (any more), and while Redis cannot be asked: then it is a question like any other."""
    try:
        if await state.get_state() != PaySupportStates.reason.state:
            return None
        data = await state.get_data()
    except StepsUnavailableError:
        return None
    asked_at = data.get(_ASKED_AT)
    if not isinstance(asked_at, str) or now - datetime.fromisoformat(asked_at) > AWAITED_FOR:
        return None
    return AwaitedReason(data.get(_ORDER))


async def forget_step(state: FSMContext) -> None:
    """What cannot be forgotten now is over in a quarter of an hour."""
    with suppress(StepsUnavailableError):
        await state.set_state(None)
