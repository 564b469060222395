"""What earlier reports told a family to improve, read from their stored documents, whatever release wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from mentorium_core.advice.model import ChildQuestion, HardTest, Improvement, Told, WeakTopic
from mentorium_core.advice.rules import subject_of
from mentorium_db.models import ReportHistory

_IMPROVEMENT: Final = TypeAdapter(Improvement)
_QUESTION: Final = TypeAdapter(ChildQuestion)


def told_by(reports: Sequence[ReportHistory]) -> tuple[Told, ...]:
    """Once a period, in the order in which they were first told; what was done of any report of a period is done."""
    by_period: dict[str, Told] = {}
    for report in reports:
        told = _told(report)
        known = by_period.get(report.report_period)
        if known is not None and known.done:
            continue
        by_period[report.report_period] = told
    return tuple(by_period.values())


def improvement_of(document: Mapping[str, Any]) -> Improvement | None:
    """None where the report had none, or none that this release can read."""
    for block in _blocks(document, Improvement.__name__):
        try:
            return _IMPROVEMENT.validate_python(block)
        except ValidationError:
            return None
    return None


def question_id_of(document: Mapping[str, Any]) -> str | None:
    for block in _blocks(document, ChildQuestion.__name__):
        try:
            return _QUESTION.validate_python(block).question_id
        except ValidationError:
            return None
    return None


def _told(report: ReportHistory) -> Told:
    improvement, done = improvement_of(report.document), report.done_at is not None
    if improvement is None:
        return Told("", done=done)
    shortfall = improvement.shortfall
    if isinstance(shortfall, WeakTopic | HardTest):
        return Told(subject_of(shortfall), shortfall.title, shortfall.percent, done)
    return Told(subject_of(shortfall), done=done)


def _blocks(document: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    blocks = document.get("blocks")
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Mapping) and block.get("type") == kind:
            yield block
