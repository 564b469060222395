"""The stand-ins for PayMe and Click: their checkout pages, their servers that call our webhooks, and their own APIs."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from mentorium_sandbox.tills import click_api, payme_api
from mentorium_sandbox.tills.merchant import Merchant

__all__ = ["Merchant", "Tills"]


class Tills:
    """Both of one sandbox."""

    def __init__(self, merchant: Merchant) -> None:
        self.payme = payme_api.PaymeApi(merchant)
        self.click = click_api.ClickApi(merchant, self.payme.cards)

    def next_due(self) -> datetime | None:
        """When a provider acts by itself, aware."""
        due = (self.payme.till.next_due(), self.click.till.next_due())
        return min((moment for moment in due if moment is not None), default=None)

    async def go_on(self) -> None:
        """Do what has fallen due."""
        await self.payme.till.give_up_old()
        await self.click.till.give_up_old()

    def routes(self) -> list[web.AbstractRouteDef]:
        return [*self.payme.routes(), *self.click.routes()]
