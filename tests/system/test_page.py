"""The chat page in a real browser, on a real sandbox: what a visitor does and sees."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import FilePayload, expect

from mentorium_sandbox.client import FakeParent, plain_text
from sandbox_tests.telegram.pictures import png
from tests.system.conftest import PATIENCE_MS, Visit

expect.set_options(timeout=PATIENCE_MS)
FIRST_PARENT = 700_000_001
CONTROLS = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "switch", "slider", "spinbutton"}


async def _add_parent(visit: Visit, name: str, phone: str = "") -> int:
    await visit.page.locator("#new-parent").click()
    await visit.sheet("Add", First_name=name, Phone=phone)
    await expect(visit.page.locator("#chat-who")).to_contain_text(name)
    return await visit.chosen()


async def test_somebody_registers_by_pressing_buttons_alone(visit: Visit) -> None:
    await visit.open()
    parent_id = await _add_parent(visit, "Malika", "+998931112201")
    await visit.button("🎒 Enrol a child and come to the bot with it").click()
    await visit.sheet("Enrol", First_name="Sardor", Last_name="Umarov")
    await visit.page.locator(".inline-keyboard").get_by_role("button", name="English").last.click()
    await visit.page.locator(".inline-keyboard .success").last.click()
    await expect(visit.page.locator("#messages .message:not(.mine)").last).to_contain_text("Sardor")
    await visit.button("Give it").click()
    await expect(visit.page.locator(".toast")).to_be_visible()
    rows = await visit.sandbox.rows(
        "SELECT status FROM subscriptions s JOIN parents p ON p.id = s.parent_id " "WHERE p.telegram_id = $1", parent_id
    )
    assert [row["status"] for row in rows] == ["ACTIVE"]


async def test_the_own_contact_is_shared_only_after_a_yes(visit: Visit) -> None:
    await visit.open()
    await _add_parent(visit, "Jamila", "+998931112202")
    user = await visit.chosen()
    markup = {"keyboard": [[{"text": "My number", "request_contact": True}]], "one_time_keyboard": True}
    await _as_the_bot(visit, "sendMessage", chat_id=user, text="Your number, please", reply_markup=markup)
    await visit.button("My number").click()
    await visit.sheet("Cancel")
    await expect(visit.page.locator(".mine .card")).to_have_count(0)
    await visit.button("My number").click()
    await visit.sheet("Share")
    await expect(visit.page.locator(".mine .card")).to_contain_text("+998931112202")
    await expect(visit.page.locator("#reply-keyboard")).to_be_hidden()


async def test_an_answer_is_seen_being_written_and_stops_when_told(visit: Visit) -> None:
    await visit.open(FIRST_PARENT)
    answer = "So this is a long story about a week at school and all that was in it. " * 8
    await visit.sandbox.script_model(match="tell me everything", text=answer)
    await visit.page.locator("#text").fill("tell me everything")
    await visit.page.locator("#text").press("Enter")
    await expect(visit.page.locator(".draft .words")).to_contain_text("long story")
    await expect(visit.page.locator("#chat-status")).to_have_text("is writing…")
    await visit.page.locator(".draft .stop").click()
    await expect(visit.page.locator(".draft")).to_have_count(0)
    final = visit.page.locator("#messages .message:not(.mine) .words").last
    await expect(final).to_contain_text("long story")
    assert len(await final.inner_text()) < len(answer)
    await visit.sandbox.clear_model_scripts()


async def test_a_photo_is_sent_and_looked_at_large(visit: Visit) -> None:
    await visit.open()
    await _add_parent(visit, "Photographer")
    await visit.button("START").click()
    await visit.page.locator(".inline-keyboard").first.wait_for()
    picture = FilePayload(name="week.png", mimeType="image/png", buffer=png(400, 300))
    await visit.page.locator("#pick-photo").set_input_files(picture)
    await visit.sheet("Send")
    photo = visit.page.locator(".mine .photo")
    await expect(photo.locator("img")).to_have_js_property("naturalWidth", 400)
    await photo.click()
    await expect(visit.page.locator("dialog.lightbox img")).to_be_visible()
    await visit.page.keyboard.press("Escape")
    await expect(visit.page.locator("dialog.lightbox")).to_have_count(0)
    await expect(photo).to_be_focused()


async def test_a_press_turns_until_it_is_answered(visit: Visit) -> None:
    await visit.open()
    user = await _add_parent(visit, "Presser")
    markup = {"inline_keyboard": [[{"text": "Press me", "callback_data": "x"}]]}
    await _as_the_bot(visit, "sendMessage", chat_id=user, text="Well?", reply_markup=markup)
    await visit.button("Press me").wait_for()
    await visit.evaluate(
        "window.turned = new Promise(turned => new MutationObserver(() => turned(true))"
        ".observe(document.getElementById('messages'), { subtree: true, attributeFilter: ['aria-busy'] })); 0"
    )
    await visit.button("Press me").click()
    assert await visit.evaluate("window.turned")
    await expect(visit.page.locator(".inline-keyboard button[aria-busy]")).to_have_count(0)


async def test_an_alert_is_a_dialog_and_other_words_pass_by(visit: Visit) -> None:
    """The bot in the sandbox shows no alerts, so the control call's answer is given by hand."""
    await visit.open()
    user = await _add_parent(visit, "Alerted")
    markup = {"inline_keyboard": [[{"text": "Press me", "callback_data": "x"}]]}
    await _as_the_bot(visit, "sendMessage", chat_id=user, text="Well?", reply_markup=markup)
    answer = {"text": "Look here", "show_alert": True}
    await visit.page.route("**/press", lambda route: route.fulfill(json={"callback_answer": answer}))
    await visit.button("Press me").click()
    await expect(visit.page.locator("dialog.sheet")).to_contain_text("Look here")
    await visit.sheet("OK")
    answer |= {"text": "Passing by", "show_alert": False}
    await visit.button("Press me").click()
    await expect(visit.page.locator(".toast")).to_contain_text("Passing by")
    await expect(visit.page.locator("dialog")).to_have_count(0)


