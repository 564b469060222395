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


WITHOUT_POINTS = {
    "child": "⟦C1⟧",
    "period": PROGRESS["period"],
    "tests": [
        {"title": "Fractions", "score": None, "max_score": None, "percent": None, "day": "2026-11-19"},
        {"title": "Facts", "score": 8, "max_score": 10, "percent": 80, "day": "2026-11-19"},
    ],
}


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("He took the test 'Fractions'.", Language.EN),
        ("⟦C1⟧ took the test “Fractions” and “Facts”.", Language.EN),
        ("⟦C1⟧ finished “Fractions”.", Language.EN),
        ("⟦C1⟧ написал тест «Fractions».", Language.RU),
        ("⟦C1⟧ завершила тест «Fractions».", Language.RU),
        ("⟦C1⟧ «Fractions» testini topshirdi.", Language.UZ),
        ("⟦C1⟧ «Fractions»ni tugatdi.", Language.UZ),
        ("⟦C1⟧ «Fractions» тестини топширди.", Language.UZ),
    ],
)
def test_a_test_without_points_is_taken_and_not_passed(sentence: str, language: Language) -> None:
    facts = facts_of([json.dumps(WITHOUT_POINTS)]).facts
    assert check_sentence(sentence, facts, GIVEN, language).ok
    for passed, of in (
        ("⟦C1⟧ passed the test “Fractions”.", Language.EN),
        ("⟦C1⟧ успешно написал тест «Fractions».", Language.RU),
        ("⟦C1⟧ «Fractions» testini muvaffaqiyatli topshirdi.", Language.UZ),
    ):
        assert not check_sentence(passed, facts, GIVEN, of).ok


