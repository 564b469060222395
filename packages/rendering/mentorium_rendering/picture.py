"""A document as a picture, 1,080 pixels wide, drawn by typst from `card.typ`; as JPEG where that is smaller.

Rendering takes some tens of milliseconds of one core and releases the interpreter's lock, so it runs in threads of
its own, each with its own compiler (one compiler does not bear two threads).
"""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import BytesIO
from typing import Any

import typst
from PIL import Image

from mentorium_core.i18n import (
    clip,
    format_duration_short,
    format_number,
    format_percent,
    format_weekday,
    t,
    whole_minutes,
)
from mentorium_core.progress.model import PeriodKind
from mentorium_core.reports.heading import header_period
from mentorium_core.reports.lines import Lines
from mentorium_core.reports.model import (
    Bar,
    Chart,
    LessonsDone,
    Meter,
    ReportDocument,
    StudyTime,
    TestsTaken,
    VerdictLine,
)
from mentorium_kit.errors import MentoriumError
from mentorium_rendering.theme import TONES, compiler, drawable

_PIXELS_PER_INCH = 72.0  # a typst point is then a pixel
_THREADS = 2
_JPEG_QUALITY = 85
_TITLE_LIMIT = 90
_DAYS_LABELLED = (1, 8, 15, 22, 29)
_MOST_VALUES = 7
_LEAST_PEAK_SECONDS = 1800  # or ten minutes would look like a feat
_SAMPLE = json.dumps(
    {
        "name": "M",
        "period": "1",
        "verdict": "M",
        "tone": "good",
        "stats": [],
        "chart": None,
        "topics": [],
        "courses": [],
    }
)

_threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="report-picture")
_own = threading.local()


class PictureError(MentoriumError):
    """The template could not be drawn: a mistake of ours, not of the data."""


async def render_picture(document: ReportDocument, language: str) -> bytes:
    """The picture of a document that has a chart, PNG or JPEG. Does not block the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _render, document, language)


async def warm_up() -> None:
    """Load fonts and template in every drawing thread, so that the first parent does not wait for it."""
    barrier = threading.Barrier(_THREADS)
    loop = asyncio.get_running_loop()
    await asyncio.gather(*(loop.run_in_executor(_threads, _prepare, barrier) for _ in range(_THREADS)))


def draw(data: str) -> bytes:
    """The PNG of the card's data, JSON as `picture_data` makes it; blocks the calling thread."""
    try:
        drawn = _compiler().compile(format="png", ppi=_PIXELS_PER_INCH, sys_inputs={"data": data})
    except typst.TypstError as error:
        raise PictureError("picture_failed", reason=error.message) from error
    if not isinstance(drawn, bytes):
        raise PictureError("picture_failed", reason="more than one page")
    return drawn


def picture_data(document: ReportDocument, language: str) -> dict[str, Any]:
    """What `card.typ` draws: every text final, shares 0..1. ValueError for a document without a chart."""
    if document.chart is None:
        raise ValueError("this report has no picture")
    period = header_period(language, document.period)
    is_month = document.period.kind is PeriodKind.MONTH
    return {
        "name": _drawn(document.name) or t(language, "report-your-child"),
        "period": _capital(period) if is_month else t(language, "picture-week", period=period),
        "verdict": Lines(document, language, _TITLE_LIMIT).of(VerdictLine(document.verdict)).rstrip("."),
        "tone": TONES[document.verdict],
        "stats": _stats(document, language),
        "chart": _chart(document, document.chart, language) if document.chart.bars else None,
        "topics": _topics(document.chart, language),
        "courses": _courses(document.chart, language),
    }


