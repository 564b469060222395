"""The scripted mentor: whole dialogs with tools, as the product holds them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox_tests.openai.stand_in import OpenAIStandIn

PERIODS = ("this_week", "last_week", "this_month", "last_month")
DAYS = {
    "this_week": ("2026-11-23", "2026-11-24"),
    "last_week": ("2026-11-16", "2026-11-22"),
    "this_month": ("2026-11-01", "2026-11-24"),
    "last_month": ("2026-10-01", "2026-10-31"),
    "last_12_weeks": ("2026-09-02", "2026-11-24"),
}


def tools(*children: str) -> list[dict[str, Any]]:
    child, period = {"type": "string", "enum": list(children)}, {"type": "string", "enum": list(PERIODS)}
    wanted = {
        "get_progress": {"child": child, "period": period},
        "get_topics": {"child": child},
        "get_tests": {"child": child, "period": period},
        "get_next_steps": {"child": child},
    }
    return [
        {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": properties}}}
        for name, properties in wanted.items()
    ]


def result(name: str, child: str, period: str = "last_12_weeks") -> dict[str, Any]:
    """What the product's tools would answer; figures differ from period to period."""
    minutes = 135 if period == "this_week" else 200
    first, last = DAYS[period]
    about = {"child": f"⟦{child}⟧", "period": {"name": period, "first_day": first, "last_day": last}}
    match name:
        case "get_progress":
            return about | {
                "verdict": "on_track",
                "study_minutes": minutes,
                "study_minutes_before": 100,
                "active_days": 4,
                "active_days_before": 3,
                "days_in_period": 7,
                "lessons_done": 3,
                "lessons_done_before": 2,
                "tests_taken": 2,
                "average_percent": 87.5,
                "streak_weeks": 5,
                "overdue": 1,
                "awards": [],
                "courses": [],
            }
        case "get_tests":
            test = {"title": "Prompt", "topic": None, "score": 17, "max_score": 20, "percent": 85.0, "day": first}
            return about | {"tests": [test], "average_percent": 85.0, "average_percent_before": None, "due": []}
        case "get_topics":
            strongest = {"title": "Rasm", "percent": 92.0, "results": 4}
            weakest = {"title": "Fakt", "percent": 55.0, "results": 3}
            return about | {"strongest": strongest, "weakest": weakest, "topics": [strongest, weakest]}
        case _:
            course = {"title": "AI", "status": "active", "lessons_done": 12, "lessons_required": 40}
            ahead = {"next_lessons": ["One", "Two"], "forecast": {"first_month": "2027-01", "last_month": "2027-03"}}
            due = [{"title": "Final", "due_on": "2026-11-28"}]
            return {"child": f"⟦{child}⟧", "courses": [course | ahead], "due": due, "overdue": 0}


class Talk:
    """A parent's conversation; `calls` are the tools that the last question needed."""

    def __init__(self, stand_in: OpenAIStandIn, *children: str, usual_language: str = "uz") -> None:
        self._stand_in = stand_in
        self._tools = tools(*children) if children else []
        self._messages: list[dict[str, Any]] = [
            {"role": "system", "content": f"The parent's usual language is {usual_language}: use it."}
        ]
        self.calls: list[tuple[str, dict[str, str]]] = []

    async def ask(self, text: str, **failing: Any) -> str:
        self._messages.append({"role": "user", "content": text})
        self.calls = []
        while True:
            message = await self._round()
            self._messages.append(message)
            if not message.get("tool_calls"):
                return str(message["content"])
            assert len(message["tool_calls"]) <= 2
            self._messages += [self._answered(call, failing) for call in message["tool_calls"]]

    async def _round(self) -> dict[str, Any]:
        body = {"model": "gpt-6-luna", "reasoning_effort": "none", "messages": self._messages, "tools": self._tools}
        status, answer = await self._stand_in.chat(body)
        assert status == 200, answer
        message: dict[str, Any] = answer["choices"][0]["message"]
        return message

    def _answered(self, call: dict[str, Any], failing: dict[str, Any]) -> dict[str, Any]:
        name, arguments = call["function"]["name"], json.loads(call["function"]["arguments"])
        self.calls.append((name, arguments))
        content = failing or result(name, **arguments)
        return {"role": "tool", "tool_call_id": call["id"], "content": json.dumps(content, ensure_ascii=False)}


