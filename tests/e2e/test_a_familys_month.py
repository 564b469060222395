"""A month of a family's life, lived by the clock: exactly the messages that somebody has read, in each language.

GOLDEN=write writes `golden/month-<language>.txt` anew: read what has changed. At each commit it is lived until the
first news of both kinds; the whole of it with `HARDSHIP_LONG=1`, or to write it.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mentorium_sandbox.client import Child, FakeParent
from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.fixtures.long_form import LONG

TASHKENT = ZoneInfo("Asia/Tashkent")
GOLDEN = Path(__file__).parent / "golden"
# A Thursday: the month before ends on a day of its own, and the next one begins on a Monday, with a week.
BEGINS = datetime(2026, 12, 31, 12, 0, tzinfo=TASHKENT)
ENDS = datetime(2027, 2, 4, 12, 0, tzinfo=TASHKENT)
WRITES = os.environ.get("GOLDEN") == "write"
LIVED_UNTIL = ENDS if LONG or WRITES else datetime(2027, 1, 15, 12, 0, tzinfo=TASHKENT)
QUIET = "quiet"  # an English one that has switched off all that can be
NAMES = {"uz": "Shahlo", "ru": "Полина", "en": "Grace", QUIET: "Harriet"}
COURSE = "neural-networks-start"
ASKED_FOR = frozenset({"PAYMENT"})
Deed = tuple[str, dict[str, Any]]


def lesson(minutes: int) -> list[Deed]:
    return [("activity_day", {"active_seconds": minutes * 60}), ("lesson", {})]


def exam(title: str, score: int, topic: str) -> list[Deed]:
    return [("attempt", {"title": title, "score": score, "max_score": 20, "topic": topic})]


STORY: dict[tuple[int, int], list[Deed]] = {
    # the first week: a start, a hard test and its retake
    (5, 16): lesson(30),
    (7, 16): [*lesson(40), *exam("Check 1", 9, "text_prompts")],
    (9, 11): exam("Check 1", 15, "text_prompts"),
    # the second: a full score by day, a word of the teacher in the evening, an award at night
    (12, 17): lesson(35),
    (13, 17): [*lesson(45), *exam("Check 2", 20, "image_prompts")],
    (14, 22): [("comment", {"body": "A good week.", "author_name": "Nodira Saidova"})],
    (15, 15): [*lesson(50), ("award", {"code": "lessons_10"})],
    # then nothing for twelve days, and back again
    (27, 16): lesson(20),
    (28, 16): [*lesson(30), *exam("Check 3", 16, "fact_checking")],
    (30, 12): lesson(25),
}
MATERIALS = {(26, 10): "Material A", (27, 10): "Material B"}


async def test_a_month_brings_exactly_these_messages(tmp_path: Path) -> None:
    folder = tmp_path / "month"
    folder.mkdir()
    (folder / "clock").write_text(f"{(BEGINS - datetime.now(TASHKENT)).total_seconds()}\n", encoding="utf-8")
    async with running_sandbox(folder, forked=True) as sandbox:
        families = {name: await _family(sandbox, name) for name in NAMES}
        await _switch_all_off(families[QUIET][0])
        since = await sandbox.last_bot_call()
        before = {language: len(await _sent(sandbox, parent)) for language, (parent, _) in families.items()}
        await _live(sandbox, [child for _, child in families.values()])
        told = {language: await _sent(sandbox, parent) for language, (parent, _) in families.items()}
        for language, rows in told.items():
            news = _hold_the_rules(rows[before[language] :])
            assert (news > 0) is (language != QUIET)
            golden = GOLDEN / f"month-{language}.txt"
            text = "\n\n".join(_written(row) for row in rows) + "\n"
            if WRITES:
                golden.write_text(text, encoding="utf-8")
            assert text == _until(LIVED_UNTIL, golden.read_text(encoding="utf-8"))
        unasked = {row["kind"] for row in told[QUIET][before[QUIET] :] if row["sent_at"]}
        kinds, sounds = ({"SUBSCRIPTION"}, {False}) if LIVED_UNTIL == ENDS else (set(), set())
        assert unasked == kinds
        assert set(await _sounds(sandbox, families[QUIET][0], since)) == sounds
        assert True in await _sounds(sandbox, families["en"][0], since)
        await sandbox.kill_part("worker")
        await sandbox.wait_until_ready()
        await sandbox.advance_clock("PT1M")
        for language, (parent, _) in families.items():
            assert len(await _sent(sandbox, parent)) == len(told[language]), "the second run adds none"


async def _family(sandbox: Sandbox, name: str) -> tuple[FakeParent, Child]:
    child = await sandbox.child(NAMES[name], "Rahimova")
    parent = await sandbox.parent("en" if name == QUIET else name)
    await parent.register(child)
    return parent, child


async def _switch_all_off(parent: FakeParent) -> None:
    await parent.say("/settings")
    for switch in ("achievement", "reminder", "subscription", "payment"):
        await parent.press(f"notify:{switch}:off:all")
    for button in ("notify:reports", "freq:off"):
        await parent.press(button)


async def _sounds(sandbox: Sandbox, parent: FakeParent, since: int) -> list[bool]:
    """Of each message that came to this parent, whether it rang."""
    calls = [call["params"] for call in await sandbox.bot_calls(after=since) if call["method"].startswith("send")]
    return [not call.get("disable_notification") for call in calls if str(call.get("chat_id")) == str(parent.id)]


async def _live(sandbox: Sandbox, children: list[Child]) -> None:
    """From deed to deed; on the way happens what falls due."""
    for day, hour in sorted({*STORY, *MATERIALS}):
        now = datetime(2027, 1, day, hour, tzinfo=TASHKENT)
        if now > LIVED_UNTIL:
            break
        await sandbox.move_clock_to(now)
        if title := MATERIALS.get((day, hour)):
            await sandbox.call("POST", "platform/activity", {"kind": "material", "course": COURSE, "title": title})
        for kind, what in STORY.get((day, hour), ()):
            for child in children:
                on = {"day": now.date().isoformat()} if kind == "activity_day" else {}
                await child.did(kind, **what, **on)
    await sandbox.move_clock_to(LIVED_UNTIL)


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


def _until(moment: datetime, golden: str) -> str:
    """What stands there of the time until then. What was never sent has no hour: it goes with what follows it."""
    if moment == ENDS:
        return golden
    told = golden.removesuffix("\n").split("\n\n### ")
    last = max(place for place, block in enumerate(told) if (hour := _hour(block)) and hour <= moment)
    return "\n\n### ".join(told[: last + 1]) + "\n"


def _hour(block: str) -> datetime | None:
    said = re.match(r"(?:### )?\w{3} (\d\d)\.(\d\d)\. (\d\d) h ", block)
    if said is None:
        return None
    day, month, hour = map(int, said.groups())
    return datetime(2026 if month == 12 else 2027, month, day, hour, tzinfo=TASHKENT)


def _local(row: Any) -> datetime:
    moment: datetime = row["sent_at"]
    return moment.astimezone(TASHKENT)


def _hold_the_rules(rows: list[Any]) -> int:
    """Of what nobody asked for: nothing at night, one a day and three in seven days beside the reports.

    How much there was beside them.
    """
    unasked = [row for row in rows if row["kind"] not in ASKED_FOR and row["sent_at"] is not None]
    assert all(8 <= _local(row).hour < 21 for row in unasked)
    news = Counter(_local(row).date() for row in unasked if row["kind"] in {"ACHIEVEMENT", "REMINDER"})
    assert max(news.values(), default=0) <= 1
    assert all(sum(news[day + timedelta(days=n)] for n in range(7)) <= 3 for day in list(news))
    return news.total()
