"""What the model is told: true figures with their periods, tokens in place of names, and no other child."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mentorium_ai_client import ToolCall
from mentorium_core.advice.model import GivenAdvice, Improvement, Memory, WeakTopic
from mentorium_core.advice.rules import TOPIC_CODES, choose_question
from mentorium_core.i18n import t
from mentorium_core.mentor.tools import Toolbox
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.pseudonymisation.tokens import NamedPersons, Tokens
from mentorium_domain.enums import Language
from mentorium_domain.language import Titles
from mentorium_kit import clock
from tests.integration.core.household import Household
from tests.integration.core.mentor.week import curriculum, monday, week_of_study

NAMES = ("Aziza Karimova", "Jasur Karimov", "Madina Karimova")


@pytest.fixture
async def toolbox(household: Household) -> Toolbox:
    students = [await household.child(name) for name in NAMES]
    async with household.school() as school:
        await curriculum(school)
        for student_id in students:
            await week_of_study(school, student_id)
    return Toolbox(
        read_facts=ReadFacts(),
        covered={"C1": students[0], "C2": students[1]},
        others=frozenset({"C3"}),
        language="ru",
        tokens=Tokens(NamedPersons.of(NAMES)),
        now=clock.now(),
    )


async def call(toolbox: Toolbox, name: str, **arguments: Any) -> dict[str, Any]:
    (result,) = await toolbox.call_all([ToolCall("id", name, json.dumps(arguments))])
    parsed: dict[str, Any] = json.loads(result)
    assert result == json.dumps(parsed, ensure_ascii=False, separators=(",", ":"))
    return parsed


async def test_progress(toolbox: Toolbox) -> None:
    result = await call(toolbox, "get_progress", child="C1", period="last_week")
    assert result == {
        "child": "⟦C1⟧",
        "period": {
            "name": "last_week",
            "first_day": monday().isoformat(),
            "last_day": (monday() + timedelta(days=6)).isoformat(),
            "is_over": True,
        },
        "before": {
            "name": "before",
            "first_day": (monday() - timedelta(days=7)).isoformat(),
            "last_day": (monday() - timedelta(days=1)).isoformat(),
        },
        "verdict": "on_track",
        "study_minutes": 135,
        "study_minutes_before": 100,
        "study_minutes_by_day": {(monday() + timedelta(days=days)).isoformat(): 45 for days in (0, 2, 4)},
        "active_days": 3,
        "active_days_before": 2,
        "days_in_period": 7,
        "lessons_done": 2,
        "lessons_done_before": 1,
        "lesson_titles": ["Урок 2", "Урок 3"],
        "tests_taken": 1,
        "average_percent": 85,
        "average_percent_before": 70,
        "streak_weeks": 2,
        "overdue": 0,
        "late": [],
        "awards": [],
        "courses": [{"title": "Знакомство с ИИ", "status": "active", "lessons_done": 3, "lessons_required": 10}],
    }


async def test_a_week_that_lasts_has_no_verdict_and_is_compared_with_the_same_days_by_date(toolbox: Toolbox) -> None:
    """parents A15"""
    result = await call(toolbox, "get_progress", child="C1", period="this_week")
    assert result["period"]["is_over"] is False
    assert result["verdict"] is None
    first, last = result["period"]["first_day"], result["period"]["last_day"]
    week = timedelta(weeks=1)
    assert date.fromisoformat(result["before"]["first_day"]) == date.fromisoformat(first) - week
    assert date.fromisoformat(result["before"]["last_day"]) == date.fromisoformat(last) - week


async def test_tests(toolbox: Toolbox) -> None:
    result = await call(toolbox, "get_tests", child="C2", period="last_week")
    assert result["child"] == "⟦C2⟧"
    assert result["tests"] == [
        {
            "title": "Тест 2",
            "topic": "Промпты для текста",
            "score": 17,
            "max_score": 20,
            "percent": 85,
            "day": (monday() + timedelta(days=4)).isoformat(),
            "pass_score": 12,
            "passed": True,
        }
    ]
    assert (result["average_percent"], result["average_percent_before"]) == (85, 70)
    assert [due["title"] for due in result["due"]] == ["Тест 3"]


async def test_topics(toolbox: Toolbox) -> None:
    result = await call(toolbox, "get_topics", child="C1")
    assert result["topics"] == [{"title": "Промпты для текста", "code": "text_prompts", "percent": 78, "results": 2}]
    assert (result["strongest"], result["weakest"]) == (None, None), "one topic is no comparison"
    assert result["period"]["name"] == "last_12_weeks"


async def test_next_steps(toolbox: Toolbox) -> None:
    result = await call(toolbox, "get_next_steps", child="C1")
    (course,) = result["courses"]
    assert course["next_lessons"][0] == "Урок 4"
    assert course["forecast"]["first_month"] <= course["forecast"]["last_month"]
    assert result["overdue"] == 0


async def test_the_brackets_of_a_token_do_no_harm(toolbox: Toolbox) -> None:
    assert (await call(toolbox, "get_topics", child=" ⟦c1⟧"))["child"] == "⟦C1⟧"


@pytest.mark.parametrize(
    ("child", "error"),
    [("C3", "not_covered"), ("C4", "unknown_child"), ("1", "unknown_child"), ("Aziza", "unknown_child")],
)
async def test_no_other_child(toolbox: Toolbox, child: str, error: str) -> None:
    result = await call(toolbox, "get_progress", child=child, period="last_week")
    assert set(result) == {"error", "message"}
    assert result["error"] == error


async def test_a_stranger_gets_nobodys_figures(toolbox: Toolbox) -> None:
    """parents C"""
    asked_of_a_stranger = replace(toolbox, stranger_named=True)
    for name in ("get_topics", "get_next_steps", "get_advice", "get_comments"):
        assert (await call(asked_of_a_stranger, name, child="C1"))["error"] == "unknown_child"
    assert "meaning" in await call(asked_of_a_stranger, "explain_topic", topic="ai_basics")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("get_progress", "{"),
        ("get_progress", "[]"),
        ("get_progress", "{}"),
        ("get_progress", '{"child":"C1"}'),
        ("get_progress", '{"child":"C1","period":"yesterday"}'),
        ("get_progress", '{"child":1,"period":"last_week"}'),
        ("get_topics", '{"child":"C1","student_id":1}'),
        ("explain_topic", '{"topic":"drop_tables"}'),
        ("get_subscription", "{}"),
        ("drop_tables", '{"child":"C1"}'),
    ],
)
async def test_bad_calls_are_told_back(toolbox: Toolbox, name: str, arguments: str) -> None:
    (result,) = await toolbox.call_all([ToolCall("id", name, arguments)])
    assert json.loads(result)["error"] == "bad_arguments"


async def test_two_calls_at_once_and_no_more(toolbox: Toolbox) -> None:
    calls = [ToolCall(str(n), "get_topics", '{"child":"C1"}') for n in range(4)]
    results = [json.loads(result) for result in await toolbox.call_all(calls)]
    assert ["error" in result for result in results] == [False, False, True, True]


@pytest.mark.own_databases
async def test_a_platform_that_is_down_is_told_back(toolbox: Toolbox, household: Household) -> None:
    async with household.school() as school:
        await school.execute("DROP SCHEMA bot_api_v1 CASCADE")
    assert (await call(toolbox, "get_topics", child="C1"))["error"] == "unavailable"


async def test_a_child_the_platform_does_not_know(toolbox: Toolbox, household: Household) -> None:
    toolbox.covered["C1"] = 999_999
    assert (await call(toolbox, "get_topics", child="C1"))["error"] == "unavailable"


async def test_free_text_of_the_school_is_cleaned_cut_and_masked(toolbox: Toolbox, household: Household) -> None:
    async with household.school() as school:
        title = "Для Азизы\u202e\u200b @teacher" + "х" * 600
        await school.execute("UPDATE platform.course SET title_ru = $1", title)
    result = await call(toolbox, "get_progress", child="C1", period="last_week")
    shown = result["courses"][0]["title"]
    assert shown.startswith("Для ⟦C1⟧ ⟦U1⟧")
    assert len(shown) < 520
    assert "\u202e" not in shown


def test_the_schemas_name_the_covered_children_only(toolbox: Toolbox) -> None:
    for tool in toolbox.offered():
        properties: Any = tool.parameters["properties"]
        assert ("topic" in properties) is (tool.name == "explain_topic")
        assert "topic" in properties or properties["child"]["enum"] == ["C1", "C2"]
        assert tool.parameters["required"] == list(properties)


async def test_the_mentor_knows_what_the_last_report_advised_in_its_own_figures(toolbox: Toolbox) -> None:
    """parents A25"""
    topic = WeakTopic("fact_checking", Titles(ru="Проверка фактов"), Decimal(29), Decimal(50), Decimal("57.5"))
    advice = GivenAdvice(Improvement(topic, "fact_checking-1"), "fact_checking-2", "2026-11-16/2026-11-22", done=True)

    async def find(_student_id: int) -> GivenAdvice:
        return advice

    told = await call(replace(toolbox, find_advice=find), "get_topics", child="C1")
    assert told["last_report"] == {
        "period": "2026-11-16/2026-11-22",
        "to_improve": "topic",
        "title": "Проверка фактов",
        "percent": 58,
        "why": t("ru", "why-topic"),
        "ten_minutes": t("ru", "action-fact_checking-1"),
        "question_for_child": t("ru", "question-fact_checking-2"),
        "done": True,
    }


async def test_why_and_tonight_have_an_answer_where_no_report_advised(toolbox: Toolbox) -> None:
    """parents A15, G3"""
    told = await call(toolbox, "get_advice", child="C1")
    assert (told["verdict"], told["verdict_means"]) == ("on_track", t("ru", "why-on_track"))
    assert (told["study_minutes"], told["study_minutes_before"]) == (135, 100)
    assert told["to_improve"] is None, "nothing fell short"
    assert told["ten_minutes"] == t("ru", "tonight-lesson", title="Урок 4")
    asked = choose_question(None, monday(), Memory())
    assert told["question_for_child"] == t("ru", f"question-{asked.question_id}")
    assert told["before"]["last_day"] == (monday() - timedelta(days=1)).isoformat()


async def test_the_teachers_words_are_told_without_a_name(toolbox: Toolbox, household: Household) -> None:
    """parents A3, A10"""
    async with household.school() as school:
        await school.execute(
            "INSERT INTO platform.teacher_comment (student_id, course_id, author_name, body, created_at) "
            "VALUES ($1, 1, 'Марина Соколова', $2, now() - interval '1 hour')",
            toolbox.covered["C1"],
            "Азиза старается.\nПишите на @teacher" + " и" * 600,
        )
    told = await call(toolbox, "get_comments", child="C1")
    (comment,) = told["comments"]
    assert comment["teacher_wrote"].startswith("⟦C1⟧ старается. Пишите на ⟦U1⟧")
    assert len(comment["teacher_wrote"]) <= 520
    assert "Соколова" not in str(told)
    assert "/teacher" in told["reach_teacher"]


async def test_every_topic_is_explained_in_plain_words(toolbox: Toolbox) -> None:
    for language in Language:
        for code in TOPIC_CODES:
            told = await call(replace(toolbox, language=language), "explain_topic", topic=code)
            assert told["meaning"]
            assert told["title"]


@pytest.mark.parametrize(("days_ago", "done", "stays"), [(0, False, True), (0, True, False), (35, False, False)])
async def test_what_the_last_report_advised_stays_until_it_is_done_or_old(
    toolbox: Toolbox, days_ago: int, *, done: bool, stays: bool
) -> None:
    """parents A4, A25"""
    topic = WeakTopic("fact_checking", Titles(ru="Проверка фактов"), Decimal(29), Decimal(50), Decimal(58))
    ended = monday() + timedelta(days=6 - days_ago)
    period = f"{ended - timedelta(days=6)}/{ended}"
    advice = GivenAdvice(Improvement(topic, "fact_checking-2"), "fact_checking-2", period, done)

    async def find(_student_id: int) -> GivenAdvice:
        return advice

    told = await call(replace(toolbox, find_advice=find), "get_advice", child="C1")
    assert (told["ten_minutes"] == t("ru", "action-fact_checking-2")) is stays
    assert (told["question_for_child"] == t("ru", "question-fact_checking-2")) is stays
    assert (told["advised_by_report"] == period) is stays