async def test_a_talk_in_english(openai_stand_in: OpenAIStandIn) -> None:
    talk = Talk(openai_stand_in, "C1")

    week = await talk.ask("How did the week go?")
    assert [arguments["period"] for _, arguments in talk.calls] == ["this_week", "last_week"]
    assert "⟦C1⟧, this week so far" in week
    assert "(16–22 November)" in week
    assert "**2 h 15 min**" in week
    assert "**3 h 20 min**" in week
    assert "Active days: 4 of 7. Lessons finished: 3. Tests: 2, average result 87.5%." in week
    assert "Overdue tasks: 1. The pace is good." in week

    before = await talk.ask("and the week before?")
    assert talk.calls == [("get_progress", {"child": "C1", "period": "last_week"})]
    assert "The period before that: study time 1 h 40 min, active days 3, lessons finished 2." in before

    tests = await talk.ask("What about the tests last month?")
    assert talk.calls == [("get_tests", {"child": "C1", "period": "last_month"})]
    assert "• Prompt: 17 of 20 points (85%), 1 October" in tests

    topics = await talk.ask("Which topic is hard?")
    assert "Needs attention: Fakt, 55% (results: 3)." in topics
    assert "Strongest topic: Rasm, 92% (results: 4)." in topics

    ahead = await talk.ask("What comes next?")
    assert "Course “AI”: 12 of 40 lessons done." in ahead
    assert "Next lessons: One; Two." in ahead
    assert "January 2027 – March 2027" in ahead
    assert "Final, due 28 November" in ahead


async def test_a_talk_in_russian(openai_stand_in: OpenAIStandIn) -> None:
    talk = Talk(openai_stand_in, "C1")

    week = await talk.ask("Как прошла эта неделя?")
    assert talk.calls == [("get_progress", {"child": "C1", "period": "this_week"})]
    assert "⟦C1⟧, эта неделя на сегодня** (23–24 ноября)" in week
    assert "Время занятий: **2 ч 15 мин**, за период до этого 1 ч 40 мин." in week
    assert "Тестов: 2, средний результат 87,5%." in week

    tests = await talk.ask("а что с тестами?")
    assert talk.calls == [("get_tests", {"child": "C1", "period": "this_week"})]
    assert "17 из 20 баллов (85%), 23 ноября" in tests

    assert "Стоит уделить внимание: Fakt, 55%" in await talk.ask("Какая тема даётся сложнее всего?")
    assert "январь 2027 – март 2027" in await talk.ask("Когда закончится курс?")


@pytest.mark.parametrize("apostrophe", "'ʻ’‘`ʼ")
async def test_a_talk_in_uzbek_with_any_apostrophe(openai_stand_in: OpenAIStandIn, apostrophe: str) -> None:
    talk = Talk(openai_stand_in, "C1", usual_language="ru")

    week = await talk.ask(f"O{apostrophe}tgan hafta farzandim qanday o{apostrophe}qidi?")
    assert talk.calls == [("get_progress", {"child": "C1", "period": "last_week"})]
    assert "⟦C1⟧, oʻtgan hafta** (16–22-noyabr)" in week
    assert "Oʻqish vaqti: **3 soat 20 daqiqa**" in week
    assert "Testlar: 2 ta, oʻrtacha natija 87,5%." in week

    assert "20 balldan 17 ball (85%), 16-noyabr" in await talk.ask("testlar-chi?")
    assert "Eʼtibor berish kerak: Fakt, 55%" in await talk.ask("qaysi mavzu qiyin?")
    assert "40 ta darsdan 12 tasi" in await talk.ask("keyin nima boʻladi?")


