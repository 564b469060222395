"""The settings of payments, for the processes that offer, take or give back money."""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from mentorium_runtime.fiscal_forms import Ikpu, PackageCode, VatPercent
from mentorium_runtime.settings import FromEnvironment, HttpUrl, ProviderKey, Stripped

KNOWN_PROVIDERS: Final = frozenset({"stars", "payme", "click"})
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def _is_private(url: str) -> bool:
    """Whether nobody on the way reads what is asked of this URL."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in _THIS_MACHINE


class PaymentSettings(FromEnvironment):
    """How parents may pay. A provider is offered if `PAYMENT_PROVIDERS` names it and its secrets are set.

    Prices in Stars are whole numbers a tariff. What a fiscal receipt needs (tasnif.soliq.uz) is the merchant's.
    """

    payment_providers: str = "stars"
    public_url: HttpUrl | None = None
    trusted_proxy_header: str | None = None

    stars_price_monthly: int = Field(990, ge=1, le=10_000)
    stars_price_quarterly: int = Field(2_490, ge=1, le=100_000)
    stars_price_annual: int = Field(8_990, ge=1, le=100_000)

    payme_merchant_id: Stripped | None = None
    payme_login: Stripped = "Paycom"
    payme_secret_key: ProviderKey | None = None
    payme_secret_key_old: ProviderKey | None = None
    payme_test_key: ProviderKey | None = None
    payme_test_mode: bool = False
    payme_busy_code: int = Field(-31008, ge=-31099, le=-31001)
    payme_allow_any_address: bool = Field(True, validate_default=True)
    payme_checkout_url: HttpUrl = "https://checkout.paycom.uz"
    payme_api_url: HttpUrl = "https://checkout.paycom.uz/api"

    click_service_id: int | None = Field(None, ge=1)
    click_merchant_id: int | None = Field(None, ge=1)
    click_merchant_user_id: int | None = Field(None, ge=1)
    click_secret_key: ProviderKey | None = None
    click_secret_key_old: ProviderKey | None = None
    click_strict_trans_id: bool = False
    click_commission_percent: Decimal = Field(Decimal(0), ge=0, le=20, decimal_places=2)
    click_pay_url: HttpUrl = "https://my.click.uz/services/pay"
    click_api_url: HttpUrl = "https://api.click.uz/v2/merchant"

    fiscal_ikpu: Ikpu = Field("", validate_default=True)
    fiscal_package_code: PackageCode = Field("", validate_default=True)
    fiscal_vat_percent: VatPercent = Field(None, validate_default=True)
    fiscal_tin: str = Field("", pattern=r"^([0-9]{9}|[0-9]{14})?$")

    taste_answers: int = Field(0, ge=0, le=1000)
    taste_reports: int = Field(0, ge=0, le=100)

    @field_validator("payment_providers")
    @classmethod
    def _known(cls, value: str) -> str:
        named = [name.strip().lower() for name in value.split(",") if name.strip()]
        if unknown := sorted(set(named) - KNOWN_PROVIDERS):
            raise ValueError(f"names {', '.join(unknown)}: known are {', '.join(sorted(KNOWN_PROVIDERS))}")
        return ",".join(dict.fromkeys(named))

    @field_validator("payme_allow_any_address")
    @classmethod
    def _told_by_a_proxy(cls, value: bool, info: ValidationInfo) -> bool:
        if not value and not info.data.get("trusted_proxy_header"):
            raise ValueError("is off, and needs TRUSTED_PROXY_HEADER: in which your proxy tells the caller's address")
        return value

    @field_validator("fiscal_ikpu", "fiscal_package_code", "fiscal_vat_percent")
    @classmethod
    def _on_each_receipt(cls, value: str | int | None, info: ValidationInfo) -> str | int | None:
        said = info.data
        offered = "payme" in str(said.get("payment_providers")).split(",") and said.get("payme_merchant_id")
        if offered and said.get("payme_secret_key") and not said.get("payme_test_mode") and value in ("", None):
            raise ValueError("is missing: Payme's fiscal receipts need it (tasnif.soliq.uz), unless PAYME_TEST_MODE")
        return value

    @property
    def payme_keys(self) -> tuple[str, ...]:
        """The keys that Payme may come with: the one before while it is being changed, that of its sandbox only in test
        mode. Empty: Payme may not come at all.
        """
        keys = [self.payme_secret_key, self.payme_secret_key_old]
        keys.append(self.payme_test_key if self.payme_test_mode else None)
        return tuple(key.get_secret_value() for key in keys if key is not None) if self.payme_merchant_id else ()

    @property
    def payme_subscribe_key(self) -> SecretStr | None:
        """With which we ask Payme about cards and charge them: that of its sandbox in test mode, where there is one."""
        return (self.payme_test_key if self.payme_test_mode else None) or self.payme_secret_key

    @property
    def card_page_url(self) -> str | None:
        """Where a parent gives a card for renewals; None where it is not offered: without Payme among the providers,
        its secrets, and a PUBLIC_URL of https (or of this very machine).
        """
        offered = "payme" in self.providers_named and self.payme_merchant_id and self.payme_secret_key
        return f"{self.letters_base_url}/card" if offered and self.letters_base_url else None

    @property
    def letters_base_url(self) -> str | None:
        """Where a letter's link ends letters: PUBLIC_URL, if it is https (or of this very machine)."""
        return self.public_url.rstrip("/") if self.public_url and _is_private(self.public_url) else None

    @property
    def providers_named(self) -> tuple[str, ...]:
        """`stars`, `payme`, `click`: as they are to be shown, whether or not their secrets are set."""
        return tuple(name for name in self.payment_providers.split(",") if name)
