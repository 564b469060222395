"""Milliseconds of a report's picture against an empty page of typst: `python -m benchmarks.picture [--rounds 200]`.

The floor is what typst itself costs: an empty page, 1,080 by 1,496 pixels (a week's height), with fonts and compiler
loaded the same way, drawn in turns with the pictures so that both see the same machine. Cold is a process's first
picture, fonts, template and compiler included. Every warm picture has figures of its own, as in a real run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles

import typst

from mentorium_core.advice.model import Memory
from mentorium_core.billing.model import Access
from mentorium_core.progress.model import LearnerFacts, Titles, TopicResult, last_finished_month, last_finished_week
from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.rules import compose
from mentorium_domain.enums import Language
from mentorium_kit.clock import TASHKENT
from mentorium_rendering.picture import draw, picture_data, render_picture, warm_up

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=TASHKENT)
PERIODS = {"week": last_finished_week(NOW.date()), "month": last_finished_month(NOW.date())}

COLD_PROCESSES = 5


def report(kind: str, number: int) -> ReportDocument:
    period = PERIODS[kind]
    facts = LearnerFacts(
        student_id=number,
        display_name=f"Азиза {number}",
        period=period,
        day_seconds=tuple((number * 61 + day * 977) % 5000 for day in range(period.days)),
        before_day_seconds=tuple((number * 37 + day * 577) % 4000 for day in range(period.previous().days)),
        first_active_day=date(2026, 1, 1),
        lessons_done=number % 9,
        topics=(
            TopicResult(1, "fact_checking", Titles(ru=f"Проверка фактов {number}"), Decimal(11), Decimal(20), 2),
            TopicResult(2, "image_prompts", Titles(ru="Промпты для картинок"), Decimal(18), Decimal(20), 2),
        ),
    )
    return compose(facts, NOW, Access.FULL, Memory(), asked=True)


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


class EmptyPage:
    """Draws nothing, as plainly as typst can."""

    def __init__(self, folder: Path) -> None:
        page = folder / "empty.typ"
        page.write_text("#set page(width: 1080pt, height: 1496pt, margin: 0pt)", encoding="utf-8")
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
        self._compiler = typst.Compiler(input=str(page), font_paths=fonts, ignore_system_fonts=True)

    def __call__(self) -> object:
        return self._compiler.compile(format="png", ppi=72.0)


def cold(what: str) -> float:
    """The median of fresh processes, import of the libraries not counted."""
    command = [sys.executable, "-m", "benchmarks.picture", "--cold", what]
    outputs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(COLD_PROCESSES)]
    return median(float(output.stdout) for output in outputs)


def first(what: str, folder: Path) -> float:
    if what == "floor":
        return milliseconds(lambda: EmptyPage(folder)())  # noqa: PLW0108 - making it is part of being cold
    return milliseconds(lambda: draw(json.dumps(picture_data(report(what, 1), "ru"))))


async def loop_stall(rounds: int) -> float:
    """The longest the event loop stood still, in ms, while pictures were drawn one after another as the bot does."""
    await warm_up()
    reports = [report("week", number) for number in range(rounds)]
    drawing = asyncio.gather(_draw_all(reports))
    worst = 0.0
    while not drawing.done():
        started = time.perf_counter()
        await asyncio.sleep(0.001)
        worst = max(worst, (time.perf_counter() - started) * 1000)
    await drawing
    return worst


async def _draw_all(reports: list[ReportDocument]) -> None:
    for made in reports:
        await render_picture(made, "ru")


def row(name: str, figures: list[float], floor: list[float], cold_ms: float, cold_floor: float) -> str:
    p50, p95 = median(figures), quantiles(figures, n=20)[-1]
    floor_p50, floor_p95 = median(floor), quantiles(floor, n=20)[-1]
    return (
        f"| {name} | {cold_ms:.0f} ({cold_ms / cold_floor:.1f}x) | {p50:.1f} ({p50 / floor_p50:.2f}x)"
        f" | {p95:.1f} ({p95 / floor_p95:.2f}x) |"
    )


def run(rounds: int, folder: Path) -> None:
    page = EmptyPage(folder)
    taken: dict[str, list[float]] = {"floor": [], **{kind: [] for kind in PERIODS}}
    for number in range(rounds):
        taken["floor"].append(milliseconds(page))
        for kind in PERIODS:
            data = json.dumps(picture_data(report(kind, number), list(Language)[number % len(Language)]))
            taken[kind].append(milliseconds(lambda data=data: draw(data)))  # type: ignore[misc]
    colds = {what: cold(what) for what in taken}
    print("| picture | cold, ms | warm p50, ms | warm p95, ms |\n|---|---|---|---|")
    for kind, figures in taken.items():
        name = "empty page (floor)" if kind == "floor" else kind
        print(row(name, figures[5:], taken["floor"][5:], colds[kind], colds["floor"]))
    print(f"\nLongest stall of the event loop over {rounds} pictures: {asyncio.run(loop_stall(rounds)):.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--cold", choices=["floor", *PERIODS], help=argparse.SUPPRESS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.cold:
            print(first(options.cold, Path(folder)))
        else:
            run(options.rounds, Path(folder))


if __name__ == "__main__":
    main()
