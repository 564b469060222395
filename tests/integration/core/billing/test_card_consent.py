"""The words of the consent to charge a card change only with its version, which is kept with each card."""

from __future__ import annotations

from hashlib import sha256

from mentorium_core.billing.card_page import CONSENT_KEY, CONSENT_VERSION, last_four
from mentorium_core.i18n import t
from mentorium_domain.enums import Language

WORDS = {
    "2026-11": "c91785b9ec14087e737ed4ec0d081059c8e84f9eaae79fb96e87876696dd3039",
}


def test_other_words_are_another_version() -> None:
    words = "\n".join(t(language, CONSENT_KEY, price="PRICE", tariff="TARIFF") for language in Language)
    assert sha256(words.encode()).hexdigest() == WORDS[CONSENT_VERSION], "change the words and CONSENT_VERSION together"


def test_no_more_than_four_digits_of_a_card_are_kept() -> None:
    for shown in ("860049******6478", "8600495473316478", "6478", "8600 49** **** 6478"):
        assert last_four(shown) == "******6478"
    assert last_four("") == "******"
