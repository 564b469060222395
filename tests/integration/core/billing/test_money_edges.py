"""Money at its edges: what a parent reads, and what stands, when payments of several kinds and refunds cross."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.commands import ExtendSubscription, GrantSubscription
from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.providers import TERMS, ProviderRegistry, RefundRefused
from mentorium_core.billing.reconcile import check_books
from mentorium_core.billing.refunds import DoubleBenefitError, RefundAtProvider, request_refund
from mentorium_core.billing.stars import (
    BookStarsCharge,
    BookStarsRefund,
    CheckoutRefusal,
    StarsCheckout,
    check_checkout,
)
from mentorium_core.billing.stars_renewal import get_stars_renewal
from mentorium_core.billing.stars_return import ReturnStars
from mentorium_core.billing.support import list_support_orders
from mentorium_core.identity.model import ParentView
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import Language, OrderKind, ProviderName, RefundStatus, Tariff
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, RefusedError
from tests.integration.core.billing.stars_orders import charge, jobs, ordered, refund, renewing_order
from tests.integration.core.billing.test_refunds import Provider, at
from tests.integration.core.billing.till import Till, new_parent

pytestmark = pytest.mark.usefixtures("session_factory")
TILL = Till()
DAY = timedelta(days=1)


async def told(like: str = "payment:%") -> list[str]:
    async with mentorium_db.get_session() as session:
        found = await session.scalars(
            text("SELECT message FROM notifications WHERE dedup_key LIKE :key ORDER BY id"), {"key": like}
        )
        return [str(one) for one in found]


async def a_payment_that_is_over() -> tuple[int, str, datetime]:
    """Parent, transaction of a month that has run out and expired, and the moment."""
    now = clock.now() - 60 * DAY
    parent_id, _ = await new_parent(now)
    old = await TILL.buy(parent_id, now)
    assert await ExpireSubscriptions()(clock.now()) == 1
    return parent_id, old, clock.now()


async def test_a_refund_of_old_days_does_not_tell_a_parent_with_new_ones_that_access_has_ended() -> None:
    parent_id, old, now = await a_payment_that_is_over()
    await TILL.buy(parent_id, now)
    assert await TILL.give_back(old, now)
    (said,) = await told("payment:refunded:%")
    assert "/subscribe" not in said, "who has access is not sent to buy it"


async def test_an_attempt_given_up_for_another_one_that_was_paid_is_not_called_a_failure() -> None:
    """PayMe's page was left, Click has been paid: twelve hours later nobody is invited to pay a second time."""
    now = clock.now()
    parent_id, _ = await new_parent(now)
    left = await TILL.begin(await TILL.order(parent_id, now), now)
    await TILL.buy(parent_id, now + timedelta(minutes=5))
    assert await TILL.fail(left)
    assert await told("payment:failed:%") == []


async def test_a_failure_after_an_earlier_payment_is_told() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    await TILL.buy(parent_id, now - timedelta(minutes=5))
    assert await TILL.fail(await TILL.begin(await TILL.order(parent_id, now), now))
    assert len(await told("payment:failed:%")) == 1


async def test_no_tariff_is_given_while_a_payment_goes_back() -> None:
    """Money and days are not both given for one trouble: a grant is days, too."""
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    await request_refund(await TILL.buy(parent_id, now), "too late", "support", now)
    with pytest.raises(RefusedError, match="refund_under_way"):
        await GrantSubscription()(telegram_id, Tariff.MONTHLY, "too late", "support", request_key="a")


@pytest.mark.parametrize("despite", [False, True])
async def test_no_days_are_given_for_what_has_just_been_given_back(despite: bool) -> None:
    """Stars go back within a second: a guard for the time of the refund alone would guard nothing."""
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    assert await TILL.give_back(await TILL.buy(parent_id, now), now)
    extend = partial(ExtendSubscription(), telegram_id, 10, "too late", "support", despite_refund=despite)
    grant = partial(GrantSubscription(), telegram_id, Tariff.MONTHLY, "too late", "support", despite_refund=despite)
    for key, give in (("extend", extend), ("grant", grant)):
        if despite:
            await give(request_key=key)
        else:
            with pytest.raises(DoubleBenefitError, match="refund_given_lately"):
                await give(request_key=key)
    if not despite:
        later = now + 31 * DAY
        await ExtendSubscription()(telegram_id, 10, "another trouble", "support", later, request_key="later")


