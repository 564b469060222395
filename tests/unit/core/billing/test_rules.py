from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.billing.model import CHILDREN_COVERED, TARIFFS, GivenDays, Obstacle, OrderView
from mentorium_core.billing.rules import access, covered_until, judged, obstacle, running, stands, stretches
from mentorium_domain.access import LinkedPayer, Payer
from mentorium_domain.enums import Currency, OrderKind, OrderStatus, ProviderName, Tariff

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
GRACE = timedelta(days=3)
INSTANT = timedelta(microseconds=1)

children = st.lists(st.integers(1, 8), unique=True, max_size=6).map(tuple)
moments = st.one_of(st.none(), st.timedeltas(-timedelta(days=6), timedelta(days=6)).map(lambda delta: NOW + delta))
payers = st.lists(st.builds(Payer, children, moments), max_size=5)
asked = st.frozensets(st.integers(1, 8), max_size=8)


def test_the_tariffs_are_those_of_the_specification() -> None:
    terms = [TARIFFS[tariff] for tariff in Tariff]
    assert [(each.days, each.price_soums, each.discount_percent) for each in terms] == [
        (30, 99_000, 0),
        (90, 249_000, 17),
        (365, 899_000, 25),
    ]


@pytest.mark.parametrize(
    ("expires_at", "expected"),
    [
        (None, False),
        (NOW + INSTANT, True),
        (NOW, True),
        (NOW - GRACE + INSTANT, True),
        (NOW - GRACE, False),
    ],
)
def test_a_subscription_stands_until_its_grace_ends(expires_at: datetime | None, expected: bool) -> None:
    assert stands(expires_at, NOW, GRACE) is expected


def test_without_grace_it_ends_when_it_expires() -> None:
    assert not stands(NOW, NOW, timedelta())


@given(asked, payers)
def test_a_child_is_covered_if_and_only_if_somebody_pays_for_it(asked: frozenset[int], payers: list[Payer]) -> None:
    def is_paid_for(child: int) -> bool:
        for payer in payers:
            if payer.expires_at is None or payer.expires_at + GRACE <= NOW:
                continue
            if child in payer.children and payer.children.index(child) < CHILDREN_COVERED:
                return True
        return False

    assert access(asked, payers, NOW, GRACE) == {child for child in asked if is_paid_for(child)}


@given(asked, payers, payers)
def test_one_more_payer_takes_nothing_from_anybody(
    asked: frozenset[int], payers: list[Payer], more: list[Payer]
) -> None:
    assert access(asked, payers, NOW, GRACE) <= access(asked, payers + more, NOW, GRACE)


@given(asked, payers, st.timedeltas(timedelta(), timedelta(days=9)))
def test_time_gives_nothing(asked: frozenset[int], payers: list[Payer], passed: timedelta) -> None:
    assert access(asked, payers, NOW + passed, GRACE) <= access(asked, payers, NOW, GRACE)


@given(asked, children, moments)
def test_one_subscription_covers_three_children_at_most(
    asked: frozenset[int], children: tuple[int, ...], expires_at: datetime | None
) -> None:
    assert len(access(asked, [Payer(children, expires_at)], NOW, GRACE)) <= CHILDREN_COVERED


gifts = st.builds(
    GivenDays,
    grant_id=st.integers(1, 10**6),
    given_at=st.integers(0, 400).map(lambda days: NOW + timedelta(days=days)),
    tariff=st.sampled_from(Tariff),
    days=st.integers(1, 365),
    until=st.none(),
    amount_minor=st.just(0),
    currency=st.just(Currency.UZS),
)


