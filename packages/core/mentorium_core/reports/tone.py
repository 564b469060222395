"""How a report speaks: warm as it is written, neutral without signs and praise, brief without what can wait."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mentorium_core.progress.model import Verdict
from mentorium_core.reports.model import (
    Awards,
    Block,
    CourseLine,
    MoreTests,
    NewMaterials,
    NextStep,
    PeriodNote,
    ReportDocument,
    StrongTopic,
    TestScore,
    TestsTaken,
    Trend,
)
from mentorium_domain.enums import ReportTone

_CAN_WAIT: Final[tuple[type[Block], ...]] = (
    PeriodNote,
    Awards,
    StrongTopic,
    NewMaterials,
    NextStep,
    CourseLine,
)
_TESTS_BY_NAME: Final = (TestScore, MoreTests)
_SIGN: Final = re.compile(r"^[\u2190-\u2bff\U0001f000-\U0001faff][\ufe0e\ufe0f]? ", re.MULTILINE)
"""What stands before a line to be found by: a symbol and a space."""


def in_tone(blocks: Sequence[Block], document: ReportDocument) -> list[Block]:
    """What of these blocks is told at all. A single test is told by its name, as it has no other figure."""
    if document.tone is not ReportTone.BRIEF:
        return list(blocks)
    tests = next((block.count for block in blocks if isinstance(block, TestsTaken) and block.average is not None), 0)
    hidden = _CAN_WAIT if tests == 1 else (*_CAN_WAIT, *_TESTS_BY_NAME)
    if document.verdict is not Verdict.UNEVEN:
        hidden = (*hidden, Trend)
    return [block for block in blocks if not isinstance(block, hidden)]


def variant_of(document: ReportDocument, *, is_praise: bool) -> str:
    """The number of the wording; where the tone is neutral the praise has one, the plainest."""
    if is_praise and document.tone is ReportTone.NEUTRAL:
        return "1"
    return document.wording.number


def plain_where_neutral(text: str, document: ReportDocument) -> str:
    """Without signs where the tone is neutral; the points of a list stay."""
    return _SIGN.sub("", text) if document.tone is ReportTone.NEUTRAL else text
