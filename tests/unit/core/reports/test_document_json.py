"""A stored document is read back as it was composed. The history has no other reader yet than this."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from mentorium_core.advice.model import DoneTogether, HardTest, Improvement, Memory
from mentorium_core.billing.model import Access
from mentorium_core.progress.model import ForecastRange, Period, PeriodKind, Titles, Verdict
from mentorium_core.reports.document_json import dump_document, load_document
from mentorium_core.reports.model import (
    Achievement,
    Bar,
    Block,
    Chart,
    CourseLine,
    DueSoon,
    Meter,
    PeriodNote,
    ReportDocument,
    StaleNote,
    StrongTopic,
    Tone,
    WeekLine,
    Wording,
)
from mentorium_core.reports.rules import compose
from tests.unit.core.reports.random_facts import RandomLearner

FACTS, FACTS_JSON = Titles(uz="Faktlar", ru="Факты"), {"type": "Titles", "uz": "Faktlar", "ru": "Факты", "en": None}
# As rows of report_history were written at first: every record names its type, blocks and all within them.
OLD_ROW: dict[str, Any] = {
    "type": "ReportDocument",
    "student_id": 42,
    "name": "Азиза",
    "period": {"type": "Period", "first_day": "2026-11-16", "last_day": "2026-11-22", "kind": "week"},
    "wording": "wording-2",
    "verdict": "slowed_down",
    "blocks": [
        {"type": "PeriodNote"},
        {"type": "StrongTopic", "title": FACTS_JSON, "percent": "66.5"},
        {
            "type": "Improvement",
            "shortfall": {
                "type": "HardTest",
                "title": FACTS_JSON,
                "score": "11.0",
                "max_score": "20",
                "percent": "55.00",
            },
            "action_id": "any-3",
        },
        {"type": "DueSoon", "title": FACTS_JSON, "due_on": "2026-11-27"},
        {
            "type": "CourseLine",
            "title": FACTS_JSON,
            "done": 16,
            "required": 40,
            "forecast": {"type": "ForecastRange", "first_month": "2027-01-01", "last_month": "2027-02-01"},
        },
        {"type": "StaleNote", "as_of": "2026-11-21T23:30:00+05:00"},
    ],
    "chart": {
        "type": "Chart",
        "bars": [{"type": "Bar", "day": "2026-11-16", "seconds": 420, "before_seconds": None}],
        "topics": [],
        "courses": [{"type": "Meter", "title": FACTS_JSON, "percent": "40", "tone": "calm"}],
    },
}
OLD_DOCUMENT = ReportDocument(
    student_id=42,
    name="Азиза",
    period=Period(date(2026, 11, 16), date(2026, 11, 22), PeriodKind.WEEK),
    wording=Wording.SECOND,
    verdict=Verdict.SLOWED_DOWN,
    blocks=(
        PeriodNote(),
        StrongTopic(FACTS, Decimal("66.5")),
        Improvement(HardTest(FACTS, Decimal("11.0"), Decimal(20), Decimal("55.00")), "any-3"),
        DueSoon(FACTS, date(2026, 11, 27)),
        CourseLine(FACTS, 16, 40, ForecastRange(date(2027, 1, 1), date(2027, 2, 1))),
        StaleNote(datetime(2026, 11, 21, 18, 30, tzinfo=UTC)),
    ),
    chart=Chart((Bar(date(2026, 11, 16), 420, None),), (), (Meter(FACTS, Decimal(40), Tone.CALM),)),
)


def members(union: Any) -> set[type]:
    return set(get_args(get_args(union)[0]))


def test_whatever_is_stored_is_read_back() -> None:
    blocks: set[type] = set()
    wins: set[type] = set()
    for seed in range(1500):
        learner = RandomLearner(seed)
        access = Access.LIMITED if seed % 7 == 0 else Access.FULL
        document = compose(learner.facts, learner.now, access, Memory(), asked=seed % 2 == 0)
        stored = json.loads(json.dumps(dump_document(document)))
        assert load_document(stored) == document
        assert [block["type"] for block in stored["blocks"]] == [type(block).__name__ for block in document.blocks]
        blocks |= {type(block) for block in document.blocks}
        wins |= {type(getattr(block, "achievement", None)) for block in document.blocks}
    assert blocks == members(Block) - {DoneTogether, WeekLine}
    assert wins >= members(Achievement)


def test_a_months_week_is_read_back() -> None:
    """A block that no single period has: a month that begins on a Monday tells its week, too."""
    week = Period(date(2027, 1, 25), date(2027, 1, 31), PeriodKind.WEEK)
    document = replace(OLD_DOCUMENT, blocks=(WeekLine(week, Verdict.ON_TRACK, False, 4500, 3),))
    assert load_document(json.loads(json.dumps(dump_document(document)))) == document


def test_rows_stored_before_are_read() -> None:
    assert load_document(OLD_ROW) == OLD_DOCUMENT
    assert load_document(dump_document(OLD_DOCUMENT)) == OLD_DOCUMENT


@pytest.mark.parametrize("blocks", [[{"type": "Horoscope"}], [{}], [{"type": "Overdue"}], ["PeriodNote"]])
def test_a_block_nobody_knows_is_not_read_as_another(blocks: list[Any]) -> None:
    with pytest.raises(ValidationError):
        load_document({**OLD_ROW, "blocks": blocks})
