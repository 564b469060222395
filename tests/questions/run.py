"""Asking the sixty questions of a model, through the product's own conversation, and judging the answers.

`python -m tests.questions.run` asks the scripted mentor and prints a table; with `--live` it asks the real model of
`BOT_OPENAI_API_KEY` (`BOT_OPENAI_MODEL`, `BOT_OPENAI_BASE_URL`), which costs about 120 requests. A good answer of a
real model may miss an expression by its wording: what is bad by the table is to be read.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mentorium_ai_client import AssistantMessage, MentoriumAIClient, Message, UserMessage
from mentorium_ai_client.client import DEFAULT_MODEL
from mentorium_core.mentor.conversation import Conversation
from mentorium_core.mentor.model import Became
from mentorium_core.mentor.ports import ModelPort
from mentorium_core.mentor.rules import names_a_stranger, reply_language
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
    """`lacks` and `holds`: the expressions that the answer should have matched, and those it should not have.

    `became`: whether the model's words were shown; `breaches`: why they were not.
    """

    question: ParentQuestion
    answer: str
    lacks: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    became: Became = Became.CLEAN
    breaches: tuple[str, ...] = ()

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
        if one.became is not Became.CLEAN:
            wrong.append(f"{one.became.value}: {', '.join(one.breaches)}")
        lines.append(
            f"{one.question.key:6} {'good' if one.good else 'BAD ':4} {one.question.ask[:70]:70} {'; '.join(wrong)}"
        )
    good = sum(one.good for one in outcomes)
    return "\n".join([*lines, f"{good} of {len(outcomes)} answers are good"])


async def _outcome(model: ModelPort, question: ParentQuestion) -> Outcome:
    said: list[Message] = []
    conversation: Conversation | None = None
    for text in (*question.said, question.ask):
        box = toolbox(reply_language(text, question.language))
        asked = box.tokens.hide(text)
        box = replace(box, stranger_named=names_a_stranger(asked, box.covered))
        conversation = Conversation(model, box, [*said, UserMessage(asked)], user_id=_USER_ID)
        try:
            async for _ in conversation.events():
                pass
        except UnavailableError as error:
            return Outcome(question, "", (f"no answer: {error.code}",))
        said += [UserMessage(asked), AssistantMessage(box.tokens.hide(conversation.shown))]
    if conversation is None:
        raise ValueError("no question is asked")
    plain = _plain(conversation.shown)
    lacks = tuple(expression for expression in question.must if not re.search(expression, plain, re.IGNORECASE))
    holds = tuple(expression for expression in question.must_not if re.search(expression, plain, re.IGNORECASE))
    return Outcome(question, conversation.shown, lacks, holds, conversation.became, conversation.breaches)


def _plain(answer: str) -> str:
    return re.sub(r"[*_]{2}", "", answer).replace("\u00a0", " ").replace("\u202f", " ")


async def run_live() -> list[Outcome]:
    """The sixty questions, asked of the model that the environment names. KeyError without a key."""
    client = MentoriumAIClient(
        os.environ["BOT_OPENAI_API_KEY"],
        base_url=os.environ.get("BOT_OPENAI_BASE_URL") or None,
        model=os.environ.get("BOT_OPENAI_MODEL") or DEFAULT_MODEL,
    )
    try:
        return await run_questions(client)
    finally:
        await client.aclose()


async def run_scripted() -> list[Outcome]:
    return await run_questions(ScriptedMentor())


def main(arguments: Sequence[str]) -> int:
    """Prints answers and table; 1 where an answer is bad, 2 where there is no key."""
    is_live = "--live" in arguments
    if is_live and not os.environ.get("BOT_OPENAI_API_KEY"):
        print("BOT_OPENAI_API_KEY is not set: there is no real model to ask.")
        return 2
    outcomes = asyncio.run(run_live() if is_live else run_scripted())
    for outcome in outcomes:
        print(f"--- {outcome.question.key}: {outcome.question.ask}\n{outcome.answer}\n")
    print(table(outcomes))
    return 0 if all(outcome.good for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