async def test_two_children_are_told_of_one_by_one(openai_stand_in: OpenAIStandIn) -> None:
    talk = Talk(openai_stand_in, "C1", "C2")

    both = await talk.ask("How was last week?")
    assert [arguments["child"] for _, arguments in talk.calls] == ["C1", "C2"]
    assert both.index("⟦C1⟧") < both.index("⟦C2⟧")

    one = await talk.ask("How did ⟦C2:gen⟧ do in the tests?")
    assert {arguments["child"] for _, arguments in talk.calls} == {"C2"}
    assert "⟦C1⟧" not in one

    await talk.ask("And what is hard?")
    assert talk.calls == [("get_topics", {"child": "C2"})]


async def test_with_many_children_it_asks_which(openai_stand_in: OpenAIStandIn) -> None:
    talk = Talk(openai_stand_in, "C1", "C2", "C3", usual_language="en")

    assert await talk.ask("How was last week?") == "Which child do you mean: ⟦C1⟧, ⟦C2⟧ or ⟦C3⟧?"
    assert talk.calls == []

    assert "⟦C3⟧, last week" in await talk.ask("⟦C3⟧")
    assert talk.calls == [("get_progress", {"child": "C3", "period": "last_week"})]


@pytest.mark.parametrize(
    ("question", "beginning"),
    [
        ("Salom!", "Assalomu alaykum!"),
        ("Добрый вечер", "Здравствуйте!"),
        ("Hello there", "Hello!"),
        ("Rahmat", "Arzimaydi!"),
        ("Спасибо большое", "Пожалуйста!"),
        ("Thank you", "You are welcome!"),
        ("Какая сегодня погода?", "Я помогаю с учёбой"),
        ("Tell me a joke", "I help with your child's learning"),
        ("Кто лучше всех в классе?", "Я могу говорить только о ваших детях"),
        ("How do the other children do?", "I can speak only about your own children"),
        ("Sinfdoshlari qanday oʻqiyapti?", "Men faqat oʻz farzandlaringiz"),
    ],
)
async def test_what_needs_no_data_is_answered_at_once(
    openai_stand_in: OpenAIStandIn, question: str, beginning: str
) -> None:
    talk = Talk(openai_stand_in, "C1")

    assert (await talk.ask(question)).startswith(beginning)
    assert talk.calls == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("not_covered", "subscription does not cover"),
        ("unknown_child", "do not see a child of that name"),
        ("unavailable", "cannot see the data"),
        ("bad_arguments", "cannot see the data"),
    ],
)
async def test_a_tool_that_fails_leads_to_a_kind_sentence(
    openai_stand_in: OpenAIStandIn, error: str, said: str
) -> None:
    answer = await Talk(openai_stand_in, "C1").ask("How was last week?", error=error, message="No.")

    assert said in answer
    assert not any(character.isdigit() for character in answer.replace("⟦C1⟧", ""))


async def test_what_a_tool_does_not_know_is_left_out(openai_stand_in: OpenAIStandIn) -> None:
    first, last = DAYS["last_week"]
    bare = {
        "child": "⟦C1⟧",
        "period": {"name": "last_week", "first_day": first, "last_day": last},
        **dict.fromkeys(("study_minutes", "study_minutes_before", "active_days", "average_percent", "overdue")),
        "lessons_done": 1,
        "tests_taken": 0,
    }

    answer = await Talk(openai_stand_in, "C1").ask("How was last week?", **bare)

    assert answer == "**⟦C1⟧, last week** (16–22 November). Lessons finished: 1."


async def test_without_tools_it_invents_nothing(openai_stand_in: OpenAIStandIn) -> None:
    answer = await Talk(openai_stand_in).ask("How did the week go?")

    assert "no child's data" in answer


async def test_the_same_question_gets_the_same_answer(openai_stand_in: OpenAIStandIn) -> None:
    question = "Как прошла неделя?"

    assert await Talk(openai_stand_in, "C1").ask(question) == await Talk(openai_stand_in, "C1").ask(question)
