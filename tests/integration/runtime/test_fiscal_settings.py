"""What would stand on fiscal receipts and the tax office does not know is told at the start."""

from __future__ import annotations

import pytest

from mentorium_bot.config import WebhookAppSettings
from mentorium_runtime.settings import SettingsError, load
from tests.fixtures.payme_shop import environment


def settings_of(monkeypatch: pytest.MonkeyPatch, **more: str) -> WebhookAppSettings:
    for name, value in environment("postgresql://u:p@h/d", "redis://h", 1, more).items():
        monkeypatch.setenv(name, value)
    return load(WebhookAppSettings, _env_file=None)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FISCAL_IKPU", "1030500800300000", "17 digits"),
        ("FISCAL_IKPU", "10305 008003000000", "17 digits"),
        ("FISCAL_PACKAGE_CODE", "12O9885", "digits alone"),
        ("FISCAL_VAT_PERCENT", "12%", "0 to 100"),
        ("FISCAL_VAT_PERCENT", "101", "0 to 100"),
        ("FISCAL_VAT_PERCENT", "-1", "0 to 100"),
    ],
)
@pytest.mark.parametrize("provider", ["payme", "stars"])
def test_what_the_tax_office_would_refuse_is_told_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str, provider: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of(monkeypatch, PAYMENT_PROVIDERS=provider, **{name: value})
    (problem,) = caught.value.problems
    assert name in problem
    assert told in problem


def test_blanks_around_a_fiscal_setting_are_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"FISCAL_IKPU": " 10305008003000000 ", "FISCAL_VAT_PERCENT": " 0 "}
    settings = settings_of(monkeypatch, **said)
    assert (settings.fiscal_ikpu, settings.fiscal_vat_percent) == ("10305008003000000", 0)
