"""What earlier reports told a family to improve, read from their stored documents, whatever release wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from mentorium_core.advice.model import ChildQuestion, HardTest, Improvement, Told, WeakTopic
from mentorium_core.advice.rules import subject_of
from mentorium_db.models import ReportHistory
from mentorium_db.repositories.report_history import TalkedOf

_IMPROVEMENT: Final = TypeAdapter(Improvement)
_QUESTION: Final = TypeAdapter(ChildQuestion)
Talk = ReportHistory | TalkedOf
"""A report of the history, or what of it counts here."""
_A_DAY: Final = "2026-11-22"


def told_by(reports: Sequence[Talk]) -> tuple[Told, ...]:
    """Once a period, in the order in which the periods ended. Done is what was done since anything else was told: a
    report says it once.
    """
    by_period: dict[str, Told] = {}
    for report in sorted(reports, key=lambda one: one.report_period[-len(_A_DAY) :]):
        known = by_period.get(report.report_period)
        if known is None or not known.done:
            by_period[report.report_period] = _told(report, is_done=_is_done_since(report, reports))
    return tuple(by_period.values())


def _is_done_since(report: Talk, reports: Sequence[Talk]) -> bool:
    others = [other.generated_at for other in reports if other.report_period != report.report_period]
    return report.done_at is not None and all(report.done_at >= moment for moment in others)


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


def _told(report: Talk, *, is_done: bool) -> Told:
    improvement = improvement_of(report.document)
    if improvement is None:
        return Told("", done=is_done)
    shortfall = improvement.shortfall
    if isinstance(shortfall, WeakTopic | HardTest):
        return Told(subject_of(shortfall), shortfall.title, shortfall.percent, is_done)
    return Told(subject_of(shortfall), done=is_done)


def _blocks(document: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    blocks = document.get("blocks")
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Mapping) and block.get("type") == kind:
            yield block
