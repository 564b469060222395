"""A month of a family's life, lived by the clock: exactly the messages that somebody has read, in each language.

GOLDEN=write writes `golden/month-<language>.txt` anew: read what has changed.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mentorium_sandbox.client import Child, FakeParent
from tests.e2e.sandbox import Sandbox, running_sandbox

TASHKENT = ZoneInfo("Asia/Tashkent")
GOLDEN = Path(__file__).parent / "golden"
BEGINS = datetime(2026, 10, 31, 12, 0, tzinfo=TASHKENT)  # a Saturday
ENDS = datetime(2026, 12, 4, 12, 0, tzinfo=TASHKENT)
NAMES = {"uz": "Shahlo", "ru": "Полина", "en": "Grace"}
COURSE = "neural-networks-start"
ASKED_FOR = frozenset({"PAYMENT"})
Deed = tuple[str, dict[str, Any]]


def lesson(minutes: int) -> list[Deed]:
    return [("activity_day", {"active_seconds": minutes * 60}), ("lesson", {})]


def exam(title: str, score: int, topic: str) -> list[Deed]:
    return [("attempt", {"title": title, "score": score, "max_score": 20, "topic": topic})]


STORY: dict[tuple[int, int], list[Deed]] = {
    # the first week: a start, a hard test and its retake
    (3, 16): lesson(30),
    (5, 16): [*lesson(40), *exam("Check 1", 9, "text_prompts")],
    (7, 11): exam("Check 1", 15, "text_prompts"),
    # the second: a full score by day, a word of the teacher in the evening, an award at night
    (10, 17): lesson(35),
    (11, 17): [*lesson(45), *exam("Check 2", 20, "image_prompts")],
    (12, 22): [("comment", {"body": "A good week.", "author_name": "Nodira Saidova"})],
    (13, 15): [*lesson(50), ("award", {"code": "lessons_10"})],
    # then nothing for twelve days, and back again
    (25, 16): lesson(20),
    (26, 16): [*lesson(30), *exam("Check 3", 16, "fact_checking")],
    (28, 12): lesson(25),
}
MATERIALS = {(24, 10): "Material A", (25, 10): "Material B"}


@pytest.mark.asyncio(loop_scope="session")
async def test_a_month_brings_exactly_these_messages(tmp_path: Path) -> None:
    folder = tmp_path / "month"
    folder.mkdir()
    (folder / "clock").write_text(f"{(BEGINS - datetime.now(TASHKENT)).total_seconds()}\n", encoding="utf-8")
    async with running_sandbox(folder) as sandbox:
        families = {language: await _family(sandbox, language) for language in NAMES}
        before = {language: len(await _sent(sandbox, parent)) for language, (parent, _) in families.items()}
        await _live(sandbox, [child for _, child in families.values()])
        told = {language: await _sent(sandbox, parent) for language, (parent, _) in families.items()}
        for language, rows in told.items():
            _hold_the_rules(rows[before[language] :])
            golden = GOLDEN / f"month-{language}.txt"
            text = "\n\n".join(_written(row) for row in rows) + "\n"
            if os.environ.get("GOLDEN") == "write":
                golden.write_text(text, encoding="utf-8")
            assert text == golden.read_text(encoding="utf-8")
        await sandbox.kill_part("worker")
        await sandbox.wait_until_ready()
        await sandbox.advance_clock("PT1M")
        for language, (parent, _) in families.items():
            assert len(await _sent(sandbox, parent)) == len(told[language]), "the second run adds none"


async def _family(sandbox: Sandbox, language: str) -> tuple[FakeParent, Child]:
    child = await sandbox.child(NAMES[language], "Rahimova")
    parent = await sandbox.parent(language)
    await parent.register(child)
    return parent, child


async def _live(sandbox: Sandbox, children: list[Child]) -> None:
    """From deed to deed; on the way happens what falls due."""
    for day, hour in sorted({*STORY, *MATERIALS}):
        now = BEGINS.replace(month=11, day=day, hour=hour)
        await sandbox.move_clock_to(now)
        if title := MATERIALS.get((day, hour)):
            await sandbox.call("POST", "platform/activity", {"kind": "material", "course": COURSE, "title": title})
        for kind, what in STORY.get((day, hour), ()):
            for child in children:
                on = {"day": now.date().isoformat()} if kind == "activity_day" else {}
                await child.did(kind, **what, **on)
    await sandbox.move_clock_to(ENDS)


async def _sent(sandbox: Sandbox, parent: FakeParent) -> list[Any]:
    return await sandbox.rows(
        "SELECT notification_type AS kind, status, reason, message, send_at, sent_at FROM notifications "
        "WHERE parent_telegram_id = $1 ORDER BY coalesce(sent_at, send_at), id",
        parent.id,
    )


def _written(row: Any) -> str:
    """The hour is enough: how many seconds a machine takes is no part of the story."""
    if row["sent_at"] is None:
        return f"### {row['kind']} {row['status']}: {row['reason']}\n{row['message']}"
    return f"### {_local(row):%a %d.%m. %H h} {row['kind']} {row['status']}\n{row['message']}"


def _local(row: Any) -> datetime:
    moment: datetime = row["sent_at"]
    return moment.astimezone(TASHKENT)


def _hold_the_rules(rows: list[Any]) -> None:
    """Of what nobody asked for: nothing at night, one a day and three in seven days beside the reports."""
    unasked = [row for row in rows if row["kind"] not in ASKED_FOR and row["sent_at"] is not None]
    assert all(8 <= _local(row).hour < 21 for row in unasked)
    news = Counter(_local(row).date() for row in unasked if row["kind"] in {"ACHIEVEMENT", "REMINDER"})
    assert max(news.values(), default=0) <= 1
    assert all(sum(news[day + timedelta(days=n)] for n in range(7)) <= 3 for day in list(news))
