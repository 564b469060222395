"""The link that ends letters is signed: who changes a sign of it has a link to nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.notifications.email_links import EmailLinks

LINKS = EmailLinks(b"a secret", "https://bot.example.uz")


def test_it_names_parent_and_address_and_no_other() -> None:
    url = LINKS.unsubscribe_url(7, "dilnoza@example.uz")
    assert url is not None
    assert url.startswith("https://bot.example.uz/mail/unsubscribe/7.")
    assert "dilnoza" not in url
    found = LINKS.read(url.rpartition("/")[2])
    assert found is not None
    assert found[0] == 7
    assert LINKS.is_of(found[1], "dilnoza@example.uz")
    assert not LINKS.is_of(found[1], "rustam@example.uz")


def test_without_a_public_address_there_is_none() -> None:
    assert EmailLinks(b"a secret").unsubscribe_url(7, "dilnoza@example.uz") is None


@given(st.integers(0, 44), st.characters(categories=["L", "N", "P"]))
def test_a_changed_one_is_none_of_ours(place: int, letter: str) -> None:
    token = LINKS.token(7, "dilnoza@example.uz")
    changed = token[:place] + letter + token[place + 1 :]
    found = LINKS.read(changed)
    # the last sign of base64 holds two bits that say nothing
    assert found is None or changed == token or (place == 44 and found == LINKS.read(token))


@pytest.mark.parametrize(
    "wrong", ["", "7", "7.", ".a", "0.a" * 20, "7." + "a" * 43, "99999999999." + "a" * 43, "٧." + "a" * 43]
)
def test_what_is_no_link_is_read_as_none(wrong: str) -> None:
    assert LINKS.read(wrong) is None


def test_another_secret_signs_another_link() -> None:
    assert EmailLinks(b"another").read(LINKS.token(7, "dilnoza@example.uz")) is None
