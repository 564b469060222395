"""A report: one picture whose caption is the whole text, and every number in it true."""

from __future__ import annotations

import re
import struct
from typing import Any

import pytest

from mentorium_sandbox.client import FakeParent, callback_buttons, plain_text
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import believable_week, last_monday

NAMED = {  # study time 2 h (1 h before), three active days, two lessons, tests 18/20 and 9/20
    "uz": [r"2 soat", r"\b3 kun", r"\b2 ta dars", r"18", r"\b9\b"],
    "ru": [r"2 ч", r"\b3 дн", r"\b2 урок", r"18", r"\b9\b"],
    "en": [r"2 h", r"\b3 (active )?days", r"\b2 lessons", r"18", r"\b9\b"],
}


async def _photo_size(sandbox: Sandbox, message: Any) -> tuple[int, int]:
    data = await sandbox.file(message["photo"][-1]["file_id"])
    assert data.startswith(b"\xff\xd8\xff"), "a JPEG"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


async def _registered(sandbox: Sandbox, language: str) -> FakeParent:
    child = await sandbox.child("Iroda", "Hamidova")
    await believable_week(sandbox, child)
    parent = await sandbox.parent(language)
    await parent.register(child)
    return parent


@pytest.mark.parametrize("language", sorted(NAMED))
async def test_the_last_finished_week(sandbox: Sandbox, language: str) -> None:
    parent = await _registered(sandbox, language)
    await parent.say("/report")
    assert callback_buttons(parent.last[-1])[:2] == ["report:week", "report:month"]
    await parent.press("report:week")
    (report,) = [message for message in parent.last if message.get("photo")]
    caption = report["caption"].replace("\u00a0", " ")
    assert len(caption.encode("utf-16-le")) // 2 <= 1024
    assert "Iroda" in caption
    for pattern in NAMED[language]:
        assert re.search(pattern, caption), (pattern, caption)
    lines = caption.splitlines()
    for sign in "✅🎯💬":
        assert sum(line.startswith(sign) for line in lines) == 1, (sign, caption)
    width, height = await _photo_size(sandbox, report)
    assert width >= 1080
    assert height >= 1080
    monday = await last_monday(sandbox)
    rows = await sandbox.rows(
        "SELECT report_type, report_period, content, template_id FROM report_history WHERE parent_telegram_id = $1",
        parent.id,
    )
    (row,) = rows
    assert row["report_type"] == "ON_DEMAND"
    assert row["report_period"].startswith(monday.date().isoformat())
    assert row["content"] == report["caption"]
    assert row["template_id"]


@pytest.mark.parametrize("language", sorted(NAMED))
async def test_the_last_finished_month(sandbox: Sandbox, language: str) -> None:
    parent = await _registered(sandbox, language)
    await parent.say("/report")
    await parent.press("report:month")
    text = plain_text(parent.last)
    assert "Iroda" in text
    rows = await sandbox.rows("SELECT content FROM report_history WHERE parent_telegram_id = $1", parent.id)
    assert [row["content"] for row in rows] == [text]


async def test_an_idle_week_is_short_and_blames_nobody(sandbox: Sandbox) -> None:
    child = await sandbox.child("Umid", "Hamidov")
    monday = await last_monday(sandbox)
    await child.did("lesson", at=monday.replace(hour=12).isoformat())
    parent = await sandbox.parent("en")
    await parent.register(child)
    quiet = await sandbox.child("Sevara", "Hamidova")
    other = await sandbox.parent("en")
    await other.register(quiet)
    await other.say("/report")
    await other.press("report:week")
    text = plain_text(other.last)
    assert len(text) <= 300
    assert "🎯" not in text


async def test_several_children_are_asked_about(sandbox: Sandbox) -> None:
    mail = "two.children@example.uz"
    first = await sandbox.child("Ali", "Valiyev", email=mail)
    second = await sandbox.child("Vali", "Valiyev", email=mail)
    assert first.guardian_id == second.guardian_id
    parent = await sandbox.parent("en")
    await parent.register(second)
    await parent.say("/report")
    offered = [button for message in parent.last for button in callback_buttons(message)]
    assert {f"child:{first.student_id}", f"child:{second.student_id}"} <= set(offered)
    await parent.press(f"child:{second.student_id}")
    await parent.press("report:week")
    assert "Vali" in plain_text(parent.last)


async def test_without_a_subscription_the_verdict_remains(sandbox: Sandbox) -> None:
    child = await sandbox.child("Iroda", "Hamidova")
    await believable_week(sandbox, child)
    parent = await sandbox.parent("en")
    await parent.start(child.link_code)
    await parent.press("lang:en")
    await parent.press("consent:yes")
    await parent.say("/report")
    await parent.press("report:week")
    text = plain_text(parent.last)
    assert "Iroda" in text
    assert "🎯" not in text


async def test_a_model_words_the_report_and_a_parent_may_do_without(sandbox: Sandbox) -> None:
    """Its words around our figures, marked; what is wrong in them reaches nobody; the settings are the parent's."""
    parent = await _registered(sandbox, "en")
    await parent.say("/settings")
    await parent.press("tone:neutral")  # nobody else in this sandbox has reports that are alike
    seen = max((request["seq"] for request in await sandbox.model_requests()), default=0)
    await parent.say("/report")
    await parent.press("report:week")
    worded = plain_text(parent.last)
    assert "AI: a model's words" in worded
    (request,) = await sandbox.model_requests(seen)
    assert request["body"]["response_format"]["type"] == "json_schema"
    assert "Iroda" not in str(request["body"])
    await parent.say("/settings")
    assert {"ai:off", "tone:brief", "reportlang:uz"} <= set(callback_buttons(parent.last[-1]))
    await parent.press("ai:off")
    await parent.press("tone:brief")
    await parent.press("reportlang:uz")
    await parent.say("/report")
    await parent.press("report:week")
    brief = plain_text(parent.last)
    assert "AI:" not in brief
    assert "haftasi" in brief
    assert "•" not in brief
    assert [one["seq"] for one in await sandbox.model_requests(seen)] == [request["seq"]]
    await parent.say("/settings")
    await parent.press("ai:on")
    for attack in ("direction", "comparison"):
        await sandbox.script_model(attack=attack, match="achievements")
    await parent.say("/report")
    await parent.press("report:week")
    assert "oshdi" not in plain_text(parent.last)
