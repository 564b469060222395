"""The pictures of the twelve children and of one in each language as somebody has looked at them.

What is drawn is compared as text. The drawing itself is compared for one child a language, small and in grey, so that
no rounding of a renderer shows and every figure or bar that moves does. GOLDEN=write writes both anew: look at them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from mentorium_core.advice.model import Memory
from mentorium_core.billing.model import Access
from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.rules import compose
from mentorium_domain.enums import Language
from mentorium_rendering.picture import render_picture
from tests.unit.core.reports.golden_files import approved
from tests.unit.core.reports.twelve import MONTH, NOW, TWELVE, WEEK
from tests.unit.rendering.picture_text import picture_text

GOLDEN = Path(__file__).parent / "golden"
WIDTH = 360
_SQUARE = 24
_LIKE = 6.0
"""Of 255: more than what another renderer's rounding makes of a square, less than any figure that is another."""


def _documents() -> Iterator[ReportDocument]:
    for one in TWELVE:
        for period in (WEEK, MONTH):
            yield compose(one.facts(period), NOW, Access.FULL, Memory(), asked=False)


@pytest.mark.parametrize("language", Language)
def test_pictures_show_what_was_approved(language: Language) -> None:
    told, golden = approved(GOLDEN / f"{language}.txt", (picture_text(document, language) for document in _documents()))
    assert told == golden


@pytest.mark.parametrize("language", Language)
async def test_a_picture_looks_as_it_was_approved(language: Language) -> None:
    golden = GOLDEN / f"{language}.png"
    drawn = await _drawn(_the_one(), language)
    if os.environ.get("GOLDEN") == "write":
        drawn.save(golden, optimize=True)
    assert _difference(drawn, Image.open(golden)) < _LIKE


async def test_another_figure_is_another_picture() -> None:
    """Or the comparison would hold for anything."""
    facts = TWELVE[1].facts(WEEK)
    changed = replace(facts, lessons_done=facts.lessons_done + 1)
    other = compose(changed, NOW, Access.FULL, Memory(), asked=False)
    assert _difference(await _drawn(other, "en"), Image.open(GOLDEN / "en.png")) > _LIKE


def _the_one() -> ReportDocument:
    return compose(TWELVE[1].facts(WEEK), NOW, Access.FULL, Memory(), asked=False)


async def _drawn(document: ReportDocument, language: str) -> Image.Image:
    """As wide as a small telephone, in 16 shades of grey."""
    with Image.open(BytesIO(await render_picture(document, language))) as picture:
        height = round(picture.height * WIDTH / picture.width)
        small = picture.convert("L").resize((WIDTH, height), Image.Resampling.BOX)
    return small.quantize(16, dither=Image.Dither.NONE).convert("L")


def _difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of that square of the two in which they differ most, 0 to 255; all of it for another size."""
    if one.size != other.size:
        return 255.0
    differing = ImageChops.difference(one, other.convert("L"))
    squares = [
        differing.crop((x, y, x + _SQUARE, y + _SQUARE))
        for x in range(0, one.width, _SQUARE // 2)
        for y in range(0, one.height, _SQUARE // 2)
    ]
    return max(ImageStat.Stat(square).mean[0] for square in squares)
