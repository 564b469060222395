"""A parent whose subscription is renewed by a saved card, PayMe that charges it, and time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.card_charge import ChargeCard
from mentorium_core.billing.card_plan import KeepCardRenewals
from mentorium_core.billing.card_removal import CancelReceipt, RemoveCard, end_renewal_of_card
from mentorium_core.billing.card_renewal import keep_card
from mentorium_core.billing.cards import CardFound
from mentorium_core.billing.payme import (
    CancelPaymeTransaction,
    CreatePaymeTransaction,
    PaymeCreate,
    PaymeRefused,
    PerformPaymeTransaction,
    check_perform,
)
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from tests.fixtures.payme_cards import MASKED, PaymeCardServer
from tests.integration.core.billing.till import Till
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household, register

DILNOZA: Final = 200_000_001
DAY: Final = timedelta(days=1)
CARD: Final = CardFound(MASKED, "good", recurrent=True, verified=True)


async def merchant(method: str, params: dict[str, Any]) -> dict[str, Any]:
    """Our Merchant API, as PayMe meets it when a receipt is made, paid and cancelled."""
    now = clock.now()
    said: object
    if method == "CheckPerformTransaction":
        said = await check_perform(params["account"]["order_id"], params["amount"], now)
    elif method == "CreateTransaction":
        create = PaymeCreate(params["id"], params["time"], params["amount"], params["account"])
        said = await CreatePaymeTransaction()(create, now)
    elif method == "PerformTransaction":
        said = await PerformPaymeTransaction()(params["id"], now)
    else:
        said = await CancelPaymeTransaction()(params["id"], params["reason"], now)
    return {"error": {"code": -31008}} if isinstance(said, PaymeRefused) else {"result": {}}


async def rows(statement: str, **values: object) -> list[tuple[Any, ...]]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement), values)]


@dataclass(frozen=True, slots=True)
class Payer:
    """Bought a month at `began`, and has let us keep a card."""

    payme: PaymeCardServer
    time: ClockInHand
    began: datetime
    parent_id: int
    telegram_id: int
    guardian_id: int
    student_id: int

    @property
    def ends_at(self) -> datetime:
        """Of the first month."""
        return self.began + 30 * DAY

    def at(self, after: timedelta) -> None:
        """The clock stands so long after `began`."""
        self.time.to(self.began + after - datetime.now(self.began.tzinfo))

    async def give_card(self) -> None:
        """A card with money, the only one they have."""
        self.payme.cards[CARD.token] = 0
        await keep_card(self.parent_id, CARD, Tariff.MONTHLY, "1")

    async def keep(self) -> None:
        """The ticker's turn."""
        while await KeepCardRenewals()(clock.now()):
            pass

    async def work(self, *, charge: ChargeCard | None = None) -> list[object]:
        """Whatever jobs wait about cards, done; what became of the charges."""
        became: list[object] = []
        while found := await rows(
            "DELETE FROM pgqueuer.pgqueuer WHERE entrypoint IN"
            " ('charge_card', 'remove_card', 'cancel_receipt', 'end_card_renewal')"
            " RETURNING entrypoint, convert_from(payload, 'UTF8')::jsonb"
        ):
            for kind, payload in found:
                if kind == "charge_card":
                    charging = charge or ChargeCard(self.payme.api)
                    became.append(await charging(payload["attempt_id"], payload["tries"]))
                elif kind == "remove_card":
                    await RemoveCard(self.payme.api)(payload["token"], datetime.fromisoformat(payload["until"]))
                elif kind == "cancel_receipt":
                    await CancelReceipt(self.payme.api)(payload["receipt_id"])
                else:
                    await end_renewal_of_card(payload["card_id"])
        return became

    async def live(self, after: timedelta) -> list[object]:
        """At this moment: the ticker, and the jobs it leaves."""
        self.at(after)
        await self.keep()
        return await self.work()

    async def attempts(self) -> list[tuple[str, int, str | None]]:
        """(status, tries, error), the oldest first."""
        found = await rows("SELECT status, tries, error FROM renewal_attempts ORDER BY cycle_ends_at")
        return [(str(status), tries, error) for status, tries, error in found]

    async def told(self) -> list[str]:
        """The keys of what was said about renewals and payments, without their numbers."""
        found = await rows("SELECT dedup_key FROM notifications ORDER BY id")
        return [":".join(str(key).split(":")[:2]) for (key,) in found]

    async def end(self) -> datetime:
        """Of access."""
        ((ends_at,),) = await rows("SELECT max(expires_at) FROM subscriptions")
        assert isinstance(ends_at, datetime)
        return ends_at

    async def paid(self) -> int:
        """How many renewals were paid and not given back."""
        ((count,),) = await rows(
            "SELECT count(*) FROM payments p JOIN orders o ON o.id = p.order_id"
            " WHERE o.kind = 'card_renewal' AND p.status = 'SUCCESS'"
        )
        return int(count)

    async def card_stands(self) -> bool:
        return bool(await rows("SELECT id FROM saved_cards WHERE removed_at IS NULL"))


async def new_payer(
    household: Household, time: ClockInHand, payme: PaymeCardServer, telegram_id: int = DILNOZA
) -> Payer:
    guardian = await household.guardian("Dilnoza Karimova")
    student = await household.child("Aziza Karimova", guardian)
    parent = (await register(telegram_id, guardian)).parent
    began = clock.now()
    await Till().buy(parent.parent_id, began)
    payer = Payer(payme, time, began, parent.parent_id, telegram_id, guardian, student)
    await payer.give_card()
    return payer
