"""Locale data: what CLDR knows of our languages, and of it what is read here.

babel loads all it knows of a language at its first word: names of currencies, time zones, countries and units, and who
speaks what in which country. Five megabytes a process, of which half a megabyte is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from babel import Locale, localedata
from babel.core import get_global

from mentorium_domain.language import LANGUAGES

_NEVER_READ: Final = (
    *("compact_currency_formats", "compact_decimal_formats", "compound_unit_patterns", "currency_names"),
    *("currency_names_plural", "date_fields", "interval_formats", "languages", "meta_zones", "scripts"),
    *("territories", "time_zones", "unit_display_names", "unit_patterns"),
)
_NEVER_ASKED: Final = ("likely_subtags", "territory_currencies", "territory_languages")
"""Of what babel knows of all languages: needed for locales that are given in parts, as none of ours is."""


@cache
def locale_of(language: str) -> Locale:
    """babel's locale of a language of ours."""
    locale = Locale.parse(LANGUAGES[language].locale)
    for name in _inherited(str(locale)):
        data = localedata.load(name)
        for part in _NEVER_READ:
            data.pop(part, None)
    for part in _NEVER_ASKED:
        get_global(part).clear()  # type: ignore[arg-type,attr-defined]  # a dict
    return locale


def _inherited(name: str) -> Iterator[str]:
    """The locale and those that its data come from, each of which babel keeps."""
    yield name
    while name != "root":
        name = get_global("parent_exceptions").get(name) or name.rpartition("_")[0] or "root"
        yield name
