"""The reference pages are what the code says: settings, commands, metrics, events."""

from __future__ import annotations

import pytest

from scripts.reference_pages import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run make reference"


@pytest.mark.parametrize(
    "event",
    [
        "| `payme_expiry_failed` | SYSTEM, ERROR |",  # handed from one function to the next, across files
        "| `stars_reconciled` | SYSTEM, INFO |",  # a constant
        "| `order_refundable` | PAYMENT, INFO |",  # one of two
        "| `card_page_not_answered` | error |",  # handed in to the function around
        "| `polling_failed_no_more` | info |",  # the end of an outage
    ],
)
def test_an_event_is_found_however_it_is_named(event: str) -> None:
    assert event in PAGES["EVENTS.md"]()
