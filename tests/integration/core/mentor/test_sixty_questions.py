"""What parents ask has a good answer: through the product's own conversation and tools, from the scripted mentor."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from mentorium_ai_client import Finished, StreamEvent, TextDelta
from mentorium_ai_client.events import Usage
from mentorium_core.i18n import t
from mentorium_core.mentor.model import Became
from mentorium_domain.enums import Language
from tests.questions.run import Outcome, ParentQuestion, load_questions, run_questions, table
from tests.questions.scripted import ScriptedMentor
from tests.questions.spoken import Speaker, load_answers


class _Parrot:
    """Answers everything alike."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def stream(self, *_: Any, **__: Any) -> AsyncGenerator[StreamEvent, None]:
        yield TextDelta(self._text)
        yield Finished("stop", "parrot", Usage(1, 1))


def _is_from_data(outcome: Outcome) -> bool:
    """The guard let nothing of the model's through: in another language, or with figures of nobody's."""
    return t(outcome.question.language, "told-intro") in outcome.answer


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
    assert outcome.became is Became.CLEAN


@pytest.mark.parametrize(("key", "text"), load_answers().items(), ids=load_answers())
async def test_a_good_answer_in_other_words_is_good_and_is_let_through(key: str, text: str) -> None:
    """What a language model may say: the measure knows it for good, and the guard shows it as it stands."""
    (question,) = [one for one in load_questions() if one.key == key]
    (outcome,) = await run_questions(Speaker(text), [question])
    assert outcome.good, f"{table([outcome])}\n{outcome.answer}"
    assert outcome.became is Became.CLEAN, "its own words, not the tools'"


@pytest.mark.parametrize("text", ["All is fine.", "Всё идёт по плану.", "Hammasi yaxshi.", "", "См. https://a.uz"])
async def test_an_answer_that_says_nothing_is_bad(text: str) -> None:
    said = [outcome for outcome in await run_questions(_Parrot(text)) if not _is_from_data(outcome)]
    assert said
    assert not any(outcome.good for outcome in said)
    assert f"0 of {len(said)} answers are good" in table(said)
