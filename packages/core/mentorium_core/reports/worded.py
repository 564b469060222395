"""A report in the words of a model: our sentences in their order, the free words around them, and the label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mentorium_core.guard.rules import split_shell
from mentorium_core.i18n import t, utf16_length
from mentorium_core.reports.heading import header
from mentorium_core.reports.lines import Lines
from mentorium_core.reports.model import (
    Block,
    CourseLine,
    DueSoon,
    Idle,
    NextStep,
    PartialNote,
    PeriodNote,
    ReportDocument,
    StaleNote,
    TeacherComment,
    TestScore,
)
from mentorium_core.reports.sentences import FixedSentence, Section, sentences_of
from mentorium_core.reports.template import CAPTION_LIMIT_UTF16, ReportText, reductions, teachers_words
from mentorium_core.reports.tone import plain_where_neutral
from mentorium_domain.enums import ReportTone

_ROOMS: Final = (352, 240, 160, 96, 48)
"""Characters; told in steps, so that reports that are alike are asked for alike."""
_BRIEF_ROOM: Final = 96
_ENOUGH_ROOM: Final = 160
_LEAST_ROOM: Final = 48
"""A greeting. For that a dear sentence may go, for more room it may not."""
_LINE_BREAKS: Final = 16
_NOTES: Final = (StaleNote, PartialNote)
_DEAR: Final = (TestScore, DueSoon, NextStep, CourseLine)


@dataclass(frozen=True, slots=True)
class WordingPlan:
    """What of a document stands in its worded text. `room`: how many characters a model may write at most."""

    sentences: tuple[FixedSentence, ...]
    room: int
    notes: tuple[str, ...]
    comments: tuple[str, ...]


def plan_wording(document: ReportDocument, language: str) -> WordingPlan | None:
    """None for what no model words: a quiet period, a report of verdict and win, and one that leaves no room."""
    if not document.is_whole or any(isinstance(block, Idle) for block in document.blocks):
        return None
    comments = [block for block in document.blocks if isinstance(block, TeacherComment)]
    enough = _LEAST_ROOM if document.tone is ReportTone.BRIEF else _ENOUGH_ROOM
    tight: tuple[WordingPlan, tuple[int, int]] | None = None
    for blocks, title_limit in reductions(document):
        told = [block for block in blocks if not isinstance(block, PeriodNote | TeacherComment)]
        plan = _plan(document, told, comments, language, title_limit)
        worth = title_limit, sum(isinstance(block, _DEAR) for block in told)
        if tight is not None and worth != tight[1]:
            return tight[0]
        if plan.room >= enough:
            return plan
        if tight is None and plan.room >= _LEAST_ROOM:
            tight = plan, worth
    return tight[0] if tight is not None else None


def worded_report(document: ReportDocument, language: str) -> ReportText | None:
    """The report around its shell; None where it has none in this language, or one that does not fit (any more)."""
    if document.shell is None or document.shell.language != language:
        return None
    plan = plan_wording(document, language)
    if plan is None or len(split_shell(document.shell.words)) != len(plan.sentences) + 1:
        return None
    paragraphs = _around(document, plan, language)
    ending = [*plan.notes, t(language, "report-ai-label")]
    whole = _joined([*paragraphs, ending, [*plan.comments]], document)
    if utf16_length(whole) <= CAPTION_LIMIT_UTF16:
        return ReportText(whole)
    caption = _joined([*paragraphs, ending], document)
    if utf16_length(caption) > CAPTION_LIMIT_UTF16:
        return None
    return ReportText(caption, teachers_words(document, language))


def _plan(
    document: ReportDocument, blocks: Sequence[Block], comments: Sequence[Block], language: str, title_limit: int
) -> WordingPlan:
    lines = Lines(document, language, title_limit)
    sentences = sentences_of(blocks, lines)
    notes = tuple(lines.of(block) for block in blocks if isinstance(block, _NOTES))
    fixed = [header(document, language), *(one.text for one in sentences), *notes, t(language, "report-ai-label")]
    left = CAPTION_LIMIT_UTF16 - utf16_length("\n".join(fixed)) - _LINE_BREAKS
    room = next((step for step in _ROOMS if step <= left), 0)
    if document.tone is ReportTone.BRIEF:
        room = min(room, _BRIEF_ROOM)
    return WordingPlan(sentences, room, notes, tuple(lines.of(comment) for comment in comments))


def _around(document: ReportDocument, plan: WordingPlan, language: str) -> list[list[str]]:
    """Paragraphs of lines: each sentence is a line of its own, and so are the words between two of them.

    What to do stands right under what to improve.
    """
    assert document.shell is not None
    paragraphs = [[header(document, language)]]
    for number, free in enumerate(split_shell(document.shell.words)):
        follows = plan.sentences[number].section if number < len(plan.sentences) else None
        for place, piece in enumerate(free.split("\n\n")):
            words = " ".join(piece.split())
            if place and (words or follows is not Section.RECOMMENDATIONS):
                paragraphs.append([])
            if words:
                paragraphs[-1].append(words)
        if number < len(plan.sentences):
            paragraphs[-1].append(plan.sentences[number].text)
    return paragraphs


def _joined(paragraphs: Sequence[Sequence[str]], document: ReportDocument) -> str:
    text = "\n\n".join("\n".join(paragraph) for paragraph in paragraphs if paragraph)
    return plain_where_neutral(text, document)
