"""Claims without a figure: passed, studied on a day, finished, awarded; shown only where the tools' facts say so."""

from __future__ import annotations

import json
from datetime import date

import pytest

from mentorium_core.guard.model import Breach, Given
from mentorium_core.guard.rules import check_sentence, check_shell
from mentorium_core.mentor.facts import facts_of
from mentorium_domain.enums import Language

PROGRESS = {
    "child": "⟦C1⟧",
    "period": {"name": "last_week", "first_day": "2026-11-16", "last_day": "2026-11-22"},
    "study_minutes": 65,
    "study_minutes_by_day": {"2026-11-16": 40, "2026-11-19": 25},
    "lessons_done": 2,
    "tests_taken": 2,
    "overdue": 1,
    "awards": [],
    "courses": [
        {"title": "World of AI", "status": "active", "lessons_done": 15, "lessons_required": 24},
        {"title": "First steps", "status": "completed", "lessons_done": 12, "lessons_required": 12},
        {"title": "Robots", "status": "dropped", "lessons_done": 3, "lessons_required": 20},
    ],
}
TESTS = {
    "child": "⟦C1⟧",
    "period": PROGRESS["period"],
    "tests": [
        {"title": "Facts", "score": 8, "max_score": 10, "percent": 80, "day": "2026-11-19", "pass_score": 6},
        {"title": "Prompts", "score": 5, "max_score": 10, "percent": 50, "day": "2026-11-20", "pass_score": 6},
        {"title": "Ethics", "score": 5, "max_score": 10, "percent": 50, "day": "2026-11-20"},
    ],
}
FACTS = facts_of([json.dumps(PROGRESS), json.dumps(TESTS)]).facts
GIVEN = Given(today=date(2026, 11, 24), question="How is ⟦C1⟧?")


def outcome(sentence: str, language: Language = Language.EN) -> bool:
    """Whether the sentence is held up as a claim that no fact bears out."""
    return Breach.OUTCOME in check_sentence(sentence, FACTS, GIVEN, language).verdict.breaches


@pytest.mark.parametrize(
    "sentence",
    [
        "⟦C1⟧ passed “Facts”.",
        "⟦C1⟧ failed “Prompts”.",
        "⟦C1⟧ has not passed “Prompts”.",
        "⟦C1⟧ took “Ethics”.",
        "⟦C1⟧ studied on Monday.",
        "On Tuesday ⟦C1⟧ did not study.",
        "⟦C1⟧ finished the course “First steps”.",
        "⟦C1⟧ has not finished the course “World of AI”.",
        "⟦C1⟧ left the course “Robots”.",
        "⟦C1⟧ missed a deadline.",
    ],
)
def test_what_the_tools_told_may_be_said_without_a_figure(sentence: str) -> None:
    assert not outcome(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "⟦C1⟧ passed “Prompts”.",
        "⟦C1⟧ failed “Facts”.",
        "⟦C1⟧ passed “Ethics”.",
        "⟦C1⟧ passed the tests.",
        "⟦C1⟧ studied on Tuesday.",
        "⟦C1⟧ did not study on Monday.",
        "⟦C1⟧ finished the course “World of AI”.",
        "⟦C1⟧ left the course “World of AI”.",
        "⟦C1⟧ handed in everything on time.",
        "⟦C1⟧ got a badge.",
        "Glad to help: ⟦C1⟧ won the olympiad.",
    ],
)
def test_what_they_did_not_tell_is_held_up(sentence: str) -> None:
    """No pass mark, no pass; tests that differ are not told as one; nobody knows when work was handed in."""
    assert outcome(sentence) or not check_sentence(sentence, FACTS, GIVEN, Language.EN).ok


