"""Which tools answer a question where no model chooses them: three languages, Uzbek in both scripts."""

from __future__ import annotations

import json

import pytest

from mentorium_core.mentor.understanding import MOST_CALLS, calls_for

OFFERED = {"get_progress", "get_topics", "get_tests", "get_next_steps"}
ALL = OFFERED | {"get_advice", "get_comments", "get_subscription"}

# What is asked: the tools, and the periods.
ASKED = {
    "How was last week?": ("get_progress", "last_week"),
    "How is ⟦C1⟧ doing this month?": ("get_progress", "this_month"),
    "Как прошла неделя?": ("get_progress", "last_week"),
    "Как дела у ⟦C1⟧ на прошлой неделе?": ("get_progress", "last_week"),
    "Oʻtgan hafta qanday oʻtdi?": ("get_progress", "last_week"),
    "Ўтган ҳафта қандай ўтди?": ("get_progress", "last_week"),
    "bu oy qanday?": ("get_progress", "this_month"),
    "Бу ой қандай?": ("get_progress", "this_month"),
    "hello": ("get_progress", "last_week this_week"),
    "Which tests did she take last month?": ("get_tests", "last_month"),
    "Какие оценки за тесты?": ("get_tests", "last_week this_week"),
    "Testlar natijasi qanday?": ("get_tests", "last_week this_week"),
    "Тестлар натижаси қандай?": ("get_tests", "last_week this_week"),
    "Какая тема самая слабая?": ("get_topics", ""),
    "qaysi mavzular qiyin": ("get_topics", ""),
    "What is due next, any homework?": ("get_next_steps", ""),
    "Что дальше по плану?": ("get_next_steps", ""),
    "Keyingi darslar qaysi?": ("get_next_steps", ""),
    "Кейинги дарслар қайси?": ("get_next_steps", ""),
    "Почему так мало занимается?": ("get_advice", ""),
    "What shall we do tonight?": ("get_advice", ""),
    "Nega yomon?": ("get_advice", ""),
    "What does the teacher say?": ("get_comments", ""),
    "Как связаться с учителем?": ("get_comments", ""),
    "Oʻqituvchi nima deydi?": ("get_comments", ""),
    "How much does the subscription cost?": ("get_subscription", ""),
    "Сколько стоит подписка?": ("get_subscription", ""),
    "Obuna narxi qancha?": ("get_subscription", ""),
}


@pytest.mark.parametrize("question", ASKED)
def test_the_question_chooses_tool_and_period(question: str) -> None:
    tool, periods = ASKED[question]
    calls = calls_for(question, ["C1"], ALL)
    told = [json.loads(call.arguments_json) for call in calls]
    assert {call.name for call in calls} == {tool}
    assert [one["period"] for one in told if "period" in one] == periods.split()
    assert all(one.get("child", "C1") == "C1" for one in told)


@pytest.mark.parametrize("question", ASKED)
def test_a_tool_that_is_not_offered_has_another_in_its_place(question: str) -> None:
    assert {call.name for call in calls_for(question, ["C1"], OFFERED)} <= OFFERED


def test_only_the_child_that_is_named_is_asked_about() -> None:
    for question in ("How is ⟦C2:gen⟧ doing?", "⟦C2⟧ning testlari qanday?"):
        calls = calls_for(question, ["C1", "C2", "C3"], OFFERED)
        assert {json.loads(call.arguments_json)["child"] for call in calls} == {"C2"}


def test_a_name_that_is_hidden_is_no_word_of_the_question() -> None:
    assert {call.name for call in calls_for("⟦C1⟧?", ["C1"], OFFERED)} == {"get_progress"}


def test_of_many_children_and_subjects_no_more_is_asked_than_an_answer_holds() -> None:
    for count in range(12):
        children = [f"C{number}" for number in range(1, count + 1)]
        for question in ("tests, topics, plans?", "hi", "Сколько стоит подписка и какие тесты?"):
            calls = calls_for(question, children, ALL)
            assert len(calls) <= MOST_CALLS
            if count:
                assert calls
