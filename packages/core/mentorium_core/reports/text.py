"""A document as plain text in one language: short enough for a photo's caption, whatever the titles are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mentorium_core.i18n import clip, format_month, format_period, t, utf16_length
from mentorium_core.progress.model import Period, PeriodKind
from mentorium_core.reports.lines import Lines
from mentorium_core.reports.model import (
    Awards,
    Block,
    ChildQuestion,
    CourseLine,
    DueSoon,
    Idle,
    Improvement,
    LessonsDone,
    NewMaterials,
    NextStep,
    PartialNote,
    PeriodNote,
    ReportDocument,
    StrongTopic,
    StudyTime,
    TeacherComment,
    TestScore,
    TestsTaken,
    Trend,
    VerdictLine,
    Win,
)

TEXT_LIMIT = 900
IDLE_LIMIT = 300
CAPTION_LIMIT_UTF16 = 1024
NAME_LIMIT = 40
_TITLE_LIMITS = (60, 36, 20)
# What a reader misses least goes first; what is not named here always stays.
_LEAST_IMPORTANT_FIRST: tuple[type[Block], ...] = (
    TeacherComment,
    NewMaterials,
    Awards,
    StrongTopic,
    Trend,
    DueSoon,
    TestScore,
    CourseLine,
    NextStep,
    PartialNote,
    PeriodNote,
)
_HOW_IT_WAS = (PeriodNote, VerdictLine, Idle, StudyTime, LessonsDone, TestsTaken, TestScore)
_WHAT_TO_DO = (Win, Improvement, ChildQuestion)


def render_text(document: ReportDocument, language: str) -> str:
    """The whole report; at most 900 characters (an idle one 300) and 1,024 UTF-16 units, emoji counted as two.

    Where long titles do not fit, the least important blocks are left out, then titles are cut shorter.
    """
    is_idle = any(isinstance(block, Idle) for block in document.blocks)
    limit = IDLE_LIMIT if is_idle else TEXT_LIMIT
    attempts = _attempts(document, language)
    fits = (text for text in attempts if len(text) <= limit and utf16_length(text) <= CAPTION_LIMIT_UTF16)
    return next(fits)


def child_name(document: ReportDocument, language: str) -> str:
    """The child's name in at most 40 characters; a kind word where the platform has none that can be read."""
    return clip(document.name, NAME_LIMIT) or t(language, "report-your-child")


def header_period(language: str, period: Period) -> str:
    """`16–22 ноября` of a week, `ноябрь 2026` of a month."""
    if period.kind is PeriodKind.MONTH:
        return format_month(language, period.first_day)
    return format_period(language, period.first_day, period.last_day)


def _attempts(document: ReportDocument, language: str) -> Iterator[str]:
    """The text ever shorter; each step leaves one block out, and in the end everything that can be spared is out."""
    shown = list(document.blocks)
    yield _text(document, shown, language, _TITLE_LIMITS[0])
    for kind in _LEAST_IMPORTANT_FIRST:
        for block in [block for block in reversed(shown) if isinstance(block, kind)]:
            shown.remove(block)
            yield _text(document, shown, language, _TITLE_LIMITS[0])
    for limit in _TITLE_LIMITS[1:]:
        yield _text(document, shown, language, limit)


def _text(document: ReportDocument, blocks: Sequence[Block], language: str, title_limit: int) -> str:
    lines = Lines(document, language, title_limit)
    paragraphs = [[_header(document, language)], [], []]
    for block in blocks:
        paragraphs[_paragraph(block)].append(lines.of(block))
    return "\n\n".join("\n".join(paragraph) for paragraph in paragraphs if paragraph)


def _header(document: ReportDocument, language: str) -> str:
    name, period = child_name(document, language), header_period(language, document.period)
    return t(language, "report-header", kind=document.period.kind.value, name=name, period=period)


def _paragraph(block: Block) -> int:
    """How it was, what to do about it, what comes next: three short paragraphs instead of a wall."""
    if isinstance(block, _HOW_IT_WAS):
        return 0
    return 1 if isinstance(block, _WHAT_TO_DO) else 2
