"""A report that was asked for, where its picture cannot be had: the words are given without it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mentorium_bot.container import Container
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.reports.model import ReportDocument
from mentorium_domain.enums import Language, Tariff
from mentorium_kit import clock
from mentorium_rendering.picture import PictureError
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import plain


async def _not_taken(document: ReportDocument, language: Language) -> bytes:
    return b"no picture at all"


async def _not_drawn(document: ReportDocument, language: Language) -> bytes:
    raise PictureError("picture_failed")


@pytest.mark.parametrize("paint", [_not_taken, _not_drawn], ids=["not taken by Telegram", "not drawn by typst"])
async def test_a_report_whose_picture_cannot_be_had_is_told_in_words(
    outside: Outside, bot: Container, paint: object
) -> None:
    user, child = await outside.user(), await outside.child("Aziza")
    await outside.register(user, child.link_code)
    await GrantSubscription()(user, Tariff.MONTHLY, "test", "test", request_key="a picture")
    today = clock.today()
    last_friday = today - timedelta(days=today.weekday() + 3)
    await child.did("activity_day", day=str(last_friday), active_seconds=3600)
    pictures = bot.dispatcher["make_report"].pictures
    drawn, pictures.paint = pictures.paint, paint
    (asked,) = await outside.say(user, "/report")
    (report,) = (await outside.press(user, asked, "report:week")).replies
    assert "photo" not in report
    assert "Aziza" in plain([report])
    assert report["reply_markup"]["inline_keyboard"]
    pictures.paint = drawn
    pictures._drawn.clear()
    (report,) = (await outside.press(user, asked, "report:week")).replies
    assert "photo" in report
