"""The origin that the card page's own calls come from, as a browser says it."""

from __future__ import annotations

import pytest

from mentorium_bot.handlers.card_page import origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://bot.example.uz/card/save", "https://bot.example.uz"),
        ("HTTPS://Bot.Example.UZ:443/card/save", "https://bot.example.uz"),
        ("http://localhost:80/card/save", "http://localhost"),
        ("http://127.0.0.1:8443/card/save", "http://127.0.0.1:8443"),
        ("https://[::1]:8443/card/save", "https://[::1]:8443"),
        ("https://мектеб.uz/card/save", "https://xn--90ahati2b.uz"),
    ],
)
def test_it_is_told_as_a_browser_tells_it(url: str, origin: str) -> None:
    assert origin_of(url) == origin
