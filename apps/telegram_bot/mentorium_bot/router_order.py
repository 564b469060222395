"""Which routers an update is shown to, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, Final, TypeVar

from aiogram import Dispatcher, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters import Command, Filter
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import CallbackQuery, Message, TelegramObject

_SEPARATOR: Final = ":"
_SLASH: Final = "/"
Found = TypeVar("Found", bound=Filter)


class IndexedRouter(Router):
    """Is passed over where none of its handlers can be meant: none for this kind of update, for such a button, or for
    a text that is no command.

    aiogram alone asks each handler of each router in turn, which costs more than the handler that is meant. A router
    has all its handlers, filters and middlewares before the first update comes.
    """

    async def propagate_event(self, update_type: str, event: TelegramObject, **kwargs: Any) -> Any:
        if not self.sub_routers and not self._may_take(update_type, event):
            return UNHANDLED
        return await super().propagate_event(update_type, event, **kwargs)

    def _may_take(self, update_type: str, event: TelegramObject) -> bool:
        observer = self.observers.get(update_type)
        if observer is None or not observer.handlers:
            return False
        if isinstance(event, CallbackQuery):
            prefix, _, _ = (event.data or "").partition(_SEPARATOR)
            return self._prefixes is None or prefix in self._prefixes
        if isinstance(event, Message) and update_type == "message" and self._takes_commands_alone:
            return (event.text or event.caption or "").lstrip().startswith(_SLASH)
        return True

    @cached_property
    def _prefixes(self) -> frozenset[str] | None:
        """Of the buttons that this router's handlers name; None where one of them would take any."""
        prefixes = set[str]()
        for handler in self.callback_query.handlers:
            named = _filters(handler, CallbackQueryFilter)
            if not named or any(one.callback_data.__separator__ != _SEPARATOR for one in named):
                return None
            prefixes.add(named[0].callback_data.__prefix__)
        return frozenset(prefixes)

    @cached_property
    def _takes_commands_alone(self) -> bool:
        named = [_filters(handler, Command) for handler in self.message.handlers]
        return all(some and all(one.prefix == _SLASH for one in some) for some in named)


def _filters(handler: HandlerObject, kind: type[Found]) -> list[Found]:
    return [one.callback for one in handler.filters or () if isinstance(one.callback, kind)]


def resolve_in_the_loop(router: Router) -> None:
    """Let this router's magic filters (`F.voice`) be asked where they stand.

    aiogram hands what is no coroutine to a thread: several times as dear as the filter, and behind whatever else waits
    for a thread, once for each such filter that a message passes.
    """
    for observer in router.observers.values():
        for handler in (observer._handler, *observer.handlers):
            for one in handler.filters or ():
                if one.magic is not None and not one.awaitable:
                    one.callback, one.awaitable = partial(_asked_here, one.callback), True
    for within in router.sub_routers:
        resolve_in_the_loop(within)


async def _asked_here(resolve: Callable[..., Any], event: TelegramObject) -> Any:
    return resolve(event)


class CatchAllRouter(Router):
    """Takes whatever nobody else has taken. It stays last, however late others are included."""


class OrderedDispatcher(Dispatcher):
    """Asks its routers in the order in which they were included, and the catch-all ones after all others."""

    def include_router(self, router: Router) -> Router:
        super().include_router(router)
        resolve_in_the_loop(router)
        self.sub_routers.sort(key=lambda included: isinstance(included, CatchAllRouter))
        return router
