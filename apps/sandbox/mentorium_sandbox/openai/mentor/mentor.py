"""One request of Chat Completions in, one reply out: tool calls while something is missing, then the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mentorium_sandbox.openai.mentor.answer_text import tell
from mentorium_sandbox.openai.mentor.formats import Result
from mentorium_sandbox.openai.mentor.phrases import Phrases
from mentorium_sandbox.openai.mentor.phrases_en import EN
from mentorium_sandbox.openai.mentor.phrases_ru import RU
from mentorium_sandbox.openai.mentor.phrases_uz import UZ
from mentorium_sandbox.openai.mentor.question_parser import Question, understand
from mentorium_sandbox.openai.mentor.subjects import OF_TOOLS, Subject
from mentorium_sandbox.openai.mentor.tool_plan import children_known, is_of_a_child, plan
from mentorium_sandbox.openai.scripted_reply import ToolCall

_CALLS_AT_ONCE = 2
_MOST_CHILDREN_AT_ONCE = 2
_TODAY = re.compile(r"Today is (\d{4}-\d\d-\d\d)\b")
_USUAL_LANGUAGE = re.compile(r"language is (uz|ru|en)\b")
_WORDS: Mapping[str, Phrases] = {"en": EN, "ru": RU, "uz": UZ}
_SAME_WORDS = {Subject.RULES: Subject.OFF_TOPIC, Subject.YES: Subject.GREETING}

Messages = Sequence[Mapping[str, Any]]


def answer(messages: Messages, tools: Sequence[Mapping[str, Any]]) -> str | tuple[ToolCall, ...]:
    """The text to say, or the tools to call first."""
    question = understand([text_of(m) for m in messages if m["role"] == "user"], _usual_language(messages))
    if (today := _today(messages)) is not None:
        question = question.seen_from(today)
    words = _WORDS[question.language]
    known = children_known(tools)
    if question.subject not in OF_TOOLS:
        return _without_data(question.subject, known, words)
    children = question.children or known
    if is_of_a_child(question) and len(children) > _MOST_CHILDREN_AT_ONCE:
        return words.which_child.format(names=_named(children, words))
    results = _results(messages)
    missing = plan(question, children, tools)[len(results) :]
    if missing:
        return missing[:_CALLS_AT_ONCE]
    if known and results and all(result.get("error") == "unknown_child" for _, result in results):
        return _without_data(Subject.UNKNOWN_CHILD, known, words)
    return tell(question, results, words) if results else _nothing_to_tell(question, words)


def text_of(message: Mapping[str, Any]) -> str:
    """A message's text, whether it is a string or a list of parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return " ".join(str(part.get("text") or "") for part in content if isinstance(part, Mapping))


def _without_data(subject: Subject, known: Sequence[str], words: Phrases) -> str:
    if subject is Subject.UNKNOWN_CHILD:
        return words.unknown_child.format(names=_named(known, words)) if known else words.no_data_here
    return str(getattr(words, _SAME_WORDS.get(subject, subject)))


def _nothing_to_tell(question: Question, words: Phrases) -> str:
    match question.subject:
        case Subject.REFUND:
            return words.refund
        case Subject.PRICES:
            return words.buy
        case Subject.EXPLAINED:
            return words.not_explained
        case _:
            return words.no_data_here


def _named(children: Sequence[str], words: Phrases) -> str:
    """`⟦C1⟧, ⟦C2⟧ or ⟦C3⟧`."""
    names = [f"⟦{child}⟧" for child in children]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {words.either} {names[-1]}"


def _usual_language(messages: Messages) -> str:
    found = _USUAL_LANGUAGE.search(_told(messages))
    return found[1] if found else "uz"


def _today(messages: Messages) -> date | None:
    found = _TODAY.search(_told(messages))
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _told(messages: Messages) -> str:
    """What the product says of itself."""
    return " ".join(text_of(message) for message in messages if message["role"] in ("system", "developer"))


def _results(messages: Messages) -> list[tuple[str, Result]]:
    """What the tools have answered since the last question, by the tool's name."""
    last_question = max((index for index, m in enumerate(messages) if m["role"] == "user"), default=0)
    turn = messages[last_question:]
    names = {call["id"]: call["function"]["name"] for message in turn for call in message.get("tool_calls") or ()}
    return [(names[m["tool_call_id"]], _parsed(text_of(m))) for m in turn if m["role"] == "tool"]


def _parsed(content: str) -> Result:
    try:
        result = json.loads(content)
    except ValueError:
        return {"error": "not JSON"}
    return result if isinstance(result, dict) else {"error": "not an object"}
