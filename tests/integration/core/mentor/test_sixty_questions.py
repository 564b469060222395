"""What parents ask has a good answer: through the product's own conversation and tools, from the scripted mentor."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from mentorium_ai_client import Finished, StreamEvent, TextDelta
from mentorium_ai_client.events import Usage
from mentorium_domain.enums import Language
from tests.questions.run import ParentQuestion, load_questions, run_questions, table
from tests.questions.scripted import ScriptedMentor


class _Parrot:
    """Answers everything alike."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def stream(self, *_: Any, **__: Any) -> AsyncGenerator[StreamEvent, None]:
        yield TextDelta(self._text)
        yield Finished("stop", "parrot", Usage(1, 1))


def test_twenty_questions_a_language_each_with_a_measure() -> None:
    questions = load_questions()
    assert Counter(question.language for question in questions) == dict.fromkeys(Language, 20)
    assert len({question.ask for question in questions}) == 60
    assert all(len(question.must) > 1 for question in questions), "more than the language alone"


@pytest.mark.parametrize("question", load_questions(), ids=lambda question: question.key)
async def test_the_scripted_mentor_answers_well(question: ParentQuestion) -> None:
    """parents A6, A10, A15, A21, C, G1-G3"""
    (outcome,) = await run_questions(ScriptedMentor(), [question])
    assert outcome.good, f"{table([outcome])}\n{outcome.answer}"


@pytest.mark.parametrize(
    "text", ["All is fine.", "Всё идёт по плану.", "Hammasi yaxshi.", "", "См. https://a.uz 12 34"]
)
async def test_an_answer_that_says_nothing_is_bad(text: str) -> None:
    outcomes = await run_questions(_Parrot(text))
    assert not any(outcome.good for outcome in outcomes)
    assert "0 of 60 answers are good" in table(outcomes)
