"""What a parent reads who presses a button under a report: why it says what it says, and a plan for tonight.

Made of the stored document alone: whatever the platform knows by now, it speaks of the report that was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from mentorium_core.advice.model import ChildQuestion, HardTest, Improvement, LessStudy, OverdueWork, WeakTopic
from mentorium_core.i18n import t
from mentorium_core.reports.heading import child_name, header_period
from mentorium_core.reports.lines import Lines
from mentorium_core.reports.model import (
    CourseLine,
    Idle,
    LessonsDone,
    NextStep,
    Overdue,
    ReportDocument,
    StudyTime,
    VerdictLine,
    Win,
)

_TITLE_LIMIT = 60

Kind = TypeVar("Kind")


def why(document: ReportDocument, language: str) -> str:
    """Why the verdict is what it is, and why this is the one thing to improve."""
    lines = Lines(document, language, _TITLE_LIMIT)
    told = [_heading(document, language, "why-heading"), *_verdict(document, lines, language)]
    if (improvement := _first(document, Improvement)) is not None:
        told += ["", lines.of(improvement).partition("\n")[0], t(language, _reason(improvement))]
    if any(isinstance(block, CourseLine) and block.forecast for block in document.blocks):
        told += ["", t(language, "why-forecast")]
    return "\n".join(told)


def tonight(document: ReportDocument, language: str) -> str:
    """Ten minutes in three steps: ask, do, praise."""
    lines = Lines(document, language, _TITLE_LIMIT)
    told = [_heading(document, language, "tonight-heading"), *_steps(document, lines, language)]
    return "\n".join([*told, "", t(language, "tonight-done")])


def _heading(document: ReportDocument, language: str, key: str) -> str:
    return t(language, key, name=child_name(document, language), period=header_period(language, document.period))


def _verdict(document: ReportDocument, lines: Lines, language: str) -> Iterator[str]:
    if (idle := _first(document, Idle)) is not None:
        yield lines.of(idle).partition("\n")[0]
        return
    yield f"{lines.of(VerdictLine(document.verdict))} {t(language, f'why-{document.verdict}')}"
    yield from (lines.of(block) for block in document.blocks if isinstance(block, StudyTime | LessonsDone))


def _reason(improvement: Improvement) -> str:
    match improvement.shortfall:
        case WeakTopic():
            return "why-topic"
        case HardTest():
            return "why-test"
        case OverdueWork():
            return "why-overdue"
        case LessStudy():
            return "why-less"


def _steps(document: ReportDocument, lines: Lines, language: str) -> Iterator[str]:
    question = _first(document, ChildQuestion)
    asked = t(language, f"question-{question.question_id}") if question else t(language, "question-any-1")
    yield t(language, "tonight-ask", question=asked)
    yield t(language, "tonight-do", action=_action(document, lines, language))
    win = _first(document, Win)
    praise = lines.of(win.achievement) if win else t(language, "tonight-effort")
    yield t(language, "tonight-praise", win=praise)
    if (late := _first(document, Overdue)) is not None:
        yield lines.of(late)


def _action(document: ReportDocument, lines: Lines, language: str) -> str:
    if (improvement := _first(document, Improvement)) is not None:
        return t(language, f"action-{improvement.action_id}")
    if (step := _first(document, NextStep)) is not None:
        return t(language, "tonight-lesson", title=lines.title(step.title))
    idle = _first(document, Idle)
    if idle is not None and idle.way_back is not None:
        return t(language, "tonight-lesson", title=lines.title(idle.way_back))
    return t(language, "action-any-1") if idle is None else t(language, "tonight-recall")


def _first(document: ReportDocument, kind: type[Kind]) -> Kind | None:
    return next((block for block in document.blocks if isinstance(block, kind)), None)
