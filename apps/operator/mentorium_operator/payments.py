"""What keeps a way of payment that is named in `PAYMENT_PROVIDERS` from being offered, or from giving receipts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mentorium_core.billing.providers import TERMS, ProviderTerms
from mentorium_runtime.payment_settings import PaymentSettings

_BY_NAME: Final[Mapping[str, ProviderTerms]] = {terms.button: terms for terms in TERMS.values()}
_ON_RECEIPTS_OF_CLICK: Final = ("FISCAL_IKPU", "FISCAL_PACKAGE_CODE", "FISCAL_VAT_PERCENT", "FISCAL_TIN")


def payments_lack(settings: PaymentSettings) -> Iterator[str]:
    """One sentence a lack, for the operator; no secret is in it."""
    offered: list[str] = []
    for name in settings.providers_named:
        if missing := _missing(settings, _BY_NAME[name].settings):
            yield f"{name} is named in PAYMENT_PROVIDERS, and not offered: {', '.join(missing)} is missing"
        else:
            offered.append(name)
    if not offered:
        yield "nobody can pay: no way of payment is offered (PAYMENT_PROVIDERS)"
    if "click" in offered and (missing := _missing(settings, _ON_RECEIPTS_OF_CLICK)):
        yield f"payments at Click have no fiscal receipt: {', '.join(missing)} is missing"
    if "payme" in offered and settings.payme_test_mode:
        yield "PAYME_TEST_MODE is on: the key of Payme's sandbox opens access"


def _missing(settings: PaymentSettings, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if getattr(settings, name.lower()) in (None, "")]
