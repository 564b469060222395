"""A language of ours is written in letters that the picture's font holds."""

from __future__ import annotations

import unicodedata

import pytest

from mentorium_core.i18n.catalogue import LOCALES_FOLDER
from mentorium_domain.enums import Language
from mentorium_rendering.theme import drawable


@pytest.mark.parametrize("language", Language)
def test_no_letter_of_the_catalogues_is_lost_in_the_picture(language: Language) -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in sorted((LOCALES_FOLDER / language).glob("*.ftl")))
    letters = {character for character in texts if "LETTER" in unicodedata.name(character, "")}
    assert len(letters) > 40
    assert {letter for letter in letters if not drawable(letter)} == set()
