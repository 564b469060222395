"""What we ask of PayMe's Subscribe API, against a real HTTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from mentorium_core.billing.cards import CardFault, CardFound, CardRefused, ReceiptFound, ReceiptState
from mentorium_core.billing.model import FiscalTerms, OrderView
from mentorium_domain.enums import Currency, OrderKind, OrderStatus, ProviderName, Tariff
from mentorium_gateways.payments.payme_subscribe import PaymeSubscribeApi, fault_of
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_sandbox.servers.process import free_port
from tests.fixtures.payme_cards import KEY, MASKED, MERCHANT_ID, NO_MONEY, PaymeCardServer, payme_card_server

ORDER = OrderView(
    id=1,
    public_id="mntabcdefghijklm",
    parent_id=1,
    provider=ProviderName.PAYME,
    kind=OrderKind.CARD_RENEWAL,
    tariff=Tariff.MONTHLY,
    days=30,
    amount_minor=9_900_000,
    currency=Currency.UZS,
    status=OrderStatus.PENDING,
    expires_at=datetime(2026, 12, 1, tzinfo=UTC),
)


@pytest_asyncio.fixture
async def payme() -> AsyncIterator[PaymeCardServer]:
    async with payme_card_server() as server:
        server.cards["good"] = 0
        yield server


async def receipt(payme: PaymeCardServer) -> str:
    made = await payme.api.create_receipt(ORDER, "30 kun")
    assert isinstance(made, str)
    return made


async def test_a_receipt_is_made_paid_asked_about_and_given_back(payme: PaymeCardServer) -> None:
    made = await receipt(payme)
    assert await payme.api.check_receipt(made) is ReceiptState.NOT_PAID
    assert await payme.api.pay_receipt(made, "good") is ReceiptState.PAID
    assert await payme.api.get_receipt(made) == ReceiptFound(made, ReceiptState.PAID, 9_900_000, ORDER.public_id)
    assert await payme.api.cancel_receipt(made) is ReceiptState.CANCELLED
    assert await payme.api.check_receipt(made) is ReceiptState.CANCELLED
    assert payme.debits() == 0


async def test_the_receipt_says_what_it_is_for(payme: PaymeCardServer) -> None:
    await payme.api.create_receipt(ORDER, "30 kun", FiscalTerms("10305008003000000", "1514296", 12))
    ((_, params),) = payme.calls
    assert (params["amount"], params["account"]) == (9_900_000, {"order_id": ORDER.public_id})
    assert params["detail"]["items"][0]["code"] == "10305008003000000"


async def test_a_card_is_checked_and_forgotten(payme: PaymeCardServer) -> None:
    found = await payme.api.check_card("good")
    assert found == CardFound(MASKED, "good", recurrent=True, verified=True)
    assert "good" not in repr(found)
    assert await payme.api.remove_card("good") is None
    assert await payme.api.remove_card("good") is None, "what is forgotten is forgotten"
    assert await payme.api.check_card("good") == CardRefused(CardFault.FATAL, -31400)


async def test_a_no_says_what_it_means_for_the_card(payme: PaymeCardServer) -> None:
    payme.cards["poor"] = NO_MONEY
    assert await payme.api.pay_receipt(await receipt(payme), "poor") == CardRefused(CardFault.TEMPORARY, NO_MONEY)
    assert await payme.api.check_receipt("x") == CardRefused(CardFault.UNKNOWN, -31602)
    fatal, temporary = (-31400, -31450, -31300, -31301, -32500), (-31302, -31303, -31630, -31002)
    assert {fault_of(code) for code in fatal} == {CardFault.FATAL}
    assert {fault_of(code) for code in temporary} == {CardFault.TEMPORARY}
    assert {fault_of(code) for code in (-32504, -31622, -31601, -31050, 0)} == {CardFault.UNKNOWN}


@pytest.mark.parametrize("fault", ["down", "lost", "silent"])
async def test_a_lost_answer_to_a_charge_is_told_as_unknown_and_can_be_asked_for(
    payme: PaymeCardServer, fault: str
) -> None:
    made = await receipt(payme)
    payme.faults["receipts.pay"] = [fault]
    with pytest.raises(OutcomeUnknownError):
        await payme.api.pay_receipt(made, "good")
    wanted = ReceiptState.NOT_PAID if fault == "down" else ReceiptState.PAID
    assert await payme.api.check_receipt(made) is wanted


async def test_what_only_asks_is_asked_again(payme: PaymeCardServer) -> None:
    payme.faults["receipts.create"] = ["lost"]
    with pytest.raises(UnavailableError):
        await payme.api.create_receipt(ORDER, "30 kun")


async def test_a_server_that_is_not_there_has_done_nothing() -> None:
    api = PaymeSubscribeApi(f"http://127.0.0.1:{free_port()}/api", MERCHANT_ID, KEY)
    with pytest.raises(UnavailableError):
        await api.pay_receipt("x", "good")
    assert api.browser_auth == MERCHANT_ID
    assert KEY not in repr(api)
