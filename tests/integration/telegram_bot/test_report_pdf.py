"""The monthly report as a file: by its button, judged when it is pressed, and what is said where it cannot be made."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text

import mentorium_db
from mentorium_bot.container import Container
from mentorium_core.i18n import t
from mentorium_core.reports.pdf_file import MakeReportPdf
from mentorium_domain.enums import Language
from mentorium_kit.errors import MentoriumError
from mentorium_sandbox.client import callback_buttons
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import plain, subscribed_parent


async def reported(outside: Outside, user: int, period: str) -> Any:
    (asked,) = await outside.say(user, "/report")
    (report,) = (await outside.press(user, asked, f"report:{period}")).replies
    return report


def pdf_button(report: Any) -> str:
    return next(data for data in callback_buttons(report) if data.startswith("report:pdf:"))


async def failures() -> list[dict[str, Any]]:
    async with mentorium_db.get_session() as session:
        found = await session.execute(
            text("SELECT metadata FROM event_logs WHERE event_name = 'pdf_failed' ORDER BY id")
        )
        return [row[0] for row in found]


async def test_a_monthly_report_is_given_as_a_file(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside, "Aziz")
    (sent,) = (await outside.press(user, report := await reported(outside, user, "month"), pdf_button(report))).replies
    assert re.fullmatch(r"mentorium-\d{4}-\d\d\.pdf", sent["document"]["file_name"]), "whose it is, is not in its name"
    assert "Aziz" in sent["caption"]
    stored = outside.world.files.by_id(sent["document"]["file_id"])
    assert stored is not None
    pages = PdfReader(BytesIO(stored.data)).pages
    assert "Aziz" in pages[0].extract_text()


async def test_a_week_has_no_file(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside, "Aziz")
    week = await reported(outside, user, "week")
    (why,) = [data for data in callback_buttons(week) if data.startswith("report:why:")]
    assert not [data for data in callback_buttons(week) if data.startswith("report:pdf")]
    pressed = await outside.press(user, week, why.replace("why", "pdf"))
    assert (pressed.callback_text, pressed.replies) == (t("en", "fallback-button"), [])


async def test_the_file_of_somebody_elses_report_is_not_given(outside: Outside, bot: Container) -> None:
    user, stranger = await subscribed_parent(outside, "Aziz"), await subscribed_parent(outside, "Bahrom")
    month = await reported(outside, user, "month")
    (message,) = await outside.say(stranger, "/help")
    pressed = await outside.press(stranger, message, pdf_button(month))
    assert (pressed.callback_text, pressed.replies) == (t("en", "fallback-button"), [])


async def test_files_are_limited_per_parent(outside: Outside, bot: Container) -> None:
    user, other = await subscribed_parent(outside, "Aziz"), await subscribed_parent(outside, "Bahrom")
    month, others = await reported(outside, user, "month"), await reported(outside, other, "month")
    for _ in range(6):
        assert (await outside.press(user, month, pdf_button(month))).replies[0]["document"]
    (refused,) = (await outside.press(user, month, pdf_button(month))).replies
    assert plain([refused]) == t("en", "pdf-too-many")
    assert (await outside.press(other, others, pdf_button(others))).replies[0]["document"], "nobody else pays for it"


async def _fails(_document: object, _language: Language, _made_on: date) -> bytes:
    raise MentoriumError("pdf_failed", reason="a font is gone")


async def _hangs(_document: object, _language: Language, _made_on: date) -> bytes:
    await asyncio.Event().wait()
    return b""


@pytest.mark.parametrize(
    ("writer", "code"), [(_fails, "pdf_failed"), (_hangs, "deadline_exceeded")], ids=["failing", "slow"]
)
async def test_a_typst_that_fails_or_is_slow_costs_a_kind_sentence_and_an_event(
    outside: Outside, bot: Container, writer: Any, code: str
) -> None:
    user = await subscribed_parent(outside, "Aziz")
    month = await reported(outside, user, "month")
    bot.dispatcher["make_report_pdf"] = MakeReportPdf(writer, longest_wait_s=0.2)
    (said,) = (await outside.press(user, month, pdf_button(month))).replies
    assert plain([said]) == t("en", "pdf-not-made")
    (failure,) = await failures()
    assert failure["code"] == code
    assert "Aziz" not in str(failure)
