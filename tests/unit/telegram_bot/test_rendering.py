"""Signs that are no formatting stay as the model wrote them."""

from __future__ import annotations

import pytest

from mentorium_bot.answering.rendering import render


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Проверьте 10*10 = 100 и 20*20 = 400.", "Проверьте 10*10 = 100 и 20*20 = 400."),
        ("x = 2*y*3", "x = 2*y*3"),
        ("2**3 = 8, 3**2 = 9", "2**3 = 8, 3**2 = 9"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("`3*4*5` и __init__", "3*4*5 и __init__"),
        ("```\na = 3*4*5\n```", "a = 3*4*5"),
        ("10_000 и snake_case_name", "10_000 и snake_case_name"),
        ("**Важно:**текст", "Важно: текст"),
    ],
)
def test_signs_stay(markdown: str, shown: str) -> None:
    """inputs I, S 39."""
    assert render(markdown)[0].text == shown


@pytest.mark.parametrize(
    ("markdown", "shown", "kinds"),
    [
        ("**Aziza**ning 3 ta *darsi*", "Azizaning 3 ta darsi", ["bold", "italic"]),
        ("**18 из 20** и `code`", "18 из 20 и code", ["bold", "code"]),
    ],
)
def test_formatting_is_still_formatting(markdown: str, shown: str, kinds: list[str]) -> None:
    part = render(markdown)[0]
    assert part.text == shown
    assert [entity.type for entity in part.entities] == kinds
