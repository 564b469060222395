from __future__ import annotations

import pytest

from mentorium_core.i18n import guess_language
from mentorium_domain.enums import Language


@pytest.mark.parametrize(
    ("code", "language"),
    [
        *(("uz", Language.UZ), ("ru", Language.RU), ("ru-RU", Language.RU), ("kk", Language.RU), ("en", Language.EN)),
        *(("EN-gb", Language.EN), ("de", Language.UZ), ("", Language.UZ), (None, Language.UZ), ("-", Language.UZ)),
    ],
)
def test_the_language_before_one_is_chosen(code: str | None, language: Language) -> None:
    assert guess_language(code) is language
