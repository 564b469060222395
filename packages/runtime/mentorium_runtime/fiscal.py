"""What fiscal receipts say of what is sold, from the settings."""

from __future__ import annotations

from mentorium_core.billing.click_receipt import ReceiptTerms
from mentorium_core.billing.model import FiscalTerms
from mentorium_runtime.payment_settings import PaymentSettings


def fiscal_terms(settings: PaymentSettings) -> FiscalTerms | None:
    """None where the merchant has not said all of it."""
    if not settings.fiscal_ikpu or not settings.fiscal_package_code or settings.fiscal_vat_percent is None:
        return None
    return FiscalTerms(settings.fiscal_ikpu, settings.fiscal_package_code, settings.fiscal_vat_percent)


def receipt_terms(settings: PaymentSettings) -> ReceiptTerms | None:
    """For Click, whose receipts name the seller, too. None where the merchant has not said all of it."""
    terms = fiscal_terms(settings)
    return ReceiptTerms(terms, settings.fiscal_tin) if terms is not None and settings.fiscal_tin else None