def test_a_test_that_is_told_by_its_percentage_alone_is_taken() -> None:
    advice = {"child": "⟦C1⟧", "last_report": {"to_improve": "test", "title": "Loops", "percent": 40}}
    facts = facts_of([json.dumps(advice)]).facts
    assert check_sentence("⟦C1⟧ took the test “Loops”.", facts, GIVEN, Language.EN).ok


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("⟦C1⟧ finished 'Gravity'.", Language.EN),
        ("⟦C1⟧ finished ‘Newton’s laws’.", Language.EN),
        ("⟦C1⟧ took the test “Gravity”.", Language.EN),
        ("⟦C1⟧ passed “Gravity”.", Language.EN),
        ("⟦C1⟧ finished “Facts” and “Gravity”.", Language.EN),
        ("⟦C1⟧ took “Facts”, “Gravity” and “Ethics”.", Language.EN),
        ("⟦C1⟧ написала тест «Гравитация».", Language.RU),
        ("⟦C1⟧ «Gravitatsiya» va «Facts» testlarini topshirdi.", Language.UZ),
        ("Finished: “Gravity”.", Language.EN),
        ('⟦C1⟧ started "Gravity".', Language.EN),
        ("⟦C1⟧ закончил «Гравитация».", Language.RU),
        ("⟦C1⟧ завершила тест «Гравитация».", Language.RU),
        ("⟦C1⟧ сдала „Гравитация“.", Language.RU),
        ("⟦C1⟧ «Gravitatsiya»ni tugatdi.", Language.UZ),
        ("⟦C1⟧ 'Gravitatsiya'ni tugatdi.", Language.UZ),
        ("⟦C1⟧ «Gravitatsiya» testini topshirdi.", Language.UZ),
        ("⟦C1⟧ «Гравитация»ни тугатди.", Language.UZ),
    ],
)
def test_of_a_title_that_no_fact_names_nothing_is_borne_out(sentence: str, language: Language) -> None:
    assert outcome(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("⟦C1⟧ completed “Facts”.", Language.EN),
        ("Did ⟦C1⟧ finish “Gravity”?", Language.EN),
        ("I do not see whether ⟦C1⟧ finished “Gravity”.", Language.EN),
        ("⟦C1⟧ has not taken the test “Gravity”.", Language.EN),
        ("Last week ⟦C1⟧ finished 2 lessons of “Gravity”.", Language.EN),
        ("Ask: “What was finished today?”", Language.EN),
        ("The teacher wrote: “Well done”.", Language.EN),
        ("Учитель написал: «Молодец».", Language.RU),
        ("Ustoz yozdi: «Barakalla».", Language.UZ),
        ("Next comes “Gravity”, after ⟦C1⟧ took the test “Facts”.", Language.EN),
        ("⟦C1⟧ завершила тест «Factsы».", Language.RU),
        ("⟦C1⟧ «Facts»ni tugatdi.", Language.UZ),
    ],
)
def test_a_title_that_is_known_or_not_claimed_may_be_said(sentence: str, language: Language) -> None:
    assert not outcome(sentence, language)


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Nobody knows him like you.", Language.EN),
        ("No one knows ⟦C1⟧ as well as you do.", Language.EN),
        ("Nobody understands ⟦C1⟧ better than you.", Language.EN),
        ("Никто не знает его так, как вы.", Language.RU),
        ("Никто не знает ⟦C1⟧ лучше вас.", Language.RU),
        ("Hech kim uni sizdek yaxshi bilmaydi.", Language.UZ),
    ],
)
def test_that_parents_know_their_child_best_compares_no_children(sentence: str, language: Language) -> None:
    assert check_sentence(sentence, FACTS, GIVEN, language).ok
    if "⟦" not in sentence:
        assert check_shell(f"{sentence} [[S1]]", 1, language).ok


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("No one learns as fast as ⟦C1⟧.", Language.EN),
        ("Nobody knows maths like ⟦C1⟧.", Language.EN),
        ("Nobody knows maths like you, ⟦C1⟧.", Language.EN),
        ("Nobody in the group knows maths like you.", Language.EN),
        ("Никто не знает математику так, как ⟦C1⟧.", Language.RU),
        ("Никто в классе не знает математику так, как вы.", Language.RU),
        ("Hech kim matematikani ⟦C1⟧chalik yaxshi bilmaydi.", Language.UZ),
    ],
)
def test_that_nobody_is_like_the_child_is_still_a_comparison(sentence: str, language: Language) -> None:
    assert Breach.COMPARISON in check_sentence(sentence, FACTS, GIVEN, language).verdict.breaches


@pytest.mark.parametrize(
    ("sentence", "language", "claims"),
    [
        ("⟦C1⟧ finished the test.", Language.EN, True),
        ("⟦C1⟧ завершила тест.", Language.RU, True),
        ("⟦C1⟧ testni tugatdi.", Language.UZ, True),
        ("⟦C1⟧ has not finished the test.", Language.EN, False),
        ("⟦C1⟧ не закончила тест.", Language.RU, False),
        ("⟦C1⟧ testni tugatmadi.", Language.UZ, False),
        ("⟦C1⟧ finished the lesson before the test.", Language.EN, False),
        ("When the test is finished, its result comes here.", Language.EN, False),
    ],
)
def test_that_a_test_is_finished_needs_one_that_was_taken(sentence: str, language: Language, *, claims: bool) -> None:
    none = facts_of([json.dumps({**PROGRESS, "tests_taken": 0})]).facts
    assert (Breach.OUTCOME in check_sentence(sentence, none, GIVEN, language).verdict.breaches) == claims
    assert not outcome(sentence, language)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Your child passed “gravity”.", Language.EN),
        ("Ребёнок завершил тест «гравитация».", Language.RU),
        ("Ребёнок завершил тест.", Language.RU),
        ("Farzandingiz testni tugatdi.", Language.UZ),
    ],
)
def test_a_shell_tells_of_no_test_that_is_finished(words: str, language: Language) -> None:
    assert Breach.OUTCOME in check_shell(f"{words} [[S1]]", 1, language).breaches
