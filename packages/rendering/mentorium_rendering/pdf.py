"""A whole report as a PDF to print and to keep: A4, tagged, PDF/UA-1, drawn by typst from `report.typ`.

typst itself refuses to write PDF/UA-1 without a title, a language, alternative texts and letters for every sign.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any, Final, TypeVar

import typst

from mentorium_core.advice.model import ChildQuestion, DoneTogether, Improvement
from mentorium_core.i18n import format_date_long, format_number, format_percent, t, whole_minutes
from mentorium_core.reports.heading import header_period
from mentorium_core.reports.lines import Lines
from mentorium_core.reports.model import (
    Awards,
    Block,
    Chart,
    CourseLine,
    DueSoon,
    Idle,
    LessonsDone,
    MoreTests,
    NewMaterials,
    NextStep,
    Overdue,
    PartialNote,
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
from mentorium_domain.enums import Language
from mentorium_kit.errors import MentoriumError
from mentorium_rendering.picture import picture_data
from mentorium_rendering.theme import TONES, compiler, drawable

_TITLE_LIMIT: Final = 120
_LONGEST_WORD: Final = 30
_BREAK: Final = "\u200b"  # a line may end here
_TOO_LONG: Final = re.compile(rf"\S{{{_LONGEST_WORD},}}")
_PIECE: Final = re.compile(r"\S{1,12}")
_DATE: Final = re.compile(r"(?<=\d)-(?=[^\W\d])")
_HOLDS: Final = "\u2011"  # a hyphen at which no line ends: `6-noyabr`
_BULLET: Final = re.compile(r"^[•\s]+")
_FIGURES: Final = (StudyTime, LessonsDone, TestsTaken)
_TOGETHER: Final = (DoneTogether, Win, Improvement, ChildQuestion)
_MONTH: Final = (WeekLine, Trend, StrongTopic, Awards)
_AHEAD: Final = (Overdue, NextStep, DueSoon, CourseLine, NewMaterials)
_NOTES: Final = (StaleNote, PartialNote)

# One at a time: a PDF is asked for seldom, and must not hold up the pictures.
_thread = ThreadPoolExecutor(1, thread_name_prefix="pdf-writer")
_own = threading.local()

Kind = TypeVar("Kind")


class PdfError(MentoriumError):
    """typst did not write it: a mistake of ours, or a sign that our fonts lack."""


async def render_pdf(document: ReportDocument, language: Language, made_on: date) -> bytes:
    """The PDF of a document. `made_on`: the day in Asia/Tashkent that its "now" means. PdfError."""
    data = json.dumps(pdf_data(document, language, made_on), ensure_ascii=False)
    return await asyncio.get_running_loop().run_in_executor(_thread, write, data)


def write(data: str) -> bytes:
    """The PDF of what `pdf_data` makes, as JSON; blocks the calling thread."""
    own: typst.Compiler | None = getattr(_own, "compiler", None)
    if own is None:
        own = _own.compiler = compiler("report.typ")
    try:
        written = own.compile(format="pdf", pdf_standards="ua-1", sys_inputs={"data": data})
    except typst.TypstError as error:
        raise PdfError("pdf_failed", reason=error.message.partition("`")[0]) from error  # what is quoted is data
    except BaseException as error:
        _own.__dict__.clear()  # a compiler that has panicked is not asked again
        raise PdfError("pdf_failed", reason=type(error).__name__) from error
    assert isinstance(written, bytes)
    return written


def pdf_data(document: ReportDocument, language: Language, made_on: date) -> dict[str, Any]:
    """What `report.typ` draws: every text final."""
    lines = Lines(document, language, _TITLE_LIMIT)
    name = drawable(document.name) or t(language, "report-your-child")
    period = header_period(language, document.period)
    title = t(language, "pdf-title", name=name, period=period)
    drawn = picture_data(document, language) if document.chart is not None else None
    chart = document.chart or Chart((), (), ())
    idle = next((block for block in document.blocks if isinstance(block, Idle)), None)
    return {
        "language": language,
        "title": title,
        "name": name,
        "period": period[:1].upper() + period[1:],
        "verdict": _words(lines.of(idle).partition("\n")[0] if idle else lines.of(VerdictLine(document.verdict))),
        "tone": TONES[document.verdict],
        "stats": drawn["stats"] if drawn else [],
        "chart": {**drawn["chart"], "alt": _alternative(chart, language)} if drawn and drawn["chart"] else None,
        "parts": list(_parts(document, lines, language, drawn)),
        "words": _teachers(document, lines, language),
        "notes": _lines(document, lines, _NOTES),
        "footer": t(language, "pdf-footer", day=format_date_long(language, made_on), title=title),
    }


def _parts(
    document: ReportDocument, lines: Lines, language: str, drawn: dict[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """The chapters that have anything to say."""
    drawn_meters = [*drawn["topics"], *drawn["courses"]] if drawn else []
    meters = [{**meter, "title": _words(meter["title"])} for meter in drawn_meters]
    parts = (
        _part("figures", language, _figures(document, lines), tests=_tests(document, lines, language)),
        _part("together", language, _lines(document, lines, _TOGETHER)),
        _part("month", language, _lines(document, lines, _drawn_or_said(drawn)), meters=meters),
        _part("ahead", language, _lines(document, lines, _AHEAD)),
    )
    return (part for part in parts if part["lines"] or part["meters"] or part["tests"])


def _drawn_or_said(drawn: dict[str, Any] | None) -> tuple[type[Block], ...]:
    """The strongest topic is said where it is not drawn."""
    return tuple(kind for kind in _MONTH if kind is not StrongTopic) if drawn and drawn["topics"] else _MONTH


def _part(
    name: str,
    language: str,
    lines: list[str],
    *,
    meters: Sequence[dict[str, Any]] = (),
    tests: dict[str, Any] | None = None,
) -> dict[str, Any]:
    title = t(language, f"pdf-part-{name}")
    return {"title": title, "lines": lines, "meters": [*meters], "tests": tests}


def _figures(document: ReportDocument, lines: Lines) -> list[str]:
    """The figures; of an idle period what followed its verdict: the way back."""
    ways_back = [_words(line) for idle in _of(document, Idle) for line in lines.of(idle).split("\n")[1:]]
    return [*_lines(document, lines, _FIGURES), *ways_back]


def _tests(document: ReportDocument, lines: Lines, language: str) -> dict[str, Any] | None:
    """The tests as a table of title, points and share, and how many more there are."""
    scores = list(_of(document, TestScore))
    if not scores:
        return None
    return {
        "head": [t(language, f"pdf-column-{column}") for column in ("test", "points", "share")],
        "rows": [[_words(lines.title(test.title)), *_result(test, language)] for test in scores],
        "more": _lines(document, lines, (MoreTests,)),
    }


def _result(test: TestScore, language: str) -> tuple[str, str]:
    if test.max_score <= 0:
        return "—", "—"
    figures = {"score": format_number(language, test.score), "max_score": format_number(language, test.max_score)}
    if test.retaken_from is None:
        points = t(language, "pdf-points", **figures)
    else:
        points = t(language, "pdf-points-retaken", before=format_number(language, test.retaken_from), **figures)
    return points, format_percent(language, 100 * test.score / test.max_score)


def _teachers(document: ReportDocument, lines: Lines, language: str) -> dict[str, Any] | None:
    said = _lines(document, lines, (TeacherComment,))
    return {"title": t(language, "pdf-part-words"), "said": said} if said else None


def _alternative(chart: Chart, language: str) -> str:
    """The bars in words, for who does not see them: the days with study, and how many minutes."""
    days = [f"{bar.day.day} — {whole_minutes(bar.seconds)}" for bar in chart.bars if bar.seconds]
    return t(language, "pdf-chart", title=t(language, "picture-minutes-by-day"), days="; ".join(days))


def _of(document: ReportDocument, kind: type[Kind]) -> Iterator[Kind]:
    return (block for block in document.blocks if isinstance(block, kind))


def _lines(document: ReportDocument, lines: Lines, kinds: tuple[type[Block], ...]) -> list[str]:
    """The sentences of these blocks, in the document's order."""
    told = [lines.of(block) for block in document.blocks if isinstance(block, kinds)]
    return [_words(line) for sentences in told for line in sentences.split("\n")]


def _words(text: str) -> str:
    """Without emoji and bullets; a word that no line holds may be broken anywhere."""
    plain = _DATE.sub(_HOLDS, _BULLET.sub("", drawable(text)))
    return _TOO_LONG.sub(lambda word: _BREAK.join(_PIECE.findall(word[0])), plain)
