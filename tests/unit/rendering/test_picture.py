"""The picture: drawn in every language for every kind of learner, and no data is ever read as markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from mentorium_core.advice.model import Memory
from mentorium_core.billing.model import Access
from mentorium_core.progress.model import Titles, TopicResult, last_finished_month
from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.rules import compose
from mentorium_domain.enums import Language
from mentorium_rendering import picture
from mentorium_rendering.picture import draw, picture_data, render_picture, smaller, warm_up
from tests.unit.core.reports.known import NOW, aziza
from tests.unit.core.reports.random_facts import NAMES, RandomLearner

WIDTH = 1080
MARKUP = '#panic("read as markup") $x^2$ *b* = h @ref <label> \\ " ] } {{ data }}'


def document(**changes: object) -> ReportDocument:
    return compose(replace(aziza(), **changes), NOW, Access.FULL, Memory(), asked=True)  # type: ignore[arg-type]


def size_of(picture: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(picture)) as image:
        assert image.format in {"PNG", "JPEG"}
        return image.size


def pixels(picture: bytes) -> bytes:
    """Equal pictures have equal ones."""
    with Image.open(BytesIO(picture)) as image:
        return image.convert("RGB").tobytes()


def test_a_picture_is_a_jpeg_where_that_is_smaller() -> None:
    drawn = draw(json.dumps(picture_data(document(), "ru"), ensure_ascii=False))
    sent = smaller(drawn)
    assert sent.startswith(b"\xff\xd8\xff")
    assert len(sent) < 0.9 * len(drawn)
    assert size_of(sent) == size_of(drawn)
    flat = BytesIO()
    Image.new("RGB", (1080, 1200), "white").save(flat, "PNG")
    assert smaller(flat.getvalue()) == flat.getvalue(), "a plain one is smaller as it is"


@pytest.mark.parametrize("language", Language)
async def test_a_week_and_a_month_are_as_wide_as_a_photo(language: str) -> None:
    month = last_finished_month(date(2026, 12, 1))
    days = tuple(day * 150 for day in range(30))
    for report in (document(), document(period=month, day_seconds=days, before_day_seconds=(600,) * 31)):
        width, height = size_of(await render_picture(report, language))
        assert width == WIDTH
        assert 1200 <= height <= 1700


async def test_every_learner_can_be_drawn() -> None:
    drawn = 0
    for seed in range(60):
        learner = RandomLearner(seed)
        report = compose(learner.facts, learner.now, Access.FULL, Memory(), asked=True)
        if report.chart is None:
            continue
        width, height = size_of(await render_picture(report, list(Language)[seed % len(Language)]))
        assert (width, height < 1900) == (WIDTH, True)
        drawn += 1
    assert drawn > 30


@pytest.mark.parametrize("name", [*NAMES, MARKUP.replace(" ", "\u00a0")])
async def test_no_name_is_too_long_or_too_strange(name: str) -> None:
    longest = size_of(await render_picture(document(display_name=name), "en"))
    usual = size_of(await render_picture(document(), "en"))
    assert longest == usual


async def test_data_is_never_read_as_markup() -> None:
    titles = Titles(en=MARKUP)
    topics = tuple(replace(topic, title=titles) for topic in aziza().topics)
    png = await render_picture(document(topics=topics), "en")
    plain = await render_picture(document(topics=tuple(_renamed(topic, "Plain") for topic in topics)), "en")
    assert size_of(png) == size_of(plain)
    assert pixels(png) != pixels(plain)


def _renamed(topic: TopicResult, title: str) -> TopicResult:
    return replace(topic, title=Titles(en=title))


async def test_the_same_report_is_the_same_picture() -> None:
    await warm_up()
    assert await render_picture(document(), "ru") == await render_picture(document(), "ru")


def test_bars_are_shares_of_the_highest_day_of_both_periods() -> None:
    bars = picture_data(document(), "ru")["chart"]["bars"]
    assert [bar["value"] for bar in bars] == ["7", "36", "36", "56", "20", "40", "5"]
    assert [bar["label"] for bar in bars] == ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"]
    assert max(max(bar["now"], bar["before"]) for bar in bars) == 1.0


def test_a_month_is_not_laid_over_the_month_before() -> None:
    """Parents E: the same days of two months are different weekdays."""
    month = last_finished_month(date(2026, 12, 1))
    chart = picture_data(document(period=month, day_seconds=(600,) * 30, before_day_seconds=(900,) * 31), "en")["chart"]
    assert chart["before"] is None
    assert {bar["before"] for bar in chart["bars"]} == {0}


def test_a_few_minutes_do_not_fill_the_chart() -> None:
    bars = picture_data(document(day_seconds=(600, 0, 0, 0, 0, 0, 0), before_day_seconds=(0,) * 7), "ru")["chart"][
        "bars"
    ]
    assert bars[0]["now"] == pytest.approx(1 / 3)


def test_the_picture_says_the_verdict_and_the_key_figures() -> None:
    data = picture_data(document(), "en")
    assert data["verdict"] == "A good pace"
    assert [stat["value"] for stat in data["stats"]] == ["3 h 20 min", "3", "80%"]
    assert [stat["before"] for stat in data["stats"]] == ["before: 2 h 40 min", "before: 2", "before: 75%"]


def test_a_short_report_has_no_picture() -> None:
    idle = document(day_seconds=(0,) * 7, lessons_done=0, tests=())
    assert idle.chart is None
    with pytest.raises(ValueError, match="no picture"):
        picture_data(idle, "en")


def test_no_words_are_too_small_for_a_phone() -> None:
    """parents E: at 360 pixels a picture is a third as wide; below 26 points its words could not be read."""
    card = (Path(picture.__file__).parent / "card.typ").read_text(encoding="utf-8")
    sizes = [
        int(size)
        for sizes in re.findall(r"fit\([^()]*(?:\([^()]*\))?[^()]*\(([\dpt, ]+)\)", card)
        for size in re.findall(r"(\d+)pt", sizes)
    ]
    sizes += [int(size) for size in re.findall(r"text\(size: (\d+)pt", card)]
    assert len(sizes) > 20
    assert min(sizes) >= 26
