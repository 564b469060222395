"""Routers that stay last, however late others are included."""

from __future__ import annotations

from aiogram import Dispatcher, Router


class CatchAllRouter(Router):
    """Takes whatever nobody else has taken."""


class OrderedDispatcher(Dispatcher):
    """Asks its routers in the order in which they were included, and the catch-all ones after all others."""

    def include_router(self, router: Router) -> Router:
        super().include_router(router)
        self.sub_routers.sort(key=lambda included: isinstance(included, CatchAllRouter))
        return router