def test_a_day_that_is_not_over_or_not_told_is_none_without_study() -> None:
    """Of Friday of the running week nobody knows yet."""
    running = {
        **PROGRESS,
        "period": {"first_day": "2026-11-23", "last_day": "2026-11-24"},
        "study_minutes": 30,
        "study_minutes_by_day": {"2026-11-23": 30},
    }
    facts = facts_of([json.dumps(running)]).facts
    given = Given(today=date(2026, 11, 24), question="How is ⟦C1⟧ this week?")
    for sentence, ok in (
        ("This week ⟦C1⟧ studied on Monday.", True),
        ("This week ⟦C1⟧ did not study on Tuesday.", True),
        ("This week ⟦C1⟧ did not study on Friday.", False),
    ):
        assert check_sentence(sentence, facts, given, Language.EN).ok == ok, sentence


def test_days_that_a_tool_told_are_not_held_against_each_other() -> None:
    """On a Monday both periods have one day; Tuesday's minutes are no rise over Monday's."""
    monday = {
        "child": "⟦C1⟧",
        "period": {"first_day": "2026-11-23", "last_day": "2026-11-23"},
        "before": {"first_day": "2026-11-16", "last_day": "2026-11-16"},
        "study_minutes": 10,
        "study_minutes_before": 20,
    }
    facts = facts_of([json.dumps(monday), json.dumps(PROGRESS)]).facts
    given = Given(today=date(2026, 11, 23), question="How is ⟦C1⟧?")
    assert not check_sentence("The study time of ⟦C1⟧ has increased.", facts, given, Language.EN).ok
    assert check_sentence("The study time of ⟦C1⟧ has decreased.", facts, given, Language.EN).ok


def test_a_pass_mark_is_nobodys_result() -> None:
    """The mark is 6 of 10: true of the mark alone."""
    assert not check_sentence("For “Facts” ⟦C1⟧ has 6 of 10.", FACTS, GIVEN, Language.EN).ok
    assert check_sentence("The pass mark of “Facts” is 6 of 10.", FACTS, GIVEN, Language.EN).ok


@pytest.mark.parametrize("sentence", ["⟦C1⟧ имтиҳондан ўтди.", "⟦C1⟧ olti dars tugatdi.", "⟦C1⟧ олти дарс тугатди."])
def test_uzbek_in_cyrillic_claims_no_more_than_in_latin(sentence: str) -> None:
    """inputs F: a few words are no sentence whose language could be told."""
    assert not check_sentence(sentence, FACTS, GIVEN, Language.UZ).ok


def test_a_shell_tells_of_no_outcome() -> None:
    assert Breach.OUTCOME in check_shell("Your child passed the test. [[S1]]", 1, Language.EN).breaches


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("⟦C1⟧ successfully completed the exam.", Language.EN),
        ("⟦C1⟧ successfully completed “Prompts”.", Language.EN),
        ("⟦C1⟧ is forgetting about lessons.", Language.EN),
        ("⟦C1⟧ успешно завершила экзамен.", Language.RU),
        ("⟦C1⟧ успешно завершила тест «Prompts».", Language.RU),
        ("⟦C1⟧ забывает о занятиях.", Language.RU),
        ("⟦C1⟧ получает награду.", Language.RU),
        ("⟦C1⟧ imtihonni muvaffaqiyatli tugatdi.", Language.UZ),
        ("⟦C1⟧ darslarni unutyapti.", Language.UZ),
        ("⟦C1⟧ mukofot olyapti.", Language.UZ),
    ],
)
def test_what_is_said_in_other_words_needs_a_fact_all_the_same(sentence: str, language: Language) -> None:
    assert outcome(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("⟦C1⟧ completed “Ethics”.", Language.EN),
        ("⟦C1⟧ successfully completed “Facts”.", Language.EN),
        ("Do not forget about the lessons.", Language.EN),
        ("⟦C1⟧ завершила тест «Ethics».", Language.RU),
        ("Не забывайте о занятиях.", Language.RU),
        ("⟦C1⟧ «Ethics» testini tugatdi.", Language.UZ),
        ("Darslarni unutmang.", Language.UZ),
    ],
)
def test_what_a_fact_bears_out_may_be_said_in_other_words(sentence: str, language: Language) -> None:
    assert not outcome(sentence, language)