async def test_language_and_look_are_switched_and_remembered(visit: Visit) -> None:
    await visit.open()
    await expect(visit.page.locator("h1")).to_have_text("Parents")
    for language, title in {"ru": "Родители", "uz": "Ota-onalar"}.items():
        await visit.page.locator("#language").select_option(language)
        await expect(visit.page.locator("h1")).to_have_text(title)
        assert await visit.evaluate("document.documentElement.lang") == language
    light = await _ground(visit)
    await visit.page.locator("#theme").click()  # as the system -> light
    assert await _ground(visit) == light
    await visit.page.locator("#theme").click()  # light -> dark
    dark = await _ground(visit)
    assert dark != light
    await visit.page.reload()
    await expect(visit.page.locator("h1")).to_have_text("Ota-onalar")
    assert await _ground(visit) == dark


async def _ground(visit: Visit) -> Any:
    return await visit.evaluate("getComputedStyle(document.documentElement).backgroundColor")


async def test_everything_can_be_done_without_a_mouse(visit: Visit) -> None:
    await visit.open()
    keys = visit.page.keyboard
    await keys.press("?")
    await expect(visit.page.locator("dialog[open]")).to_contain_text("Alt N")
    await keys.press("Escape")
    await keys.press("Alt+n")
    await keys.type("Keys")
    await keys.press("Enter")
    await expect(visit.page.locator("#chat-who")).to_contain_text("Keys")
    await _tab_to(visit, "START")
    await keys.press("Enter")
    await visit.page.locator(".inline-keyboard").first.wait_for()
    await _tab_to(visit, "English", backwards=True)
    await keys.press("Enter")
    await visit.page.locator(".inline-keyboard .success").wait_for()
    await keys.press("Alt+m")
    await expect(visit.page.get_by_role("menuitem").first).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(visit.page.locator(".mine .words").last).to_contain_text("/")
    await keys.press("Alt+ArrowDown")
    await expect(visit.page.locator("#chat-who")).not_to_contain_text("Keys")


