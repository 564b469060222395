"""Paying in a real browser: Stars in the chat, the tills of PayMe and Click, PayMe's scenarios; also by keys alone."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from mentorium_sandbox.client import FakeParent
from tests.system.conftest import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)


async def _customer(visit: Visit) -> FakeParent:
    """A registered parent without a subscription, whose chat is open."""
    parent = await visit.sandbox.parent("en")
    await parent.register(await visit.sandbox.child("Aziza", "Karimova"), tariff=None)
    await visit.open(parent.id)
    return parent


async def _offer(parent: FakeParent) -> None:
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")


async def _fits(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def test_stars_are_paid_in_the_chat(visit: Visit) -> None:
    parent = await _customer(visit)
    await _offer(parent)
    await visit.page.locator(".inline-keyboard").get_by_role("button", name="990").first.click()
    await visit.page.locator(".inline-keyboard").get_by_role("button", name="Pay ⭐").click()
    await visit.sheet("Pay ⭐ 990")
    await expect(visit.page.locator("#messages .service").last).to_contain_text("went through")
    assert (await parent.stars())["balance"] == 100_000 - 990


async def test_a_subscription_is_paid_by_its_link_and_ended_in_the_strip(narrow: Visit) -> None:
    parent = await _customer(narrow)
    await _offer(parent)
    await parent.press("pay:stars:renew")
    await narrow.page.locator(".inline-keyboard a").last.click()
    await narrow.page.locator("dialog[open] button.main").press("Enter")
    await expect(narrow.page.locator("#messages .service").last).to_be_visible()
    await narrow.page.locator("#open-controls").click()
    await narrow.page.get_by_text("Звёзды", exact=True).click()
    await narrow.page.get_by_role("button", name="Отменить", exact=True).click()
    await expect(narrow.page.locator(".subscription")).to_contain_text("отменена")
    assert await _fits(narrow.page)


@pytest.mark.parametrize("till", ["payme", "click"])
async def test_a_till_is_used_by_keys_alone_on_a_narrow_screen(narrow: Visit, till: str) -> None:
    parent = await _customer(narrow)
    await _offer(parent)
    shown = (await parent.press(f"pay:{till}")).shown
    rows = [row for message in shown for row in (message.get("reply_markup") or {}).get("inline_keyboard", [])]
    await narrow.page.goto(next(button["url"] for row in rows for button in row if "url" in button))
    assert await _fits(narrow.page)
    for key in ("Tab", "ArrowDown", "ArrowUp", "Tab", "Tab", "Enter"):  # the first choice, no card, Pay
        await narrow.page.keyboard.press(key)
    await expect(narrow.page.locator("h1")).to_have_text("Paid")
    assert await _fits(narrow.page)


async def test_the_scenarios_run_by_a_button(visit: Visit) -> None:
    parent = await _customer(visit)
    await visit.page.goto(f"{visit.sandbox.url}/payme/scenarios")
    await visit.page.get_by_label("Telegram id").fill(str(parent.id))
    await visit.page.get_by_role("button", name="Run").click()
    await expect(visit.page.get_by_role("status")).to_have_text("All steps passed")
    assert await visit.page.locator("details").count() == 29