@pytest.mark.parametrize("job_first", [True, False])
async def test_a_refund_that_was_promised_is_made_although_its_payer_is_forgotten_meanwhile(job_first: bool) -> None:
    """Telegram was away, the parent had everything deleted: only a job still knows to whom the Stars go."""
    parent_id, telegram_id = await new_parent(clock.now())
    order = await ordered(parent_id)
    await BookStarsCharge()(charge(order, "charge", payer=telegram_id))
    view = await request_refund("charge", "asked", "support")
    await erase_data(telegram_id)
    ((_, told),) = [(kind, payload) for kind, payload in await jobs() if kind == "return_stars"]
    refusal = RefundRefused("payer_unknown")
    stars = Provider([None, refusal] if job_first else [refusal, None])
    stars.terms = TERMS[ProviderName.TELEGRAM_STARS]
    until = datetime.fromisoformat(told["until"])
    if not job_first:
        assert await RefundAtProvider(ProviderRegistry([stars]))(view.refund_id) is RefundStatus.FAILED
    assert await ReturnStars(stars)(told["charge_id"], told["telegram_id"], until)
    assert await RefundAtProvider(ProviderRegistry([stars]))(view.refund_id) is RefundStatus.DONE
    assert not await ReturnStars(stars)(told["charge_id"], told["telegram_id"], until)
    assert (await request_refund("charge", "asked", "support")).status is RefundStatus.DONE
    assert await check_books(clock.now()) == {}


async def test_whoever_pressed_often_after_paying_still_finds_what_was_paid() -> None:
    """/paysupport asks which payment it is about: the buttons are no list of those that were only looked at."""
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    order = await TILL.order(parent_id, now)
    assert await TILL.settle(await TILL.begin(order, now), now)
    others = [(await TILL.order(parent_id, now)).public_id for _ in range(20)]
    parent = ParentView(parent_id, telegram_id, Language.UZ, registered=True, consented=True)
    shown = [one.public_id for one in await list_support_orders(parent)]
    assert (shown[0], shown[-1]) == (others[-1], order.public_id)


async def test_a_refund_nobody_knows_the_end_of_is_tried_again_when_it_is_asked_for_again() -> None:
    now = clock.now()
    parent_id, _ = await new_parent(now)
    transaction = await TILL.buy(parent_id, now)
    view = await request_refund(transaction, "asked", "support", now)
    with pytest.raises(OutcomeUnknownError):
        await at(Provider([OutcomeUnknownError("lost")]))(view.refund_id)
    async with mentorium_db.get_session() as session:  # the job was tried for hours, and is held
        await session.execute(text("DELETE FROM pgqueuer.pgqueuer"))
    again = await request_refund(transaction, "asked", "support", now)
    assert again.status is RefundStatus.UNKNOWN
    assert ("refund_payment", {"refund_id": view.refund_id}) in await jobs()


@pytest.mark.parametrize("update_first", [True, False])
async def test_a_renewing_payment_given_back_by_the_team_renews_no_more_here(update_first: bool) -> None:
    """Else /subscription goes on telling of a next charge, and a new renewal is refused as a second one."""
    now = clock.now()
    parent_id, telegram_id = await new_parent(now)
    order = await renewing_order(parent_id)
    paid = charge(order, "first", payer=telegram_id)
    await BookStarsCharge()(paid)
    view = await request_refund("first", "asked", "support")
    if update_first:
        await BookStarsRefund()(refund(paid))
    stars = Provider([None])
    stars.terms = TERMS[ProviderName.TELEGRAM_STARS]
    assert await RefundAtProvider(ProviderRegistry([stars]))(view.refund_id) is RefundStatus.DONE
    if not update_first:
        await BookStarsRefund()(refund(paid))
    renewal = await get_stars_renewal(parent_id)
    assert renewal is None or not renewal.renews
    again = await renewing_order(parent_id)
    asked = StarsCheckout(telegram_id, again.public_id, again.amount_minor, "XTR")
    assert await check_checkout(asked) is not CheckoutRefusal.RENEWS_ALREADY
    assert again.kind is OrderKind.STARS_SUBSCRIPTION
