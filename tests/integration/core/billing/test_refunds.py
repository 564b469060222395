"""A refund is told to the provider by a job, and done only when the provider says so, whatever is lost on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.commands import ExtendSubscription
from mentorium_core.billing.model import OrderView
from mentorium_core.billing.providers import (
    TERMS,
    Checkout,
    LinkCheckout,
    MoneyState,
    ProviderPayment,
    ProviderRegistry,
    ProviderTerms,
    RefundRefused,
)
from mentorium_core.billing.reconcile import check_books
from mentorium_core.billing.refunds import DoubleBenefitError, NoPaymentError, RefundAtProvider, request_refund
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import Language, ProviderName, RefundStatus
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError, OutcomeUnknownError, RefusedError, UnavailableError
from tests.integration.core.billing.till import Till, new_parent

pytestmark = pytest.mark.usefixtures("session_factory")
TILL = Till()


@dataclass
class Provider:
    """A provider as it may be: `answers` one after the other, and where the money then really is."""

    answers: list[MentoriumError | RefundRefused | None]
    states: list[MoneyState] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    terms: ProviderTerms = field(default_factory=lambda: replace(TERMS[ProviderName.PAYME], tells_status=True))

    async def checkout(self, order: OrderView, language: Language) -> Checkout:
        return LinkCheckout("https://example.uz")

    async def refund(self, payment: ProviderPayment) -> RefundRefused | None:
        self.asked.append(payment.transaction_id)
        answer = self.answers.pop(0)
        if isinstance(answer, MentoriumError):
            raise answer
        return answer

    async def status(self, payment: ProviderPayment) -> MoneyState:
        self.asked.append(f"status of {payment.transaction_id}")
        return self.states.pop(0)


async def asked_for() -> tuple[str, int, int]:
    """Transaction, refund and parent."""
    now = clock.now()
    parent_id, _ = await new_parent(now)
    transaction = await TILL.buy(parent_id, now)
    view = await request_refund(transaction, "too late", "support", now)
    assert view.status is RefundStatus.REQUESTED
    return transaction, view.refund_id, parent_id


def at(provider: Provider) -> RefundAtProvider:
    return RefundAtProvider(ProviderRegistry([provider]))


async def money() -> tuple[object, ...]:
    async with mentorium_db.get_session() as session:
        found = await session.execute(
            text("SELECT p.status, s.status FROM payments p LEFT JOIN subscriptions s ON s.id = p.subscription_id")
        )
        return tuple(found.one())


async def test_it_goes_back_and_takes_back_what_it_gave() -> None:
    transaction, refund_id, _ = await asked_for()
    provider = Provider([None])
    assert await at(provider)(refund_id) is RefundStatus.DONE
    assert await at(provider)(refund_id) is RefundStatus.DONE, "harmless twice"
    assert provider.asked == [transaction]
    assert await money() == ("REFUNDED", "CANCELLED")
    assert (await request_refund(transaction, "too late", "support")).status is RefundStatus.DONE
    assert await check_books(clock.now()) == {}


async def test_what_the_provider_refuses_is_not_called_done() -> None:
    transaction, refund_id, _ = await asked_for()
    assert await at(Provider([RefundRefused("too old")]))(refund_id) is RefundStatus.FAILED
    assert await money() == ("SUCCESS", "ACTIVE")
    seen = await request_refund(transaction, "too late", "support")
    assert (seen.refund_id, seen.status, seen.problem) == (refund_id, RefundStatus.FAILED, "too old")
    again = await request_refund(transaction, "too late", "support", again=True)
    assert (again.refund_id, again.status) == (refund_id, RefundStatus.REQUESTED)
    assert await at(Provider([None]))(refund_id) is RefundStatus.DONE


async def test_a_provider_that_is_away_is_told_again() -> None:
    transaction, refund_id, _ = await asked_for()
    provider = Provider([UnavailableError("away"), None])
    with pytest.raises(UnavailableError):
        await at(provider)(refund_id)
    assert await at(provider)(refund_id) is RefundStatus.DONE
    assert provider.asked == [transaction, transaction]


async def test_after_a_lost_answer_it_is_asked_before_it_is_told_again() -> None:
    transaction, refund_id, _ = await asked_for()
    provider = Provider([OutcomeUnknownError("lost")], [MoneyState.UNKNOWN, MoneyState.RETURNED])
    with pytest.raises(OutcomeUnknownError):
        await at(provider)(refund_id)
    assert await money() == ("SUCCESS", "ACTIVE")
    with pytest.raises(UnavailableError):
        await at(provider)(refund_id)
    assert await at(provider)(refund_id) is RefundStatus.DONE
    assert provider.asked == [transaction, f"status of {transaction}", f"status of {transaction}"]


async def test_what_the_provider_still_has_after_a_lost_answer_is_told_again() -> None:
    _, refund_id, _ = await asked_for()
    provider = Provider([OutcomeUnknownError("lost"), None], [MoneyState.PAID])
    with pytest.raises(OutcomeUnknownError):
        await at(provider)(refund_id)
    assert await at(provider)(refund_id) is RefundStatus.DONE
    assert await money() == ("REFUNDED", "CANCELLED")


async def test_one_that_never_tells_what_became_of_a_payment_is_told_again() -> None:
    _, refund_id, _ = await asked_for()
    silent = Provider([OutcomeUnknownError("killed"), RefundRefused("in the cabinet")])
    silent.terms = replace(silent.terms, tells_status=False)
    with pytest.raises(OutcomeUnknownError):
        await at(silent)(refund_id)
    assert await at(silent)(refund_id) is RefundStatus.FAILED


async def test_what_the_provider_has_given_back_by_itself_is_done() -> None:
    transaction, refund_id, _ = await asked_for()
    assert await TILL.give_back(transaction, clock.now())
    provider = Provider([])
    assert await at(provider)(refund_id) is RefundStatus.DONE
    assert provider.asked == []


async def test_a_provider_that_is_offered_no_more_fails_it() -> None:
    _, refund_id, _ = await asked_for()
    click = Provider([], terms=replace(TERMS[ProviderName.CLICK]))
    assert await at(click)(refund_id) is RefundStatus.FAILED


async def test_a_payment_of_somebody_who_is_gone_goes_back_all_the_same() -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    transaction = await TILL.buy(parent_id, now)
    await erase_data(telegram_id)
    view = await request_refund(transaction, "asked by mail", "support")
    assert await at(Provider([None]))(view.refund_id) is RefundStatus.DONE
    async with mentorium_db.get_session() as session:
        details = await session.scalar(
            text("SELECT metadata->>'owner' FROM event_logs WHERE event_name = 'payment_refunded'")
        )
    assert details == "erased"


async def test_money_and_days_are_not_both_given_for_one_trouble() -> None:
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    transaction = await TILL.buy(parent_id, now)
    later = now + timedelta(hours=1)
    await ExtendSubscription()(telegram_id, 10, "slow reports", "support", later, request_key="days")
    with pytest.raises(DoubleBenefitError):
        await request_refund(transaction, "slow reports", "support", later)
    view = await request_refund(transaction, "slow reports", "support", later, despite_extension=True)
    assert view.status is RefundStatus.REQUESTED


async def test_what_was_not_paid_cannot_go_back() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    begun = await TILL.begin(await TILL.order(parent_id, now), now)
    with pytest.raises(RefusedError, match="payment_not_made"):
        await request_refund(begun, "asked", "support")
    with pytest.raises(NoPaymentError):
        await request_refund("nothing", "asked", "support")
    with pytest.raises(RefusedError, match="refund_without_reason"):
        await request_refund(begun, " ", "support")
