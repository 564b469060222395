"""The card page in a real browser, against the sandbox's PayMe: filled, checked by its code, saved; by keys alone, at
360 and at 1280 px, in three languages.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Request, expect

from mentorium_sandbox.client import FakeParent
from tests.system.conftest import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)
NUMBER, EXPIRE, CODE = "8600 4954 7331 6478", "0399", "666666"
BLOCKED, NO_SMS = "4444 4459 8745 9073", "8600 0609 2109 0842"
_PICTURES = os.environ.get("CARD_PAGE_PICTURES")
"""A folder for pictures of each step, to be looked at."""


async def _link(visit: Visit, language: str = "en") -> tuple[FakeParent, str]:
    """A parent with paid days, and the link that was offered."""
    parent = await visit.sandbox.parent(language)
    await parent.register(await visit.sandbox.child("Aziza", "Karimova"), tariff="monthly")
    await parent.say("/subscription")
    (offered,) = (await parent.press("renew:on")).replies
    ((button,),) = offered["reply_markup"]["inline_keyboard"]
    return parent, str(button["url"])


async def _fits(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def _picture(page: Page, name: str) -> None:
    if _PICTURES:
        await page.screenshot(path=Path(_PICTURES) / f"{name}.png", full_page=True)


async def _saved(visit: Visit, parent: FakeParent) -> list[Any]:
    return list(
        await visit.sandbox.rows(
            "SELECT c.masked_number, c.consent_version, c.removed_at FROM saved_cards c"
            " JOIN parents p ON p.id = c.parent_id WHERE p.telegram_id = $1",
            parent.id,
        )
    )


async def test_a_card_is_saved_by_keys_alone_on_a_narrow_screen(narrow: Visit) -> None:
    parent, link = await _link(narrow, "ru")
    page, asked = narrow.page, list[Request]()
    page.on("request", lambda request: asked.append(request))
    await page.goto(link)
    await _picture(page, "360-ru-1-card")
    assert await _fits(page)
    for _ in range(1):
        await page.keyboard.press("Tab")
    await page.keyboard.type(NUMBER.replace(" ", ""))
    await page.keyboard.press("Tab")
    await page.keyboard.type(EXPIRE)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Код из СМС")).to_be_focused()
    await _picture(page, "360-ru-2-code")
    assert await _fits(page)
    await page.keyboard.type(CODE)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Карта сохранена")).to_be_focused()
    await _picture(page, "360-ru-3-done")
    assert await _fits(page)
    assert len(await _saved(narrow, parent)) == 1
    whole = NUMBER.replace(" ", "")
    with_card = [one.url for one in asked if whole in (one.post_data or "")]
    assert with_card == [f"{narrow.sandbox.url}/payme/api"], "the card went to PayMe, once, and nowhere else"
    assert whole not in await page.content()


@pytest.mark.parametrize("language", ["uz", "en"])
async def test_every_mistake_is_told_beside_its_field_and_mended(visit: Visit, language: str) -> None:
    parent, link = await _link(visit, language)
    page = visit.page
    await page.goto(link)
    await _picture(page, f"1280-{language}-1-card")
    await page.locator("#card-form button").click()
    for field in ("number", "expiry", "consent"):
        await expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
        await expect(page.locator(f"#{field}-error")).not_to_be_empty()
    await expect(page.locator("#number")).to_be_focused()
    await _picture(page, f"1280-{language}-2-mistakes")
    await page.locator("#consent").check()
    for number in (BLOCKED, NO_SMS, "8600 0000 0000 0000"):
        await page.locator("#number").fill(number)
        await page.locator("#expiry").fill("03/99")
        await page.locator("#card-form button").click()
        await expect(page.locator("#card-form-error")).not_to_be_empty()
    await page.locator("#number").fill(NUMBER)
    await page.locator("#card-form button").click()
    await expect(page.locator("#code-hint")).to_contain_text("99890*****67")
    await page.locator("#code").fill("111111")
    await page.keyboard.press("Enter")
    await expect(page.locator("#code-error")).not_to_be_empty()
    await expect(page.locator("#code")).to_be_focused()
    await expect(page.locator("#resend")).to_be_disabled()
    await _picture(page, f"1280-{language}-3-wrong-code")
    await page.locator("#other").click()
    await expect(page.locator("#number")).to_be_focused()
    assert await page.locator("#number").input_value() == ""
    await page.locator("#number").fill(NUMBER)
    await page.locator("#expiry").fill("03/99")
    await page.locator("#card-form button").click()
    await page.locator("#code").fill(CODE)
    await page.keyboard.press("Enter")
    await expect(page.locator("#done-heading")).to_be_visible()
    await _picture(page, f"1280-{language}-4-done")
    assert len(await _saved(visit, parent)) == 1


async def test_a_lost_answer_is_asked_again_and_a_link_is_over_after_one_look(visit: Visit) -> None:
    parent, link = await _link(visit)
    page = visit.page
    await page.goto(link)
    await page.route("**/card/save", lambda route: route.abort(), times=1)
    await page.locator("#number").fill(NUMBER)
    await page.locator("#expiry").fill("03/99")
    await page.locator("#consent").check()
    await page.locator("#card-form button").click()
    await page.locator("#code").fill(CODE)
    await page.keyboard.press("Enter")
    await expect(page.locator("#code-form-error")).not_to_be_empty()
    await _picture(page, "1280-en-5-save-again")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator("#done-heading")).to_be_visible()
    assert len(await _saved(visit, parent)) == 1
    assert any("ERR_FAILED" in said for said in visit.complaints)
    visit.complaints.clear()
    assert (await page.goto(link)).status == 410  # type: ignore[union-attr]
    await expect(page.get_by_role("heading")).to_have_text("This link does not work any more")
    await _picture(page, "1280-en-6-over")
    visit.complaints.clear()
