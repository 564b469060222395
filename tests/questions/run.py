"""Asking the sixty questions of a model, through the product's own conversation, and judging the answers.

`python -m tests.questions.run` asks the scripted mentor and prints a table; whoever has a real model hands it to
`run_questions`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mentorium_ai_client import AssistantMessage, Message, UserMessage
from mentorium_core.mentor.conversation import Conversation
from mentorium_core.mentor.ports import ModelPort
from mentorium_core.mentor.rules import reply_language
from mentorium_domain.enums import Language
from mentorium_kit.errors import UnavailableError
from tests.questions.scripted import ScriptedMentor
from tests.questions.world import toolbox

_QUESTIONS: Final = Path(__file__).with_name("questions.json")
_USER_ID: Final = 1


@dataclass(frozen=True, slots=True)
class ParentQuestion:
    """`said`: what the parent asked before it. Regular expressions: each of `must`, none of `must_not`."""

    key: str
    language: Language
    ask: str
    must: tuple[str, ...]
    must_not: tuple[str, ...]
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`lacks` and `holds`: the expressions that the answer should have matched, and those it should not have."""

    question: ParentQuestion
    answer: str
    lacks: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        return bool(self.answer) and not self.lacks and not self.holds


def load_questions() -> tuple[ParentQuestion, ...]:
    data = json.loads(_QUESTIONS.read_text(encoding="utf-8"))
    anywhere = tuple(data["must_not_anywhere"])
    return tuple(
        ParentQuestion(
            f"{language}-{number}",
            Language(language),
            one["ask"],
            (*data["must_in"][language], *one["must"]),
            (*anywhere, *one.get("must_not", ())),
            tuple(one.get("said", ())),
        )
        for language, asked in data["questions"].items()
        for number, one in enumerate(asked, 1)
    )


async def run_questions(model: ModelPort, questions: Sequence[ParentQuestion] | None = None) -> list[Outcome]:
    """One after another, each in a conversation of its own."""
    return [await _outcome(model, question) for question in questions or load_questions()]


def table(outcomes: Sequence[Outcome]) -> str:
    """A line a question, and what is wrong with its answer."""
    lines = []
    for one in outcomes:
        wrong = [f"lacks /{expression}/" for expression in one.lacks] + [f"holds /{found}/" for found in one.holds]
        lines.append(
            f"{one.question.key:6} {'good' if one.good else 'BAD ':4} {one.question.ask[:70]:70} {'; '.join(wrong)}"
        )
    good = sum(one.good for one in outcomes)
    return "\n".join([*lines, f"{good} of {len(outcomes)} answers are good"])


async def _outcome(model: ModelPort, question: ParentQuestion) -> Outcome:
    said: list[Message] = []
    answer = ""
    for text in (*question.said, question.ask):
        box = toolbox(reply_language(text, question.language))
        asked = box.tokens.hide(text)
        conversation = Conversation(model, box, [*said, UserMessage(asked)], user_id=_USER_ID)
        try:
            async for _ in conversation.events():
                pass
        except UnavailableError as error:
            return Outcome(question, "", (f"no answer: {error.code}",))
        answer = conversation.shown
        said += [UserMessage(asked), AssistantMessage(box.tokens.hide(answer))]
    plain = _plain(answer)
    lacks = tuple(expression for expression in question.must if not re.search(expression, plain, re.IGNORECASE))
    holds = tuple(expression for expression in question.must_not if re.search(expression, plain, re.IGNORECASE))
    return Outcome(question, answer, lacks, holds)


def _plain(answer: str) -> str:
    return re.sub(r"[*_]{2}", "", answer).replace("\u00a0", " ").replace("\u202f", " ")


if __name__ == "__main__":
    outcomes = asyncio.run(run_questions(ScriptedMentor()))
    for outcome in outcomes:
        print(f"--- {outcome.question.key}: {outcome.question.ask}\n{outcome.answer}\n")
    print(table(outcomes))