def smaller(png: bytes) -> bytes:
    """The same picture as JPEG, if that has fewer bytes; blocks the calling thread for some ten milliseconds.

    Telegram makes a JPEG of every photo: nothing is lost that a parent would have seen.
    """
    jpeg = BytesIO()
    with Image.open(BytesIO(png)) as picture:
        picture.convert("RGB").save(jpeg, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return min(png, jpeg.getvalue(), key=len)


def _render(document: ReportDocument, language: str) -> bytes:
    try:
        return smaller(draw(json.dumps(picture_data(document, language), ensure_ascii=False)))
    except PictureError:
        raise
    except BaseException as error:
        _own.__dict__.clear()  # a compiler that has panicked is not asked again
        raise PictureError("picture_failed", reason=type(error).__name__) from error


def _stats(document: ReportDocument, language: str) -> list[dict[str, str | None]]:
    """Three key numbers: time, lessons, and the average result or, without results, the active days."""
    blocks = document.blocks
    study = next((block for block in blocks if isinstance(block, StudyTime)), None)
    lessons = next((block for block in blocks if isinstance(block, LessonsDone)), None)
    tests = next((block for block in blocks if isinstance(block, TestsTaken)), None)
    stats: list[dict[str, str | None]] = []
    if study:
        earlier = None if study.before_seconds is None else format_duration_short(language, study.before_seconds)
        value = format_duration_short(language, study.seconds)
        stats.append(_stat(language, value, t(language, "picture-time"), earlier))
    if lessons:
        earlier = None if lessons.before is None else format_number(language, lessons.before)
        label = t(language, "picture-lessons", count=lessons.count)
        stats.append(_stat(language, format_number(language, lessons.count), label, earlier))
    if tests and tests.average is not None:
        earlier = None if tests.before is None else format_percent(language, tests.before)
        value = format_percent(language, tests.average)
        label = t(language, "picture-average-one" if tests.count == 1 else "picture-average")
        stats.append(_stat(language, value, label, earlier))
    elif study:
        stats.append(_stat(language, str(study.days), t(language, "picture-days", days=study.days), None))
    return stats


def _stat(language: str, value: str, label: str, earlier: str | None) -> dict[str, str | None]:
    before = None if earlier is None else t(language, "picture-earlier", value=earlier)
    return {"value": value, "label": label, "before": before}


def _chart(document: ReportDocument, chart: Chart, language: str) -> dict[str, Any]:
    """Monday beside Monday; a month's days are not laid over the month before, whose weekdays are others."""
    comparable = document.period.kind is PeriodKind.WEEK
    before = [(bar.before_seconds or 0) if comparable else 0 for bar in chart.bars]
    peak = max(_LEAST_PEAK_SECONDS, *(max(bar.seconds, then) for bar, then in zip(chart.bars, before, strict=True)))
    has_before = any(before)
    return {
        "title": t(language, "picture-minutes-by-day"),
        "before": t(language, "picture-before", kind=document.period.kind.value) if has_before else None,
        "bars": [
            {
                "now": bar.seconds / peak,
                "before": then / peak,
                "value": _bar_value(bar, chart),
                "label": _bar_label(bar, chart, language),
            }
            for bar, then in zip(chart.bars, before, strict=True)
        ],
    }


def _bar_value(bar: Bar, chart: Chart) -> str:
    """Minutes above every bar of a week; of a month only above the highest, the rest would not be readable."""
    is_highest = bar == max(chart.bars, key=lambda other: other.seconds)
    return str(whole_minutes(bar.seconds)) if bar.seconds and (len(chart.bars) <= _MOST_VALUES or is_highest) else ""


def _bar_label(bar: Bar, chart: Chart, language: str) -> str:
    if len(chart.bars) <= _MOST_VALUES:
        return _capital(format_weekday(language, bar.day))
    return str(bar.day.day) if bar.day.day in _DAYS_LABELLED else ""


def _topics(chart: Chart, language: str) -> list[dict[str, Any]]:
    """The strongest topic and the weakest."""
    labels = ("picture-strongest", "picture-weakest")
    return [_meter(meter, language, label=t(language, key)) for key, meter in zip(labels, chart.topics, strict=False)]


def _courses(chart: Chart, language: str) -> list[dict[str, Any]]:
    return [_meter(meter, language, label=t(language, "picture-course")) for meter in chart.courses]


def _meter(meter: Meter, language: str, *, label: str) -> dict[str, Any]:
    return {
        "label": label,
        "title": _drawn(meter.title.get(language)),
        "value": format_percent(language, meter.percent),
        "share": float(min(meter.percent, Decimal(100)) / 100),
        "tone": meter.tone,
    }


def _drawn(text: str) -> str:
    return clip(drawable(text), _TITLE_LIMIT)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _prepare(barrier: threading.Barrier) -> None:
    barrier.wait()  # each thread takes one
    draw(_SAMPLE)


def _compiler() -> typst.Compiler:
    own: typst.Compiler | None = getattr(_own, "compiler", None)
    if own is None:
        own = _own.compiler = compiler("card.typ")
    return own
