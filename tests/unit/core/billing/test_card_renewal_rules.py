"""The life of a renewal by card: when it is tried, and that nothing new is begun while a charge may have been made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.billing.card_renewal_rules import (
    ASKED_LATE,
    EXHAUSTED,
    PAUSE,
    Attempt,
    Effect,
    Event,
    first_try_at,
    next_try_at,
    obstacle,
    step,
)
from mentorium_domain.enums import ChatState, RenewalStatus, SubscriptionStatus
from mentorium_domain.renewals import RenewalSituation

END: Final = datetime(2026, 12, 31, 9, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FINE: Final = RenewalSituation(END, False, ChatState.OPEN, SubscriptionStatus.ACTIVE, END, False)


def planned() -> Attempt:
    return Attempt(RenewalStatus.PLANNED, END, 0, END - DAY, END - 3 * DAY)


def charging(now: datetime, *, has_receipt: bool = True) -> Attempt:
    return replace(step(planned(), Event.BEGUN, now)[0], has_receipt=has_receipt)


def test_the_first_try_is_a_day_before_the_end_and_a_day_after_the_notice() -> None:
    assert first_try_at(END, END - 3 * DAY) == END - DAY
    assert first_try_at(END, END - HOUR) == END + 23 * HOUR


@pytest.mark.parametrize(
    ("now", "due"),
    [(END - DAY, END + DAY), (END + DAY, END + 3 * DAY), (END + 3 * DAY, END + 5 * DAY), (END + 5 * DAY, None)],
)
def test_it_is_tried_again_one_three_and_five_days_after_the_end(now: datetime, due: datetime | None) -> None:
    assert next_try_at(END, now) == due
    after, effects = step(charging(now), Event.DECLINED, now, error="-31630")
    if due is None:
        assert (after.status, after.error) == (RenewalStatus.STOPPED, EXHAUSTED)
        assert effects == {Effect.CLOSE_ORDER, Effect.END, Effect.TELL_LAST}
    else:
        assert (after.status, after.due_at, after.has_receipt) == (RenewalStatus.RETRYING, due, False)
        assert effects == {Effect.CLOSE_ORDER, Effect.TELL_RETRY}


def test_what_is_not_the_cards_fault_is_tried_within_the_hour_and_told_to_nobody() -> None:
    now = END - DAY
    after, effects = step(charging(now), Event.NOT_DONE, now, error="payme_unreachable")
    assert (after.status, after.due_at) == (RenewalStatus.RETRYING, now + PAUSE)
    assert effects == {Effect.CLOSE_ORDER}


def test_a_dead_card_ends_it_at_once() -> None:
    after, effects = step(charging(END - DAY), Event.CARD_DEAD, END - DAY, error="-31301")
    assert after.status is RenewalStatus.STOPPED
    assert effects == {Effect.CLOSE_ORDER, Effect.END, Effect.TELL_CARD_DEAD}


def test_what_is_not_known_is_asked_about_ever_more_seldom_and_calls_a_person_after_a_day() -> None:
    now = END - DAY
    attempt, _ = step(charging(now), Event.LOST, now)
    pauses = []
    while now < END + DAY:
        pauses.append(attempt.due_at - now)
        now = attempt.due_at
        attempt, effects = step(attempt, Event.PENDING, now)
        assert (Effect.ALARM in effects) is (now >= END)
    assert pauses == sorted(pauses)
    assert (pauses[0], max(pauses)) == (timedelta(minutes=1), ASKED_LATE)


def test_who_withdraws_is_not_charged_and_what_may_have_been_paid_is_looked_into() -> None:
    assert step(planned(), Event.WITHDRAWN, END - DAY, error="removed")[0].status is RenewalStatus.STOPPED
    attempt = charging(END - DAY)
    assert step(attempt, Event.WITHDRAWN, END - DAY) == (attempt, frozenset({Effect.CLOSE_ORDER}))
    after, effects = step(attempt, Event.DECLINED, END - DAY, error="removed", wanted=False)
    assert (after.status, effects) == (RenewalStatus.STOPPED, frozenset({Effect.CLOSE_ORDER}))


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({}, None),
        ({"access": SubscriptionStatus.EXPIRED}, None),
        ({"card_removed": True}, "removed"),
        ({"chat": ChatState.BLOCKED}, "blocked"),
        ({"access": SubscriptionStatus.CANCELLED}, "refunded"),
        ({"access": None, "ends_at": None}, "refunded"),
        ({"ends_at": END + DAY}, "moved"),
        ({"renewed_by_stars": True}, "stars"),
    ],
)
def test_what_stands_in_the_way(changed: dict[str, object], because: str | None) -> None:
    assert obstacle(replace(FINE, **changed)) == because  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.sampled_from(Event), st.integers(0, 60), st.booleans(), st.booleans()), max_size=40))
def test_nothing_new_is_begun_before_the_last_charge_is_settled(
    events: list[tuple[Event, int, bool, bool]],
) -> None:
    attempt, now, unsettled, declined = planned(), END - DAY, False, 0
    for event, hours, makes_receipt, wanted in events:
        now += hours * HOUR
        before = attempt
        attempt, effects = step(attempt, event, now, error="x", wanted=wanted)
        if before.is_over:
            assert (attempt, effects) == (before, frozenset())
            continue
        if Effect.NEW_ORDER in effects:
            assert not unsettled, "a second receipt while one may be paid"
            assert attempt.tries == before.tries + 1
            attempt = replace(attempt, has_receipt=makes_receipt)
            unsettled = makes_receipt
        elif attempt.is_waiting or attempt.is_over:
            unsettled = False
        if Effect.TELL_RETRY in effects:
            declined += 1
            assert now < attempt.due_at <= END + 5 * DAY
        assert attempt.is_over or attempt.due_at > now or attempt == before
    assert declined <= 3
