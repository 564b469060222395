"""The model is down, withheld or over its budget: a parent reads the figures asked for, and names are in place."""

from __future__ import annotations

import re
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from mentorium_ai_client import UserMessage
from mentorium_core.mentor.conversation import Conversation
from mentorium_core.mentor.model import AnswerPiece, Done, Reset
from mentorium_core.mentor.rules import reply_language
from mentorium_core.mentor.without_model import with_or_without_model
from mentorium_core.model_budget.budgeted_model import BudgetedModel, Bulkhead, SwitchedOffModel
from mentorium_core.model_budget.circuit_breaker import CircuitBreaker
from mentorium_core.model_budget.model import Limits
from mentorium_core.model_budget.ports import StreamingModel
from mentorium_core.model_budget.prices import price_of
from mentorium_core.progress.model import LearnerFacts
from mentorium_domain.enums import ModelPurpose
from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability.metrics import ai_fallbacks
from tests.integration.core.mentor.test_answers import Talk, rows, talk
from tests.questions.run import load_questions
from tests.questions.world import toolbox

__all__ = ["talk"]
WIDE = Limits.of(200_000, Decimal(1), Decimal(50))
MOST_OF_SIXTY = 40
AWAY = "does not answer right now"


def within_budget(talk: Talk, limits: Limits = WIDE, breaker: CircuitBreaker | None = None) -> Nursery:
    """From now on the mentor's model has a budget; where its calls are settled."""
    nursery = Nursery(lambda name, error: pytest.fail(f"{name}: {error!r}"))
    model = BudgetedModel(
        cast("StreamingModel", talk.mentor.model),
        price_of("gpt-6-luna"),
        ModelPurpose.CHAT,
        limits,
        Bulkhead.of(8),
        nursery,
        breaker or CircuitBreaker(),
    )
    talk.mentor = replace(talk.mentor, model=model)
    return nursery


async def test_whatever_becomes_of_the_service_the_figures_asked_for_are_told(talk: Talk) -> None:
    await talk.openai.fault("status_500")
    answer = await talk.say("How was Aziza's last week?")
    assert "Aziza" in answer
    assert "Study time" in answer
    assert AWAY in answer
    assert "Jasur" not in answer
    assert "⟦" not in answer
    assert await rows("SELECT status, tokens_used FROM dialogs") == [("answered", 0)]


async def test_in_the_language_of_the_question_and_about_what_was_asked(talk: Talk) -> None:
    await talk.openai.fault("status_500")
    for question, told in (
        ("Aziza oʻtgan hafta qaysi testlarni topshirdi?", ("Topshirilgan testlar", "Sunʼiy intellekt xizmati hozir")),
        ("Какие тесты сдал Жасур на прошлой неделе?", ("Пройдено тестов", "Сервис искусственного интеллекта сейчас")),
    ):
        answer = await talk.say(question)
        assert all(part in answer for part in told), answer
        assert "Study time" not in answer


async def test_an_answer_that_breaks_off_half_way_is_taken_back_and_told_from_the_data(talk: Talk) -> None:
    await talk.openai.fault("stream_cut")
    events = await talk.events(await talk.ask("How was Aziza's last week?"))
    assert isinstance(events[-1], Done)
    last = max((index for index, event in enumerate(events) if isinstance(event, Reset)), default=-1)
    assert [event.text for event in events[last + 1 :] if isinstance(event, AnswerPiece)] == [events[-1].text]
    assert AWAY in events[-1].text


async def test_over_the_days_budget_the_answer_says_so_and_the_service_is_not_asked(talk: Talk) -> None:
    within_budget(talk, replace(WIDE, parent_tokens=100))
    answer = await talk.say("How was Aziza's last week?")
    assert "Study time" in answer
    assert "will be back tomorrow" in answer
    assert await talk.requests() == []


async def test_everybodys_budget_is_no_parents_fault(talk: Talk) -> None:
    within_budget(talk, replace(WIDE, micro_usd=0))
    assert AWAY in await talk.say("How was Aziza's last week?")
    assert await talk.requests() == []


async def test_an_hour_without_the_service_and_it_comes_back_by_itself(talk: Talk) -> None:
    """A question every minute: each is answered from the data, and the first after the service is back by the model."""
    now = [0.0]
    nursery = within_budget(talk, breaker=CircuitBreaker(now=lambda: now[0]))
    await talk.openai.fault("status_500")
    for minute in range(60):
        if minute in (0, 1, 2, 3, 30, 59):  # an answer from the data costs our databases, not the test's time
            assert AWAY in await talk.say("How was Aziza's last week?")
        now[0] += 60
    await talk.openai.heal()
    answer = await talk.say("How was Aziza's last week?")
    assert "Aziza" in answer
    assert AWAY not in answer
    assert await nursery.drain(5) == 0
    assert await rows("SELECT reserved_tokens, micro_usd > 0 FROM ai_parent_usage") == [(0, True)]


async def test_a_model_that_is_switched_off_promises_no_later(talk: Talk) -> None:
    talk.mentor = replace(talk.mentor, model=SwitchedOffModel())
    answer = await talk.say("How was Aziza's last week?")
    assert "without an AI service" in answer
    assert "later" not in answer


async def test_who_says_thanks_while_the_model_is_away_reads_no_figures(talk: Talk) -> None:
    talk.mentor = replace(talk.mentor, model=SwitchedOffModel())
    for words, answer in (("👍", "Arzimaydi!"), ("Спасибо за поддержку", "Всегда пожалуйста!")):
        assert (await talk.say(words)).startswith(answer)


async def test_where_the_data_cannot_be_read_either_the_error_comes_through(talk: Talk) -> None:
    async def unreadable(*_: object) -> dict[int, LearnerFacts]:
        raise UnavailableError("platform_db_unavailable")

    talk.mentor = replace(talk.mentor, read_facts=unreadable, model=SwitchedOffModel())
    with pytest.raises(UnavailableError) as failed:
        await talk.say("How was Aziza's last week?")
    assert failed.value.code == "ai_switched_off"


async def test_each_answer_without_the_model_is_counted_by_why(talk: Talk) -> None:
    counted = ai_fallbacks.labels(reason="ai_switched_off")
    before = counted._value.get()
    talk.mentor = replace(talk.mentor, model=SwitchedOffModel())
    await talk.say("How was Aziza's last week?")
    assert counted._value.get() == before + 1


async def test_most_of_what_parents_ask_has_a_good_answer_without_any_model() -> None:
    """The sixty questions, each by itself, by the measure that a model's answers are held to."""
    good = 0
    for question in load_questions():
        box = toolbox(reply_language(question.ask, question.language))
        asked = UserMessage(box.tokens.hide(question.ask))
        conversation = Conversation(SwitchedOffModel(), box, [asked], user_id=1)
        async with aclosing(with_or_without_model(conversation)) as events:
            _ = [event async for event in events]
        assert conversation.shown
        assert "⟦" not in conversation.shown
        good += all(re.search(must, conversation.shown, re.IGNORECASE) for must in question.must) and not any(
            re.search(must_not, conversation.shown, re.IGNORECASE) for must_not in question.must_not
        )
    assert good >= MOST_OF_SIXTY
