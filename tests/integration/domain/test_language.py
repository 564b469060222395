"""A language is one record, a folder of texts and, where the platform has titles in it, a field of Titles."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields

import pytest
from babel import Locale

from mentorium_core.i18n import guess_language, question_words
from mentorium_core.i18n.catalogue import LOCALES_FOLDER
from mentorium_db.platform_check.contract import ROWS_THAT_MUST_NOT_BE, VIEWS
from mentorium_db.repositories.platform import facts_statement
from mentorium_domain.enums import Language
from mentorium_domain.language import DEFAULT_LANGUAGE, LANGUAGES, TITLE_COLUMNS, Titles

TITLED = {field.name for field in fields(Titles)}


def test_every_language_has_a_record_and_a_folder_of_texts() -> None:
    assert list(LANGUAGES) == list(Language)
    assert {path.name for path in LOCALES_FOLDER.iterdir()} == set(Language)


def test_the_platform_has_titles_in_languages_of_ours() -> None:
    assert set(Language) >= TITLED


@pytest.mark.parametrize("language", Language)
def test_a_record_is_whole(language: Language) -> None:
    record = LANGUAGES[language]
    assert str(Locale.parse(record.locale)) == record.locale
    assert set(record.fallbacks) == TITLED - {language}, "every title can be read"
    assert len(question_words(language)) >= 20, "enough to tell its questions from those of the others"
    assert record.native_name
    assert record.prompt_name


def test_a_language_code_of_telegram_means_one_language() -> None:
    codes = Counter(code for record in LANGUAGES.values() for code in record.telegram_codes)
    assert [code for code, languages in codes.items() if languages > 1] == []
    assert all(language in LANGUAGES[language].telegram_codes for language in Language)


def test_a_text_in_cyrillic_without_other_signs_is_taken_for_one_language() -> None:
    assert sum(record.owns_cyrillic for record in LANGUAGES.values()) == 1


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("uz", Language.UZ),
        ("ru", Language.RU),
        ("RU-ru", Language.RU),
        ("uk", Language.RU),
        ("en-GB", Language.EN),
        ("de", DEFAULT_LANGUAGE),
        ("", DEFAULT_LANGUAGE),
        (None, DEFAULT_LANGUAGE),
    ],
)
def test_the_language_of_a_stranger(code: str | None, language: Language) -> None:
    assert guess_language(code) is language


@pytest.mark.parametrize(
    ("titles", "language", "title"),
    [
        (Titles(uz="a", ru="b", en="c"), Language.RU, "b"),
        (Titles(uz="a", en="c"), Language.RU, "a"),
        (Titles(uz="a", ru="b"), Language.EN, "a"),
        (Titles(en="c"), Language.UZ, "c"),
        (Titles(uz="", en="c"), Language.UZ, "c"),
        (Titles(), Language.UZ, ""),
    ],
)
def test_a_title_is_read_in_the_language_or_in_a_fallback(titles: Titles, language: Language, title: str) -> None:
    assert titles.get(language) == title


def test_the_contract_and_the_statement_ask_for_the_columns_of_titles() -> None:
    titled = [view for view in VIEWS if view.has_titles]
    assert titled
    for view in titled:
        assert {column.name for column in view.columns} >= set(TITLE_COLUMNS), view.name
    assert all(f"'{language}'" in " ".join(ROWS_THAT_MUST_NOT_BE["v_guardian"].values()) for language in Language)
    statement = facts_statement(frozenset())
    assert "titles}" not in statement
    assert ", ".join(f"topic.{column}" for column in TITLE_COLUMNS) in statement
