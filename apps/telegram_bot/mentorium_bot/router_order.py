"""Which routers an update is shown to, and in which order."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from aiogram import Dispatcher, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import CallbackQuery, TelegramObject

_SEPARATOR: Final = ":"


class IndexedRouter(Router):
    """Is passed over where none of its handlers can be meant: none for this kind of update, or for such a button.

    aiogram alone asks each handler of each router in turn, which costs more than the handler that is meant. A router
    has all its handlers, filters and middlewares before the first update comes.
    """

    async def propagate_event(self, update_type: str, event: TelegramObject, **kwargs: Any) -> Any:
        observer = self.observers.get(update_type)
        if not self.sub_routers and (observer is None or not observer.handlers):
            return UNHANDLED
        if isinstance(event, CallbackQuery) and not self._may_have_sent(event):
            return UNHANDLED
        return await super().propagate_event(update_type, event, **kwargs)

    def _may_have_sent(self, press: CallbackQuery) -> bool:
        prefix, _, _ = (press.data or "").partition(_SEPARATOR)
        return self._prefixes is None or prefix in self._prefixes

    @cached_property
    def _prefixes(self) -> frozenset[str] | None:
        """Of the buttons that this router's handlers name; None where one of them would take any."""
        if self.sub_routers:
            return None
        prefixes = set[str]()
        for handler in self.callback_query.handlers:
            named = [one.callback for one in handler.filters or () if isinstance(one.callback, CallbackQueryFilter)]
            if not named or any(one.callback_data.__separator__ != _SEPARATOR for one in named):
                return None
            prefixes.add(named[0].callback_data.__prefix__)
        return frozenset(prefixes)


class CatchAllRouter(Router):
    """Takes whatever nobody else has taken. It stays last, however late others are included."""


class OrderedDispatcher(Dispatcher):
    """Asks its routers in the order in which they were included, and the catch-all ones after all others."""

    def include_router(self, router: Router) -> Router:
        super().include_router(router)
        self.sub_routers.sort(key=lambda included: isinstance(included, CatchAllRouter))
        return router
