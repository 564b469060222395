"""The monthly report as a file, and a report said aloud, through the real processes."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from mentorium_sandbox.client import FakeParent, callback_buttons
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import believable_week
from tests.fixtures.patience import HANGS_AFTER_S


async def _reported(sandbox: Sandbox, language: str, period: str) -> FakeParent:
    child = await sandbox.child("Iroda", "Hamidova")
    await believable_week(sandbox, child)
    parent = await sandbox.parent(language)
    await parent.register(child)
    await parent.say("/report")
    await parent.press(f"report:{period}")
    return parent


def _button(parent: FakeParent, begin: str) -> str:
    return next(data for message in parent.last for data in callback_buttons(message) if data.startswith(begin))


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
async def test_the_monthly_report_as_a_pdf(sandbox: Sandbox, language: str) -> None:
    parent = await _reported(sandbox, language, "month")
    await parent.press(_button(parent, "report:pdf:"))
    (sent,) = [message for message in parent.last if "document" in message]
    assert sent["document"]["file_name"].endswith(".pdf")
    reader = PdfReader(BytesIO(await sandbox.file(sent["document"]["file_id"])))
    assert str(reader.root_object["/Lang"]).startswith(language)
    assert "Iroda" in reader.pages[0].extract_text()


async def test_a_report_said_aloud_by_a_button(sandbox: Sandbox) -> None:
    """By espeak-ng, as `make demo` has it."""
    parent = await _reported(sandbox, "uz", "week")
    await parent.press(_button(parent, "report:voice:"))
    voice = await _voice(parent)
    assert 5 <= voice["voice"]["duration"] <= 60
    assert (await sandbox.file(voice["voice"]["file_id"])).startswith(b"OggS")


async def _voice(parent: FakeParent) -> Any:
    async with asyncio.timeout(HANGS_AFTER_S):
        while not (found := [message for message in await parent.messages() if "voice" in message]):
            await asyncio.sleep(0.2)
    return found[0]
