from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.billing.model import CHILDREN_COVERED, TARIFFS
from mentorium_core.billing.rules import access, extended_until, judged, stands
from mentorium_domain.access import LinkedPayer, Payer
from mentorium_domain.enums import Tariff

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


@given(st.sampled_from(Tariff), moments)
def test_what_is_given_is_given_whole(tariff: Tariff, standing_until: datetime | None) -> None:
    until = extended_until(TARIFFS[tariff], standing_until, NOW)
    assert until >= NOW + TARIFFS[tariff].length
    assert until - TARIFFS[tariff].length == max(standing_until or NOW, NOW)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 8)), unique_by=lambda link: link[1], max_size=6), st.data())
def test_a_child_whom_the_payer_may_view_no_more_takes_no_place(
    links: list[tuple[int, int]], data: st.DataObject
) -> None:
    """durability 27"""
    rights = data.draw(st.sets(st.sampled_from(links) if links else st.nothing()))
    payer = judged(LinkedPayer(tuple(links), NOW), rights)
    viewable = [student for guardian, student in links if (guardian, student) in rights]
    assert access(range(1, 9), [payer], NOW, GRACE) == set(viewable[:CHILDREN_COVERED])
