"""Whatever a parent sends, there is one clear answer in their language, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from mentorium_sandbox.client import FakeParent, plain_text
from tests.e2e.sandbox import Sandbox

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest_asyncio.fixture(params=["stranger", "registered"])
async def parent(request: pytest.FixtureRequest, sandbox: Sandbox) -> FakeParent:
    parent = await sandbox.parent("ru")
    if request.param == "registered":
        await parent.register(await sandbox.child("Amir", "Latipov"))
    return parent


@pytest.mark.parametrize(
    "message",
    [
        {"sticker": True},
        {"photo_base64": PIXEL},
        {"text": "\u202e\u0000\u200b🙂"},
        {"text": "/nonsense"},
        {"text": "Robert'); DROP TABLE parents;--"},
        {"contact": {"phone_number": "+998900000000", "first_name": "X", "user_id": 1}},
    ],
    ids=["sticker", "photo", "odd characters", "unknown command", "sql", "a foreign contact"],
)
async def test_odd_messages(parent: FakeParent, message: dict[str, Any]) -> None:
    assert plain_text(await parent.send(**message))


async def test_ten_thousand_characters(parent: FakeParent) -> None:
    assert plain_text(await parent.say("слово " * 1667, wait_s=30))


@pytest.mark.parametrize(
    "data",
    ["child:1", "child:999999999999999999999", "report:year", "lang:xx", "tariff:free", "consent:maybe", "x" * 64, ":"],
)
async def test_made_up_callback_data(parent: FakeParent, data: str) -> None:
    await parent.say("/help")
    answer = await parent.press(data, message=parent.last[-1])
    assert answer.callback_answer is not None, "no button is left spinning"


async def test_a_child_of_somebody_else_is_as_unknown_as_a_random_one(sandbox: Sandbox) -> None:
    theirs = await sandbox.child("Nilufar", "Boshqa")
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Amir", "Latipov"))
    await parent.say("/report")
    message = parent.last[-1]
    foreign = await parent.press(f"child:{theirs.student_id}", message=message)
    unknown = await parent.press("child:987654321", message=message)
    assert foreign.callback_answer == unknown.callback_answer
    assert "Nilufar" not in plain_text(await parent.messages())
