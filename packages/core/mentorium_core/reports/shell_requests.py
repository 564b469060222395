"""What a model is asked for the words of a report, and how its answer is read: plain data, no name, no figure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mentorium_ai_client import JsonSchema, Message, SystemMessage, UserMessage
from mentorium_ai_client.prompts import REPORT_PROMPT_VERSION, REPORT_SYSTEM_PROMPT
from mentorium_core.guard.model import Breach, GuardVerdict
from mentorium_core.guard.rules import check_shell, join_shell, split_shell
from mentorium_core.i18n import fold_apostrophes
from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.sentences import Section
from mentorium_core.reports.worded import WordingPlan
from mentorium_domain.enums import Language

_TOKEN: Final = re.compile(r"\[\[\s?S(\d{1,2})\s?\]\]")
_PARAGRAPH: Final = "\n\n"
_UNSEEN: Final = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

Asked = Mapping[str, Any]
Sections = Mapping[Section, str]


def what_is_told(document: ReportDocument, plan: WordingPlan, language: Language) -> dict[str, Any]:
    """All that a model hears of a report: the same for all reports that are alike."""
    tokens = [f"[[S{number}]] {one.gloss}" for number, one in enumerate(plan.sentences, 1)]
    parts = {
        section.value: [token for token, one in zip(tokens, plan.sentences, strict=True) if one.section is section]
        for section in Section
    }
    return {
        "language": language.value,
        "tone": document.tone.value,
        "period": document.period.kind.value,
        "variant": document.wording.value,
        "longest": plan.room,
        "parts": parts,
    }


def cache_key(told: Asked, model: str) -> str:
    """Of facts (as far as a model hears of them), language, tone, prompt version and model."""
    asked = json.dumps([REPORT_PROMPT_VERSION, model, told], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


def messages_for(told: Asked) -> list[Message]:
    return [SystemMessage(REPORT_SYSTEM_PROMPT), UserMessage(json.dumps(told, ensure_ascii=False))]


def schema_of(names: Sequence[str]) -> JsonSchema:
    properties = {name: {"type": "string"} for name in names}
    return JsonSchema(
        "report_words",
        {"type": "object", "properties": properties, "required": list(names), "additionalProperties": False},
    )


def read_strings(answer: str, names: Sequence[str]) -> dict[str, str] | None:
    """The strings of these names; None where the answer is not what was asked for."""
    try:
        said = json.loads(answer)
    except ValueError:
        return None
    if not isinstance(said, dict) or not all(isinstance(said.get(name), str) for name in names):
        return None
    return {name: _tidied(said[name]) for name in names}


def shell_of(parts: Mapping[str, str]) -> str:
    """The four parts as one text; an empty one leaves no gap."""
    return _PARAGRAPH.join(parts[section.value] for section in Section if parts[section.value])


def within(shell: str, room: int) -> str:
    """The shell with no more free words than there is room for: the last ones go first, whole piece by whole piece."""
    free = list(split_shell(shell))
    for number in range(len(free) - 1, 0, -1):
        if sum(map(len, free)) <= room:
            break
        free[number] = _PARAGRAPH if _PARAGRAPH in free[number] else ""
    return join_shell(free).strip()


def judge(shell: str, plan: WordingPlan, language: Language) -> tuple[str, GuardVerdict]:
    """What is left of the shell where it is too long, and what the guard says of that."""
    verdict = check_shell(shell, len(plan.sentences), language, longest=plan.room)
    if Breach.TOO_LONG in verdict.breaches and verdict.tokens_hold:
        shell = within(shell, plan.room)
        verdict = check_shell(shell, len(plan.sentences), language, longest=plan.room)
    return shell, verdict


def to_ask_again(
    told: Asked, parts: Mapping[str, str], shell: str, plan: WordingPlan, verdict: GuardVerdict
) -> tuple[dict[str, Any], list[str]]:
    """The request for what is wrong alone, and the names of what it asks for: free words between two tokens
    (`words0`…), or, where tokens are wrong, the parts that hold them.
    """
    if not verdict.tokens_hold:
        names = _parts_with_wrong_tokens(parts, plan) or [section.value for section in Section]
        wanted = {name: {"was": parts[name], "wrong": ["tokens"]} for name in names}
        return {**told, "rewrite": wanted}, names
    free = split_shell(shell)
    numbers = verdict.parts or (max(range(len(free)), key=lambda number: len(free[number])),)
    rewrite = {f"words{number}": {"was": free[number].strip(), "wrong": _kinds(verdict, number)} for number in numbers}
    asked = {name: told[name] for name in ("language", "tone", "period")}
    return {**asked, "longest": max(map(len, free)), "rewrite": rewrite}, list(rewrite)


def mended(parts: Mapping[str, str], shell: str, said: Mapping[str, str]) -> str:
    """The shell with what was asked for again in its place; what was around it stays."""
    if all(name in parts for name in said):
        return shell_of({**parts, **said})
    free = list(split_shell(shell))
    for name, words in said.items():
        number = int(name.removeprefix("words"))
        gap = _PARAGRAPH if _PARAGRAPH in free[number] else "\n"
        free[number] = gap + words
    return join_shell(free).strip()


def _kinds(verdict: GuardVerdict, part: int) -> list[str]:
    found = [one.breach for one in verdict.violations if one.part == part] or [Breach.TOO_LONG]
    return [breach.value for breach in dict.fromkeys(found)]


def _parts_with_wrong_tokens(parts: Mapping[str, str], plan: WordingPlan) -> list[str]:
    wrong = []
    for section in Section:
        wanted = [number for number, one in enumerate(plan.sentences, 1) if one.section is section]
        if [int(number) for number in _TOKEN.findall(parts[section.value])] != wanted:
            wrong.append(section.value)
    return wrong


def _tidied(words: str) -> str:
    """One space between words, nothing that is not seen, and one form of every Uzbek apostrophe."""
    return fold_apostrophes(" ".join(_UNSEEN.sub("", words).split()))
