"""A renewal by card as a parent reads of it."""

from __future__ import annotations

from mentorium_core.billing.card_notices import last_digits
from mentorium_core.billing.card_renewal import CardRenewalView
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_domain.enums import Currency, Language
from mentorium_kit import clock


def renewal_text(language: Language, key: str, renewal: CardRenewalView) -> str:
    """The text of this key, which may tell card, price, tariff and day."""
    moment = renewal.next_charge_at or clock.now()
    return t(
        language,
        key,
        card=last_digits(renewal.masked_number),
        price=amount_text(language, renewal.amount_minor, Currency.UZS),
        tariff=tariff_title(language, renewal.tariff),
        day=format_date_long(language, clock.local_day(moment)),
    )


def next_charge_text(language: Language, renewal: CardRenewalView) -> str:
    """What /subscription says of a saved card."""
    if renewal.in_doubt:
        return renewal_text(language, "card-in-doubt", renewal)
    return renewal_text(language, "card-standing" if renewal.next_charge_at is None else "card-next-charge", renewal)
