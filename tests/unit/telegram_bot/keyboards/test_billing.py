from __future__ import annotations

import pytest

from mentorium_bot.keyboards.billing import tariff_keyboard
from mentorium_core.billing.model import PriceList
from mentorium_domain.enums import Language, Tariff


@pytest.mark.parametrize("language", Language)
def test_every_tariff_has_a_button_with_a_text(language: Language) -> None:
    buttons = [button for row in tariff_keyboard(language, PriceList()).inline_keyboard for button in row]
    assert [button.callback_data for button in buttons] == [f"tariff:{tariff}" for tariff in Tariff]
    assert all(button.text for button in buttons)
    assert len({button.text for button in buttons}) == len(buttons)
