"""What an update passes before it reaches a handler."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aiogram import Dispatcher, F, Router
from aiogram.fsm.storage.base import BaseStorage
from aiogram.utils.callback_answer import CallbackAnswerMiddleware

from mentorium_bot.filters import PAYMENT
from mentorium_bot.middleware.answer_in_doubt import AnswerInDoubt
from mentorium_bot.middleware.errors import ErrorMiddleware
from mentorium_bot.middleware.load_parent import LoadParent
from mentorium_bot.middleware.private_buttons import PrivateButtons
from mentorium_bot.middleware.sanity_check import SanityCheck
from mentorium_bot.middleware.split_message_filter import SplitMessageFilter
from mentorium_bot.middleware.subscription import SubscriptionMiddleware
from mentorium_bot.middleware.update_context import HandlerName, UpdateContext
from mentorium_bot.router_order import OrderedDispatcher, resolve_in_the_loop
from mentorium_bot.states.storage import LazyState


def make_dispatcher(
    *,
    storage: BaseStorage,
    context: UpdateContext,
    subscription: SubscriptionMiddleware,
    routers: Iterable[Router],
    handlers_may_use: Mapping[str, object],
) -> Dispatcher:
    """Middleware from outside in. Only private chats are answered; an invoice may be paid in any chat.

    A handler is given what it names of `handlers_may_use`.
    """
    # aiogram would read the state of each update, and in front of the error edge, where nobody answers for Redis
    dp = OrderedDispatcher(storage=storage, disable_fsm=True)
    dp.workflow_data.update(handlers_may_use)
    for outer in (SanityCheck(), context, ErrorMiddleware(), LazyState(dp.fsm), LoadParent(), AnswerInDoubt()):
        dp.update.outer_middleware(outer)
    for kind in dp.observers.keys() - {"update", "error"}:
        dp.observers[kind].middleware(HandlerName())
    dp.message.filter((F.chat.type == "private") | PAYMENT)
    dp.edited_message.filter(F.chat.type == "private")
    resolve_in_the_loop(dp)
    dp.message.outer_middleware(SplitMessageFilter())
    dp.callback_query.outer_middleware(CallbackAnswerMiddleware())
    dp.callback_query.outer_middleware(PrivateButtons())
    dp.message.middleware(subscription)
    dp.callback_query.middleware(subscription)
    for router in routers:
        dp.include_router(router)
    return dp
