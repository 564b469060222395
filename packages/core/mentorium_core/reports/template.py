"""A document as plain text in one language: short enough for a photo's caption, whatever the titles are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mentorium_core.advice.model import ChildQuestion, DoneTogether, Improvement
from mentorium_core.i18n import t, utf16_length
from mentorium_core.progress.model import Verdict
from mentorium_core.reports.heading import child_name, header
from mentorium_core.reports.lines import Lines
from mentorium_core.reports.model import (
    Awards,
    Block,
    CourseLine,
    DueSoon,
    Idle,
    LessonsDone,
    MoreTests,
    NewMaterials,
    NextStep,
    PartialNote,
    PeriodNote,
    ReportDocument,
    StaleNote,
    StrongTopic,
    StudyTime,
    TeacherComment,
    TestScore,
    TestsTaken,
    Trend,
    VerdictLine,
    WeekLine,
    Win,
)
from mentorium_core.reports.tone import in_tone, plain_where_neutral

CAPTION_LIMIT_UTF16 = 1024
IDLE_LIMIT_UTF16 = 500
MESSAGE_LIMIT_UTF16 = 4000
_TITLE_LIMITS = (60, 36, 20)
_WHOLE_TITLE = 120
# What a reader misses least goes first; what is not named here always stays, and so does one test and one date.
_LEAST_IMPORTANT_FIRST: tuple[type[Block], ...] = (
    PartialNote,
    Awards,
    StrongTopic,
    NewMaterials,
    Trend,
    CourseLine,
    NextStep,
    TestScore,
    DueSoon,
)
_ONE_STAYS = (TestScore, DueSoon)
_HOW_IT_WAS = (PeriodNote, VerdictLine, Idle, StudyTime, LessonsDone, TestsTaken, TestScore, MoreTests, WeekLine)
_WHAT_TO_DO = (DoneTogether, Win, Improvement, ChildQuestion)


@dataclass(frozen=True, slots=True)
class ReportText:
    """`caption` is the report; `words` are the teacher's, a message of their own where the caption has no room."""

    caption: str
    words: str | None = None


def template_report(document: ReportDocument, language: str) -> ReportText:
    """The whole report without a word of a model: at most 1,024 UTF-16 units, an idle one 500, emoji counted as two.

    What gives way first is filler. The teacher's words are always told: under the report, or after it. Where long
    titles do not fit, the least important blocks are left out, then titles are cut shorter.
    """
    is_idle = any(isinstance(block, Idle) for block in document.blocks)
    limit = IDLE_LIMIT_UTF16 if is_idle else CAPTION_LIMIT_UTF16
    words = teachers_words(document, language)
    for blocks, title_limit in reductions(document):
        caption = _text(document, blocks, language, title_limit)
        if utf16_length(caption) <= limit:
            has_words = any(isinstance(block, TeacherComment) for block in blocks)
            return ReportText(caption, None if has_words else words)
    raise AssertionError("what always stays fits, however long the titles are")


def teachers_words(document: ReportDocument, language: str) -> str | None:
    """All that the teachers wrote, the newest last; the oldest gives way where it would be too much for a message."""
    lines = Lines(document, language, _TITLE_LIMITS[0])
    said = [lines.of(block) for block in document.blocks if isinstance(block, TeacherComment)]
    if not said:
        return None
    heading = t(language, "report-words", name=child_name(document, language))
    while len(said) > 1 and utf16_length("\n".join([heading, *said])) > MESSAGE_LIMIT_UTF16:
        said = said[1:]
    return "\n".join([heading, *said])


def reductions(document: ReportDocument) -> Iterator[tuple[list[Block], int]]:
    """Ever less of it, and the longest title: the teacher's words go early, at last all that can be spared is out."""
    shown = in_tone(document.blocks, document)
    yield shown, _TITLE_LIMITS[0]
    shown = [block for block in shown if not isinstance(block, PeriodNote)]
    yield shown, _TITLE_LIMITS[0]
    shown = [block for block in shown if not isinstance(block, TeacherComment)]
    yield shown, _TITLE_LIMITS[0]
    for kind in _what_gives_way(document):
        of_kind = [block for block in shown if isinstance(block, kind)]
        for block in of_kind[: 0 if kind in _ONE_STAYS else None : -1]:
            shown = _without(shown, block)
            yield shown, _TITLE_LIMITS[0]
    for limit in _TITLE_LIMITS[1:]:
        yield shown, limit
    for last in (DueSoon, StaleNote, WeekLine):
        shown = [block for block in shown if not isinstance(block, last)]
        yield shown, _TITLE_LIMITS[-1]


def _what_gives_way(document: ReportDocument) -> Sequence[type[Block]]:
    """The trend is the last to go where the verdict rests on it: without it "uneven" would stand beside figures that
    all rose.
    """
    if document.verdict is not Verdict.UNEVEN:
        return _LEAST_IMPORTANT_FIRST
    return [*(kind for kind in _LEAST_IMPORTANT_FIRST if kind is not Trend), Trend]


def _without(shown: Sequence[Block], left_out: Block) -> list[Block]:
    """A test that is left out is still counted: among the more that there are."""
    kept = [block for block in shown if block is not left_out]
    if not isinstance(left_out, TestScore):
        return kept
    more = next((block for block in kept if isinstance(block, MoreTests)), None)
    if more is not None:
        return [replace(block, count=more.count + 1) if block is more else block for block in kept]
    last = max(place for place, block in enumerate(kept) if isinstance(block, TestScore))
    return [*kept[: last + 1], MoreTests(1), *kept[last + 1 :]]


def whole_report(document: ReportDocument, language: str) -> list[list[str]]:
    """Everything that the document says, as paragraphs of lines: first one of whom and when, then how it was, what to
    do, what comes next, and the teachers' words.
    """
    told = [block for block in document.blocks if not isinstance(block, TeacherComment)]
    words = [block for block in document.blocks if isinstance(block, TeacherComment)]
    lines = Lines(document, language, _WHOLE_TITLE)
    return [*_paragraphs(document, told, language, _WHOLE_TITLE), *([list(map(lines.of, words))] if words else [])]


def _text(document: ReportDocument, blocks: Sequence[Block], language: str, title_limit: int) -> str:
    paragraphs = _paragraphs(document, blocks, language, title_limit)
    return plain_where_neutral("\n\n".join("\n".join(paragraph) for paragraph in paragraphs), document)


def _paragraphs(document: ReportDocument, blocks: Sequence[Block], language: str, title_limit: int) -> list[list[str]]:
    lines = Lines(document, language, title_limit)
    paragraphs: list[list[str]] = [[header(document, language)], [], []]
    for block in blocks:
        paragraphs[_paragraph(block)].append(lines.of(block))
    return [paragraph for paragraph in paragraphs if paragraph]


def _paragraph(block: Block) -> int:
    """How it was, what to do about it, what comes next: three short paragraphs instead of a wall."""
    if isinstance(block, _HOW_IT_WAS):
        return 0
    return 1 if isinstance(block, _WHAT_TO_DO) else 2
