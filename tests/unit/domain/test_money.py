from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_domain.enums import Currency
from mentorium_domain.money import DECIMALS, amount, soums, tiyin

MINOR = st.integers(min_value=-(10**9), max_value=10**9)


@given(MINOR)
def test_soums_survive_the_way_through_tiyin(whole: int) -> None:
    assert soums(tiyin(whole)) == whole


@pytest.mark.parametrize("left_over", [1, 50, 99, -1])
def test_a_part_of_a_soum_is_no_price(left_over: int) -> None:
    with pytest.raises(ValueError, match="whole number of soums"):
        soums(tiyin(99_000) + left_over)


@given(MINOR, st.sampled_from(Currency))
def test_an_amount_says_the_same_as_its_minor_units(minor: int, currency: Currency) -> None:
    assert amount(minor, currency) * 10 ** DECIMALS[currency] == minor


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [(9_900_000, Currency.UZS, "99000.00"), (1, Currency.UZS, "0.01"), (250, Currency.XTR, "250")],
)
def test_amounts_as_the_table_shows_them(minor: int, currency: Currency, shown: str) -> None:
    assert str(amount(minor, currency)) == shown
