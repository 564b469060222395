"""The page as a newcomer meets it, with README's words alone (findings on the page and on README, parents E and F)."""

from __future__ import annotations

import re

from playwright.async_api import Route, expect

from tests.system.conftest import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)
OLGA, EMMA = 700_000_002, 700_000_003
MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"


async def test_by_email_with_what_stands_on_the_page(visit: Visit) -> None:
    await visit.open(OLGA)
    await expect(visit.page.locator("#who")).to_contain_text("olga.ivanova@mail.example")
    await visit.button("START").click()
    await visit.page.locator(".inline-keyboard").get_by_role("button", name="Русский").last.click()
    await visit.page.locator(".inline-keyboard .success").last.click()
    await visit.page.locator("#reply-keyboard").wait_for()
    await _say(visit, "olga.ivanova@mail.example")
    await visit.button("Mailbox").click()
    await visit.page.locator(".drawer summary", has_text="olga.ivanova@mail.example").click()
    code = re.search(r"\d{6}", await visit.page.locator(".drawer .letter").first.inner_text())
    assert code is not None
    await visit.page.keyboard.press("Escape")
    await _say(visit, code[0])
    await expect(visit.page.locator("#messages .message:not(.mine)").last).to_contain_text("София")
    await visit.button("Give it").click()
    await expect(visit.page.locator(".toast")).to_be_visible()
    await _say(visit, "Как прошла неделя?")
    await expect(visit.page.locator("#messages .message:not(.mine, .draft)").last).to_contain_text(re.compile(MONTHS))


async def test_by_contact(visit: Visit) -> None:
    await visit.open(EMMA)
    await visit.button("START").click()
    await visit.page.locator(".inline-keyboard").get_by_role("button", name="English").last.click()
    await visit.page.locator(".inline-keyboard .success").last.click()
    await visit.page.locator("#reply-keyboard button").click()
    await visit.sheet("Share")
    await expect(visit.page.locator("#messages .message:not(.mine)").last).to_contain_text("Oliver")


async def test_by_the_platforms_link_in_uzbek(uzbek: Visit) -> None:
    """On a page that speaks Uzbek, too: from an account at the school to the first report."""
    page, words = uzbek.page, uzbek.page.locator("#messages .message:not(.mine, .draft)")
    await uzbek.open()
    await page.locator("#new-parent").click()
    await uzbek.sheet("Qoʻshish", Ism="Nodira")
    await expect(page.locator("#chat-who")).to_contain_text("Nodira")
    await page.get_by_role("button", name="Farzandni yozdirish").click()
    await uzbek.sheet("Yozdirish", Ism="Sarvar", Familiya="Umarov")
    await page.locator(".inline-keyboard").get_by_role("button", name="Oʻzbekcha").last.click()
    await page.locator(".inline-keyboard .success").last.click()
    await expect(words.last).to_contain_text("Sarvar")
    so_far = await words.count()
    await page.get_by_role("button", name="Telegramni ulash").click()
    await expect(words).not_to_have_count(so_far)
    await uzbek.button("Berish").click()
    await expect(page.locator(".toast")).to_be_visible()
    await _say(uzbek, "Hafta qanday oʻtdi?")
    await expect(words.last).to_contain_text("Sarvar")
    await _say(uzbek, "/report")
    await page.locator(".inline-keyboard").get_by_role("button", name="Oʻtgan hafta").last.click()
    await expect(words.last.locator(".inline-keyboard")).to_contain_text("Oʻtgan oy")


async def test_what_to_try_is_told_from_its_beginning(visit: Visit) -> None:
    await visit.open()
    await visit.page.locator("#help").click()
    sheet = visit.page.locator("dialog[open]")
    await expect(sheet).to_contain_text("Come in by e-mail")
    assert await sheet.evaluate("sheet => sheet.scrollTop") == 0
    await visit.sheet("OK")


async def test_tab_leads_from_the_chat_to_its_newest_buttons(visit: Visit) -> None:
    await visit.open(EMMA)
    await visit.page.locator(".inline-keyboard button").first.wait_for()
    await visit.page.locator("#scroller").focus()
    await visit.page.keyboard.press("Tab")
    assert await visit.evaluate("document.getElementById('messages').contains(document.activeElement)")
    below = "document.activeElement.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING"
    later = f"[...document.querySelectorAll('#messages .message')].filter(one => {below}).length"
    assert await visit.evaluate(later) == 0


async def test_a_page_that_did_not_come_whole_says_so_and_tries_again(visit: Visit) -> None:
    failures = 0

    async def fail_once(route: Route) -> None:
        nonlocal failures
        failures += 1
        await (route.abort() if failures == 1 else route.continue_())

    await visit.page.route("**/page/js/keyboards.js", fail_once)
    await visit.page.goto(f"{visit.sandbox.url}/")
    await expect(visit.page.locator("#lost")).to_have_text(re.compile("Trying again"))
    await visit.page.locator("#parents .parent").first.wait_for()
    assert failures == 2
    visit.complaints.clear()


async def _say(visit: Visit, text: str) -> None:
    theirs = visit.page.locator("#messages .message:not(.mine, .draft)")
    before = await theirs.count()
    await visit.page.locator("#text").fill(text)
    await visit.page.locator("#text").press("Enter")
    await expect(theirs).not_to_have_count(before)
