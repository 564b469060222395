"""The judge of what the model was sent sees a person in every form."""

from __future__ import annotations

import pytest

from tests.fixtures.journal import persons_in

NAMES = ["Aziza Karimova", "София Иванова", "Темур Рашидов"]


@pytest.mark.parametrize(
    "told",
    [
        *("Aziza", "азизе", "Azizaning", "Karimovga", "#AzizaKarimova", "azizakarimova", "A z i z a K a r i m o v a"),
        *("Сонечка", "Софией", "Темурчику", "Temurning", "+998 90 111-22-33", "998901112233", "ona@mail.uz"),
        *("id 200000001", "line\nAziza"),
    ],
)
def test_every_form_is_seen(told: str) -> None:
    assert persons_in([{"body": {"messages": [{"content": f"как там {told}?"}]}}], NAMES, [200_000_001])


def test_tokens_and_ordinary_words_are_nobody() -> None:
    body = {"messages": [{"content": "⟦C1⟧ning haftasi, ⟦N1⟧; тема урока, азот, karima emas 2026-11-16"}]}
    assert persons_in([{"body": body}], NAMES, [200_000_001]) == set()


def test_a_digest_holds_no_phone_and_a_phone_is_no_digest() -> None:
    phone = "998901112233"
    assert persons_in([{"body": {"safety_identifier": phone + "a" * 52}}], NAMES) == set()
    assert persons_in([{"body": {"safety_identifier": phone}}], NAMES) == {phone}
    assert persons_in([{"body": {"content": phone + "a" * 52}}], NAMES) == {phone}
