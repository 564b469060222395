"""What we ask of Click's Merchant API, against a real HTTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio

from mentorium_core.billing.click_jobs import ClickPaymentFound
from mentorium_core.billing.click_receipt import ReceiptTerms, receipt_item
from mentorium_core.billing.model import FiscalTerms
from mentorium_core.billing.providers import MoneyState, ProviderPayment, RefundRefused
from mentorium_domain.enums import Currency
from mentorium_gateways.payments.click import ClickProvider
from mentorium_gateways.payments.click_api import auth_header
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_sandbox.servers.process import free_port
from tests.fixtures.click_merchant import KEY, SERVICE_ID, USER_ID, ClickServer, Paid, click_server

PAYMENT = ProviderPayment(1, "click:85335:7", "3000000001", 9_900_000, Currency.UZS)
PAYDOC = 3_000_000_001
TERMS = ReceiptTerms(FiscalTerms("10305008003000000", "1514296", 12), "310618348")


@pytest_asyncio.fixture
async def click() -> AsyncIterator[ClickServer]:
    async with click_server() as server:
        yield server


def test_the_golden_signature() -> None:
    assert auth_header(7, "AAAAAAAA", 1519051543) == "7:d68137d799e1436eb45457c9bb289c072b5012e5:1519051543"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (2, MoneyState.PAID),
        (1, MoneyState.UNKNOWN),
        (0, MoneyState.NOT_PAID),
        (-1, MoneyState.RETURNED),
        (-99, MoneyState.RETURNED),
    ],
)
async def test_a_status_is_what_click_says(click: ClickServer, status: int, state: MoneyState) -> None:
    click.payments[PAYDOC] = Paid("mntx", status, "2026-11-27")
    assert await click.provider.status(PAYMENT) is state
    day = date(2026, 11, 27)
    assert await click.provider.status_by_order("mntx", day) == ClickPaymentFound(PAYDOC, state)
    assert click.calls == [
        ("GET", f"payment/status/{SERVICE_ID}/{PAYDOC}"),
        ("GET", f"payment/status_by_mti/{SERVICE_ID}/mntx/2026-11-27"),
    ]


async def test_what_click_does_not_know_is_unknown(click: ClickServer) -> None:
    assert await click.provider.status(PAYMENT) is MoneyState.UNKNOWN
    assert await click.provider.status_by_order("mntx", date(2026, 11, 27)) is None


async def test_a_reversal_is_done_when_click_says_so(click: ClickServer) -> None:
    click.payments[PAYDOC] = Paid("mntx", 2)
    assert await click.provider.refund(PAYMENT) is None
    assert click.calls == [("DELETE", f"payment/reversal/{SERVICE_ID}/{PAYDOC}")]
    assert await click.provider.status(PAYMENT) is MoneyState.RETURNED


async def test_a_reversal_that_click_refuses_is_refused_for_good(click: ClickServer) -> None:
    click.payments[PAYDOC] = Paid("mntx", 2)
    click.refusals["reversal"] = -31
    assert await click.provider.refund(PAYMENT) == RefundRefused("click -31: UZCARD refuses")


async def test_what_was_given_back_in_clicks_cabinet_is_given_back(click: ClickServer) -> None:
    click.payments[PAYDOC] = Paid("mntx", -99)
    click.refusals["reversal"] = -31
    assert await click.provider.refund(PAYMENT) is None


@pytest.mark.parametrize("fault", ["lost", "silent", "down"])
async def test_a_lost_answer_to_a_reversal_is_no_no(click: ClickServer, fault: str) -> None:
    click.payments[PAYDOC] = Paid("mntx", 2)
    click.fault = fault
    with pytest.raises(OutcomeUnknownError):
        await click.provider.refund(PAYMENT)
    assert await click.provider.status(PAYMENT) is (MoneyState.PAID if fault == "down" else MoneyState.RETURNED)


@pytest.mark.parametrize("fault", ["lost", "silent", "down"])
async def test_a_question_without_an_answer_is_asked_again(click: ClickServer, fault: str) -> None:
    click.payments[PAYDOC] = Paid("mntx", 2)
    click.fault = fault
    with pytest.raises(UnavailableError):
        await click.provider.status(PAYMENT)


async def test_a_wrong_key_or_nobody_there_does_nothing(click: ClickServer) -> None:
    stranger = ClickProvider(SERVICE_ID, 1, USER_ID, "another key", pay_url="http://pay", api_url=click.url)
    with pytest.raises(UnavailableError, match="click_refused_entrance"):
        await stranger.refund(PAYMENT)
    nobody = ClickProvider(SERVICE_ID, 1, USER_ID, KEY, pay_url="http://pay", api_url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(UnavailableError, match="click_unreachable"):
        await nobody.refund(PAYMENT)


async def test_the_line_of_a_receipt_is_in_tiyin_with_its_vat(click: ClickServer) -> None:
    item = receipt_item(9_900_000, 30, TERMS)
    assert await click.provider.receipt_url(PAYDOC) is None
    assert await click.provider.submit_items(PAYDOC, item) is None
    assert click.bodies == [
        {
            "service_id": SERVICE_ID,
            "payment_id": PAYDOC,
            "items": [
                {
                    "Name": "Mentorium obunasi, 30 kun, dona",
                    "SPIC": "10305008003000000",
                    "PackageCode": "1514296",
                    "GoodPrice": 9_900_000,
                    "Price": 9_900_000,
                    "Amount": 1,
                    "VAT": 1_060_714,
                    "VATPercent": 12,
                    "CommissionInfo": {"TIN": "310618348"},
                }
            ],
            "received_ecash": 0,
            "received_cash": 0,
            "received_card": 9_900_000,
        }
    ]
    assert await click.provider.receipt_url(PAYDOC) == f"https://ofd.soliq.uz/epi?t={PAYDOC}"
    click.refusals["items"] = -5
    assert await click.provider.submit_items(PAYDOC, item) == "click -5: no such IKPU"
