"""A reservation outlives its caller: one who is stopped while it is made leaves nothing reserved behind."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from mentorium_core.model_budget.commands import settle
from mentorium_core.model_budget.model import Reservation, Spent
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

logger = get_logger(__name__)


async def reserve_beside(nursery: Nursery, reserving: Coroutine[object, object, Reservation]) -> Reservation:
    """What `reserving` gives. It goes on where its caller is cancelled, and what it has reserved is given back."""
    done: asyncio.Future[Reservation] = asyncio.get_running_loop().create_future()
    nursery.start(_reserve_into(done, reserving), name="reserve-model-budget")
    try:
        return await done
    except asyncio.CancelledError:
        if done.done() and not done.cancelled() and done.exception() is None:  # reserved, and cancelled before we woke
            nursery.start(settled(done.result(), Spent(0, 0, 0)), name="settle-model-budget")
        raise


async def _reserve_into(done: asyncio.Future[Reservation], reserving: Coroutine[object, object, Reservation]) -> None:
    try:
        reservation = await reserving
    except Exception as error:  # noqa: BLE001 - whoever waits for it is told
        if done.cancelled():
            logger.info("reservation_of_nobody_failed", error=type(error).__name__)
        else:
            done.set_exception(error)
        return
    if done.cancelled():
        await settled(reservation, Spent(0, 0, 0))
    else:
        done.set_result(reservation)


async def settled(reservation: Reservation, spent: Spent) -> None:
    """What cannot be settled stays reserved until its day is over: nothing is spent twice."""
    try:
        await settle(reservation, spent)
    except (UnavailableError, OutcomeUnknownError) as error:
        count_error(error)
        logger.warning("ai_usage_not_settled", code=error.code, micro_usd=spent.micro_usd)
