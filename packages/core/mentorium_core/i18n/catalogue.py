"""The texts people read: Fluent catalogues in `locales/<language>/*.ftl`, one set of keys in every language.

A file is read when the first of its texts is: the webhook app says a tenth of all there is, and a language whole takes
more than a megabyte. So no text refers to one of another file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser, ast

from mentorium_core.i18n.locale_data import locale_of
from mentorium_core.i18n.numbers import sayable
from mentorium_domain.language import LANGUAGES
from mentorium_kit.errors import MentoriumError

LOCALES_FOLDER: Final = Path(__file__).parent / "locales"

_KEY: Final = re.compile(r"^([a-zA-Z][\w-]*) *=", re.MULTILINE)
_LONGEST_ARGUMENT: Final = 2_000
Argument = str | int | float | Decimal


class CatalogueError(MentoriumError):
    """A text that does not exist, or lacks an argument: a mistake of ours, found by the tests of the catalogues."""


def t(language: str, key: str, **arguments: Argument) -> str:
    """The text of `key` in `language`. Numbers are written the language's own way and choose its plural; what is too
    large, or none, is said as far as it goes (`1.00E+400`, `∞`).

    Raises CatalogueError for an unknown language or key, and for an argument that is missing, or no text and no number.
    """
    file = _files(language).get(key)
    if file is None:
        raise CatalogueError("text_missing", language=language, key=key)
    bundle = _bundle(language, file)
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise CatalogueError("text_empty", language=language, key=key)
    text, errors = bundle.format_pattern(pattern, {name: _said(value) for name, value in arguments.items()})
    if errors:
        raise CatalogueError("text_broken", language=language, key=key, reason=str(errors[0]))
    return str(text)


def _said(value: object) -> object:
    """fluent.runtime refuses a longer argument; a name or title of that length is nobody's. What is of another type is
    refused by it.
    """
    if isinstance(value, str):
        return f"{value[:_LONGEST_ARGUMENT]}…" if len(value) > _LONGEST_ARGUMENT else value
    return sayable(value) if isinstance(value, int | float | Decimal) else value


def has_text(language: str, key: str) -> bool:
    """Whether the catalogue of `language` holds `key`: for families of keys named after data, such as topics."""
    return key in _files(language)


def question_words(language: str) -> frozenset[str]:
    """Frequent words of the questions parents ask in `language`, in small letters: they tell one from another."""
    return frozenset((LOCALES_FOLDER / language / "question_words.txt").read_text(encoding="utf-8").split())


@cache
def asked_about(language: str) -> dict[str, tuple[str, ...]]:
    """By what is asked about: words of `language` that tell it; one that ends with `*` is the beginning of words."""
    lines = (LOCALES_FOLDER / language / "asked_about.txt").read_text(encoding="utf-8").splitlines()
    return {subject: tuple(words.split()) for subject, _, words in (line.partition(": ") for line in lines)}


@cache
def _files(language: str) -> Mapping[str, str]:
    """In which file of this language each text stands, by its key."""
    if language not in LANGUAGES:
        raise CatalogueError("language_unknown", language=language)
    files = sorted((LOCALES_FOLDER / language).glob("*.ftl"))
    return {key: path.name for path in files for key in _KEY.findall(path.read_text(encoding="utf-8"))}


@cache
def _bundle(language: str, file: str) -> FluentBundle:
    bundle = FluentBundle([str(locale_of(language)).replace("_", "-")], use_isolating=False)
    bundle.add_resource(_parsed(LOCALES_FOLDER / language / file))
    return bundle


def _parsed(path: Path) -> ast.Resource:
    # Where in its file each word stands is read by nobody, and is a third of what is kept.
    resource = FluentParser(with_spans=False).parse(path.read_text(encoding="utf-8"))
    broken = [entry for entry in resource.body if isinstance(entry, ast.Junk)]
    if broken:
        raise CatalogueError("catalogue_malformed", path=path.name, near=str(broken[0].content)[:80])
    return resource
