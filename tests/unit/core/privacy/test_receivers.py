"""Who pays reads who else learns of it."""

from __future__ import annotations

import pytest

from mentorium_core.i18n import t


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
@pytest.mark.parametrize("key", ["privacy-text", "export-intro"])
def test_the_receivers_of_an_orders_number_and_amount_are_named(key: str, language: str) -> None:
    """In one sentence: PayMe, Click and Telegram, with number and amount."""
    number, amount = {"uz": ("raqami", "summa"), "ru": ("номер", "сумма"), "en": ("number", "amount")}[language]
    sentences = [one for one in t(language, key, date="today", contact="c").split(". ") if "Click" in one]
    assert any(all(word in one for word in ("Payme", "Telegram", number, amount)) for one in sentences)
