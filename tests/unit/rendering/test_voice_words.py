"""What a voice says of a report: short, all in words, first that it is a machine, and no name where none may be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mentorium_core.advice.model import Memory
from mentorium_core.billing.model import Access
from mentorium_core.progress.model import Titles
from mentorium_core.reports.ports import MOST_CHARACTERS
from mentorium_core.reports.rules import compose
from mentorium_domain.enums import Language
from mentorium_rendering.voice_words import voice_words
from tests.unit.core.reports.random_facts import RandomLearner
from tests.unit.core.reports.twelve import MONTH, NOW, TWELVE, WEEK, One

FIRST = {"uz": "Bu mashina ovozi.", "ru": "Говорит машина.", "en": "This is a machine's voice."}


def said(one: One, language: Language, *, named: bool = True, most: int = MOST_CHARACTERS, month: bool = True) -> str:
    facts = one.facts(MONTH if month else WEEK)
    document = compose(facts, NOW, one.access, Memory(), asked=False)
    return voice_words(document, language, named=named, hide=str, most=most)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("one", TWELVE, ids=lambda one: one.name)
def test_it_says_first_that_a_machine_speaks(one: One, language: Language) -> None:
    for month in (True, False):
        words = said(one, language, month=month)
        assert words.startswith(FIRST[language])
        assert len(words) <= MOST_CHARACTERS
        assert not any(letter.isdigit() for letter in words), words
        assert one.name.split()[0] in words
        assert one.name.split()[0] not in said(one, language, named=False, month=month)


def test_a_good_month_in_russian() -> None:
    words = said(TWELVE[0], Language.RU)
    assert "Время на учёбу: три часа двадцать минут; месяцем раньше — три часа двадцать минут." in words
    assert "тест «Промпты для картинок» — девяносто процентов" in words
    assert "Впереди тест «Промпты для текста», срок — до четвёртого декабря." in words


@given(seed=some.integers(0, 10_000), most=some.integers(0, 900), language=some.sampled_from(Language))
def test_any_learner_is_told_in_words_alone_and_in_time(seed: int, most: int, language: Language) -> None:
    learner = RandomLearner(seed)
    document = compose(learner.facts, learner.now, Access.FULL, Memory(), asked=True)
    words = voice_words(document, language, named=True, hide=str, most=most)
    least = voice_words(document, language, named=True, hide=str, most=0)
    assert words.startswith(FIRST[language])
    assert len(words) <= max(most, len(least))
    assert not any(letter.isdigit() for letter in words)


def test_each_title_goes_through_what_hides_names() -> None:
    tests = tuple(replace(test, title=Titles(en="Aziza's test 2")) for test in TWELVE[0].facts(MONTH).tests)
    document = compose(replace(TWELVE[0].facts(MONTH), tests=tests), NOW, Access.FULL, Memory(), asked=False)
    words = voice_words(
        document, Language.EN, named=False, hide=lambda text: text.replace("Aziza", "your child"), most=MOST_CHARACTERS
    )
    assert "your child's test two" in words
    assert "Aziza" not in words


def test_the_teachers_words_are_not_read_out() -> None:
    words = said(TWELVE[9], Language.RU)
    assert "Отличная работа" not in words
    assert "Есть и слова учителя" in words