async def _tab_to(visit: Visit, name: str, *, backwards: bool = False) -> None:
    """Walk with Tab until the focus, which must be visible, is on the button of this name."""
    for _ in range(80):
        await visit.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        focused = await visit.evaluate(
            "[document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineStyle]"
        )
        if focused[0] == name:
            assert focused[1] != "none"
            return
    raise AssertionError(f"Tab does not come to {name}")


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
async def test_nothing_is_wider_than_a_small_phone(narrow: Visit, language: str) -> None:
    await narrow.open(FIRST_PARENT)
    await narrow.page.locator("#language").select_option(language)
    await narrow.page.locator("#messages .message").first.wait_for()
    for opener, closer in {"#open-parents": "#parents-panel", "#open-controls": "#controls-panel"}.items():
        await narrow.page.locator(opener).click()
        await expect(narrow.page.locator(f"{closer} .close-panel")).to_be_visible()
        await _assert_no_wider(narrow)
        await narrow.page.locator(f"{closer} .close-panel").click()
        await expect(narrow.page.locator(opener)).to_be_focused()
    await narrow.page.locator("#attach").click()
    await _assert_no_wider(narrow)


async def _assert_no_wider(visit: Visit) -> None:
    """Neither the page nor anything that scrolls in it goes sideways, except code."""
    wide = await visit.evaluate(
        "[document.documentElement, ...document.querySelectorAll('.side, .scroller, dialog, .menu, #controls *')]"
        ".filter(node => node.scrollWidth > node.clientWidth + 1 && node.clientWidth && "
        "!['hidden', 'clip'].includes(getComputedStyle(node).overflowX) && node.tagName !== 'PRE')"
        ".map(node => node.outerHTML.slice(0, 120))"
    )
    assert wide == []
    assert await visit.evaluate("document.documentElement.scrollWidth") <= 360


async def test_every_control_has_a_name(visit: Visit) -> None:
    await visit.open(FIRST_PARENT)
    await visit.page.locator("#messages .message").first.wait_for()
    await visit.evaluate("document.querySelectorAll('#controls details').forEach(one => one.open = true)")
    session = await visit.page.context.new_cdp_session(visit.page)
    tree = await session.send("Accessibility.getFullAXTree")
    named = {(node["role"]["value"], node["name"]["value"]) for node in tree["nodes"] if _is_control(node)}
    nameless = [role for role, name in named if not name.strip()]
    assert len(named) > 30
    assert nameless == []


def _is_control(node: dict[str, Any]) -> bool:
    return not node.get("ignored") and node.get("role", {}).get("value") in CONTROLS


async def test_what_goes_on_elsewhere_is_counted(visit: Visit) -> None:
    await visit.open()
    other = await visit.sandbox.parent("en")
    await visit.open(FIRST_PARENT)
    await other.start()
    entry = visit.page.locator(f'.parent[data-id="{other.id}"]')
    await expect(entry.locator(".unread")).to_contain_text("1")
    await expect(visit.page).to_have_title("(1) Mentorium sandbox")
    await entry.click()
    await expect(entry.locator(".unread")).to_have_count(0)
    assert "Hello" in plain_text(await other.messages())


async def test_formatted_text_is_text_and_never_markup(visit: Visit) -> None:
    await visit.open()
    user = await _add_parent(visit, "<img src=x onerror=alert(1)>")
    html = "<b>bold</b> <tg-spoiler>secret</tg-spoiler> &lt;script&gt;alert(1)&lt;/script&gt;"
    await _as_the_bot(visit, "sendMessage", chat_id=user, text=html, parse_mode="HTML")
    words = visit.page.locator("#messages .words").last
    await expect(words.locator("strong")).to_have_text("bold")
    await expect(words).to_contain_text("<script>alert(1)</script>")
    spoiler = words.get_by_role("button")
    await spoiler.press("Enter")
    await expect(words.locator(".spoiler")).to_have_class("spoiler shown")
    assert await visit.evaluate("document.querySelectorAll('#messages script, img[src=x]').length") == 0


async def test_the_strip_shows_calls_and_faults(visit: Visit) -> None:
    await visit.open(FIRST_PARENT)
    await visit.page.locator('[data-drawer="calls"]').click()
    await expect(visit.page.locator(".drawer .entries li").first).to_be_visible()
    await expect(visit.page.locator(".drawer .entries")).to_contain_text("sendMessage")
    await visit.page.keyboard.press("Escape")
    await visit.page.locator('[data-drawer="outbox"]').click()
    await expect(visit.page.locator(".drawer h2")).to_have_text("Outbox and jobs")
    await expect(visit.page.locator('[data-of="messages"]')).to_have_count(7)
    await visit.page.keyboard.press("Escape")
    await visit.page.get_by_text("Faults", exact=True).click()
    await visit.button("Let it happen").click()
    await expect(visit.page.locator("ul.faults li")).to_contain_text("OpenAI")
    await visit.button("Clear all").click()
    await expect(visit.page.locator("ul.faults")).to_be_hidden()


