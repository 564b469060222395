"""What picture and PDF share besides `theme.typ`: the folder, the fonts and what they hold, the colour of a verdict."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

import typst

from mentorium_core.progress.model import Verdict

FOLDER: Final = Path(__file__).parent
TONES: Final = {
    Verdict.ON_TRACK: "good",
    Verdict.FINISHED: "good",
    Verdict.SLOWED_DOWN: "slow",
    Verdict.PAUSED: "slow",
    Verdict.TOO_EARLY: "calm",
    Verdict.AS_USUAL: "calm",
    Verdict.UNEVEN: "calm",
    Verdict.UNDER_WAY: "calm",
}
# The font holds Latin, Cyrillic and the signs of our languages; anything else would be drawn as empty boxes.
_NOT_IN_FONT: Final = re.compile(
    "[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u0148\u014a-\u017f\u0259\u018f\u02b9-\u02bc\u02bf\u0400-\u0479\u0480-\u049d"
    "\u04a0-\u04ff\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u20ac\u2116\u2122]+"
)


def drawable(text: str) -> str:
    """The text without what the font lacks; letters with their marks in one piece, where there is one."""
    return _NOT_IN_FONT.sub("", unicodedata.normalize("NFC", text)).strip()


def compiler(template: str) -> typst.Compiler:
    """Of a template in this folder, with our fonts alone. It bears one thread."""
    return typst.Compiler(input=str(FOLDER / template), root=str(FOLDER), font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER / "fonts")])
