"""What a question is about, by its words: which tools answer it where no language model is there to choose them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from mentorium_ai_client import ToolCall
from mentorium_core.i18n import asked_about, fold_apostrophes
from mentorium_core.mentor.rules import PeriodName
from mentorium_core.pseudonymisation.skeleton import WORD, skeleton, skeletons
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN
from mentorium_domain.enums import Language

MOST_CALLS: Final = 4
_MOST_SUBJECTS: Final = 2
_CHILD: Final = re.compile(rf"{OPEN}(C\d+)(?::\w+)?{CLOSE}")
_TOOLS: Final = {
    "subscription": ("get_subscription",),
    "comments": ("get_comments", "get_progress"),
    "advice": ("get_advice", "get_topics"),
    "tests": ("get_tests",),
    "topics": ("get_topics",),
    "next": ("get_next_steps",),
}
"""The first that is offered; what is more special stands first."""
_ABOUT_A_PERIOD: Final = frozenset({"get_progress", "get_tests"})
_ABOUT_NO_CHILD: Final = frozenset({"get_subscription"})


@dataclass(frozen=True, slots=True)
class _SubjectWords:
    """Skeletons, so that one list serves every script; `beginnings` are those of longer words."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str]) -> _SubjectWords:
        whole = frozenset(skeleton(word) for word in words if not word.endswith("*"))
        return cls(whole, tuple(skeleton(word[:-1]) for word in words if word.endswith("*")))

    def tell(self, bones: Collection[str]) -> bool:
        return any(bone in self.whole or bone.startswith(self.beginnings) for bone in bones)


_WORDS: Final = {
    subject: _SubjectWords.of([word for language in Language for word in asked_about(language)[subject]])
    for subject in (*_TOOLS, "month", "this", "last")
}


def calls_for(question: str, covered: Sequence[str], offered: Collection[str]) -> list[ToolCall]:
    """The tools to call for a question whose names are hidden, at most `MOST_CALLS`; the week, where it tells nothing.

    Only about the children it names, where it names any: a child that is not `covered` is asked for all the same, and
    the tool says no.
    """
    bones = skeletons(WORD.findall(fold_apostrophes(_CHILD.sub(" ", question)).lower()))
    tools = _tools(bones, offered)
    children = list(dict.fromkeys(_CHILD.findall(question))) or list(covered)
    periods = _periods(bones, at_most=MOST_CALLS // max(1, len(children) * len(tools)))
    calls: list[ToolCall] = []
    for tool in tools:
        if tool in _ABOUT_NO_CHILD:
            calls.append(_call(tool))
            continue
        for child in children:
            if tool in _ABOUT_A_PERIOD:
                calls += [_call(tool, child=child, period=period.value) for period in periods]
            else:
                calls.append(_call(tool, child=child))
    return calls[:MOST_CALLS]


def _tools(bones: Collection[str], offered: Collection[str]) -> list[str]:
    asked = [subject for subject in _TOOLS if _WORDS[subject].tell(bones)]
    found = [next((tool for tool in _TOOLS[subject] if tool in offered), None) for subject in asked]
    return list(dict.fromkeys(tool for tool in found if tool is not None))[:_MOST_SUBJECTS] or ["get_progress"]


def _periods(bones: Collection[str], at_most: int) -> list[PeriodName]:
    """What is named; else the last finished one, and the one under way where there is room for it."""
    last, this = (
        (PeriodName.LAST_MONTH, PeriodName.THIS_MONTH)
        if _WORDS["month"].tell(bones)
        else (PeriodName.LAST_WEEK, PeriodName.THIS_WEEK)
    )
    named = [period for period, word in ((last, "last"), (this, "this")) if _WORDS[word].tell(bones)]
    return (named or [last, this])[: max(1, at_most)]


def _call(tool: str, **arguments: str) -> ToolCall:
    return ToolCall("", tool, json.dumps(arguments))