async def test_the_outbox_shows_what_waits_and_what_was_sent_while_it_changes(visit: Visit) -> None:
    await visit.open(FIRST_PARENT)
    await visit.page.locator('[data-drawer="outbox"]').click()
    waiting = visit.page.locator('[data-of="messages"][data-state="pending"]')
    before = int(await waiting.locator("strong").inner_text())
    tomorrow = await visit.sandbox.now() + timedelta(days=1)
    await visit.sandbox.rows(
        "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key, send_at, expires_at) "
        "SELECT $1, 'REMINDER', 'A word for tomorrow', 'page-test', due, due + interval '1 day' "
        "FROM (SELECT $2::timestamptz AS due) AS tomorrow",
        FIRST_PARENT,
        tomorrow,
    )
    await expect(waiting.locator("strong")).to_have_text(str(before + 1))
    await waiting.click()
    await expect(visit.page.locator(".drawer .entries li")).to_have_count(before + 1)
    await expect(visit.page.locator(".drawer .entries")).to_contain_text("A word for tomorrow")
    await visit.page.locator('[data-of="messages"][data-state="failed"]').click()
    await expect(visit.page.locator(".drawer .entries")).to_contain_text("Nothing here.")


async def test_the_clock_moves_by_a_button_and_tells_what_ran(visit: Visit) -> None:
    await visit.open(FIRST_PARENT)
    day = visit.page.locator("#clock-day")
    await expect(day).not_to_be_empty()
    before = await day.inner_text()
    await visit.page.locator('[data-clock="clock.day"]').click()
    await expect(visit.page.locator(".said")).to_contain_text("Ran:")
    await expect(day).not_to_have_text(before)


async def test_an_invoice_opens_a_sheet_that_asks_the_bot_and_says_what_it_answers(visit: Visit) -> None:
    await visit.open()
    user = await _add_parent(visit, "Payer")
    invoice = {"title": "A month", "description": "All of it", "payload": "p", "currency": "XTR"}
    await _as_the_bot(visit, "sendInvoice", chat_id=user, **invoice, prices=[{"label": "month", "amount": 250}])
    await visit.page.locator(".inline-keyboard button").click()
    await visit.sheet("Pay ⭐ 250")
    await expect(visit.page.locator(".toast")).to_be_visible()
    await expect(visit.page.locator("#messages .service")).to_have_count(0)  # our bot sells no such thing


async def test_an_album_is_one_grid_and_the_arrows_walk_through_it(visit: Visit) -> None:
    await visit.open()
    await _add_parent(visit, "Collector")
    picture = FilePayload(name="day.png", mimeType="image/png", buffer=png(40, 30))
    await visit.button("START").click()
    for number in (1, 2):
        await visit.page.locator("#pick-photo").set_input_files(picture)
        await visit.sheet("Send")
        await expect(visit.page.locator(".mine .photo")).to_have_count(number)
    sent = [message for message in await _chat(visit) if "photo" in message]
    files = [message["photo"][-1]["file_id"] for message in sent]
    media = [{"type": "photo", "media": file_id} for file_id in [*files, files[0]]]
    await _as_the_bot(visit, "sendMediaGroup", chat_id=await visit.chosen(), media=media)
    album = visit.page.locator(".message:not(.mine) .album")
    await expect(album.locator(".photo")).to_have_count(3)
    await album.locator(".photo").first.click()
    await expect(visit.page.locator(".lightbox [role=status]")).to_have_text("3 / 5")
    await visit.page.keyboard.press("ArrowRight")
    await expect(visit.page.locator(".lightbox [role=status]")).to_have_text("4 / 5")


async def _chat(visit: Visit) -> list[Any]:
    return await FakeParent(visit.sandbox, await visit.chosen()).messages()


async def _as_the_bot(visit: Visit, method: str, **parameters: Any) -> Any:
    """A call with our bot's own token, beside it."""
    token = (await visit.sandbox.state())["keys"]["telegram_token"]
    async with asyncio.timeout(PATIENCE_MS / 1000):
        async with visit.sandbox.http.post(f"{visit.sandbox.url}/bot{token}/{method}", json=parameters) as answer:
            data = await answer.json()
    assert data["ok"], data
    return data["result"]
