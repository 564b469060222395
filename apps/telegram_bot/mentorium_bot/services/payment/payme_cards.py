"""PayMe as the card page asks it. Its client is loaded when it is first needed: few give a card in a process's life."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from dataclasses import dataclass, field

from mentorium_core.billing.cards import CardChecks, CardFound, CardRefused
from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.health import LastOutcome
from mentorium_observability.metrics import count_error

logger = get_logger(__name__)


@dataclass(slots=True)
class PaymeCards:
    """An adapter of core's `CardChecks`; `seen` is what health tells of PayMe."""

    url: str
    merchant_id: str
    key: str = field(repr=False)
    seen: LastOutcome
    _api: CardChecks | None = None

    async def check_card(self, token: str) -> CardFound | CardRefused:
        if self._api is None:
            self._api = await asyncio.to_thread(self._made)
        try:
            told = await self._api.check_card(token)
        except UnavailableError as error:  # the page says that it can be tried again; nobody else would hear of it
            logger.warning("payme_away", code=error.code, reason=error.context.get("reason"))
            count_error(error, of_payment=True)
            self.seen.failed("payme_unavailable")
            raise
        self.seen.worked()
        return told

    def _made(self) -> CardChecks:
        module = importlib.import_module("mentorium_gateways.payments.payme_subscribe")
        make: Callable[[str, str, str], CardChecks] = module.PaymeSubscribeApi
        return make(self.url, self.merchant_id, self.key)