@given(st.lists(gifts, max_size=6, unique_by=lambda gift: gift.grant_id))
def test_every_grant_runs_whole_and_none_beside_another(grants: list[GivenDays]) -> None:
    found = stretches(grants)
    assert {one.grant for one in found} == set(grants)
    assert all(one.end - one.start == timedelta(days=one.grant.days) for one in found)
    assert all(one.start >= one.grant.given_at for one in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


@given(st.lists(gifts, min_size=1, max_size=6, unique_by=lambda gift: gift.grant_id), st.data())
def test_a_grant_taken_back_leaves_what_the_others_give(grants: list[GivenDays], data: st.DataObject) -> None:
    taken = data.draw(st.sampled_from(grants))
    left = stretches(grant for grant in grants if grant is not taken)
    whole = stretches(grants)
    assert (left[-1].end if left else NOW) <= whole[-1].end


def test_a_refund_of_the_first_of_three_takes_back_thirty_days() -> None:
    three = [GivenDays(number, NOW, Tariff.MONTHLY, 30, None, 1, Currency.UZS) for number in (1, 2, 3)]
    assert stretches(three)[-1].end == NOW + timedelta(days=90)
    assert stretches(three[1:])[-1].end == NOW + timedelta(days=60)


def test_the_grant_that_runs_is_shown() -> None:
    month = GivenDays(1, NOW, Tariff.MONTHLY, 30, None, 1, Currency.UZS)
    year = GivenDays(2, NOW, Tariff.ANNUAL, 365, None, 2, Currency.UZS)
    found = stretches([month, year])
    shown = [running(found, NOW + timedelta(days=days)).grant for days in (-1, 0, 29, 30, 394, 395, 999)]
    assert shown == [month, month, month, year, year, year, year]
    with pytest.raises(ValueError, match="no grant stands"):
        running((), NOW)


def test_telegrams_own_end_of_a_period_is_kept() -> None:
    until = NOW + timedelta(days=31)
    (only,) = stretches([GivenDays(1, NOW, Tariff.MONTHLY, 30, until, 1, Currency.XTR)])
    assert only.end == until


ORDER = OrderView(
    id=1,
    public_id="mntaaaaaaaaaaaaa",
    parent_id=1,
    provider=ProviderName.PAYME,
    kind=OrderKind.ONE_OFF,
    tariff=Tariff.MONTHLY,
    days=30,
    amount_minor=9_900_000,
    currency=Currency.UZS,
    status=OrderStatus.PENDING,
    expires_at=NOW,
)


@pytest.mark.parametrize(
    ("order", "amount_minor", "moment", "expected"),
    [
        (ORDER, 9_900_000, NOW - timedelta(seconds=1), None),
        (None, 9_900_000, NOW, Obstacle.UNKNOWN),
        (replace(ORDER, provider=ProviderName.CLICK), 1, NOW, Obstacle.OTHER_PROVIDER),
        (replace(ORDER, status=OrderStatus.PAID), 9_900_000, NOW, Obstacle.PAID),
        (replace(ORDER, status=OrderStatus.REFUNDED), 9_900_000, NOW, Obstacle.CLOSED),
        (replace(ORDER, status=OrderStatus.CANCELLED), 9_900_000, NOW, Obstacle.CLOSED),
        (replace(ORDER, parent_id=None), 9_900_000, NOW - timedelta(seconds=1), Obstacle.CLOSED),
        (ORDER, 9_900_000, NOW, Obstacle.EXPIRED),
        (ORDER, 9_900_001, NOW - timedelta(seconds=1), Obstacle.WRONG_AMOUNT),
    ],
)
def test_what_stands_in_the_way_of_paying_an_order(
    order: OrderView | None, amount_minor: int, moment: datetime, expected: Obstacle | None
) -> None:
    assert obstacle(order, ProviderName.PAYME, amount_minor, moment) is expected


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 8)), unique_by=lambda link: link[1], max_size=6), st.data())
def test_a_child_whom_the_payer_may_view_no_more_takes_no_place(
    links: list[tuple[int, int]], data: st.DataObject
) -> None:
    """durability 27"""
    rights = data.draw(st.sets(st.sampled_from(links) if links else st.nothing()))
    payer = judged(LinkedPayer(tuple(links), NOW), rights)
    viewable = [student for guardian, student in links if (guardian, student) in rights]
    assert access(range(1, 9), [payer], NOW, GRACE) == set(viewable[:CHILDREN_COVERED])


@given(asked, payers)
def test_until_when_all_are_paid_for_is_when_the_first_is_covered_no_more(
    those: frozenset[int], paying: list[Payer]
) -> None:
    no_grace = timedelta()
    until = covered_until(those, paying, NOW)
    if until is None:
        assert not those or access(those, paying, NOW, no_grace) != those
    else:
        assert access(those, paying, until - INSTANT, no_grace) == those
        assert access(those, paying, until, no_grace) != those
