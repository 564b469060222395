"""What an update passes before it reaches a handler. The handlers themselves are included in `main.py`."""

from __future__ import annotations

from aiogram import Dispatcher, F
from aiogram.fsm.storage.base import BaseStorage

from mentorium_bot.middleware.callbacks import CallbackAnswers
from mentorium_bot.middleware.context import Context, HandlerName
from mentorium_bot.middleware.dedup import Dedup
from mentorium_bot.middleware.errors import Errors
from mentorium_bot.middleware.people import People
from mentorium_bot.middleware.pieces import Pieces
from mentorium_bot.middleware.plausible import Plausible
from mentorium_bot.middleware.subscription import SubscriptionMiddleware
from mentorium_bot.use_cases import UseCases


def make_dispatcher(
    *,
    storage: BaseStorage,
    dedup: Dedup,
    context: Context,
    people: People,
    subscription: SubscriptionMiddleware,
    use_cases: UseCases,
) -> Dispatcher:
    """Middleware from outside in. Only private chats are answered."""
    # aiogram would put its state in front of the error edge, where nobody answers for Redis
    dp = Dispatcher(storage=storage, disable_fsm=True, use=use_cases)
    for outer in (Plausible(), dedup, context, Errors(), dp.fsm, people):
        dp.update.outer_middleware(outer)
    for kind in dp.observers.keys() - {"update", "error"}:
        dp.observers[kind].middleware(HandlerName())
    dp.message.filter(F.chat.type == "private")
    dp.edited_message.filter(F.chat.type == "private")
    dp.callback_query.filter(F.message.chat.type == "private")
    dp.message.outer_middleware(Pieces())
    dp.callback_query.outer_middleware(CallbackAnswers())
    dp.message.middleware(subscription)
    dp.callback_query.middleware(subscription)
    return dp
