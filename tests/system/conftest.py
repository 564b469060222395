"""A browser: Debian's Chromium, driven by playwright, on a sandbox of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright

from tests.e2e.sandbox import Sandbox, running_sandbox

_OPTIONS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
)
PATIENCE_MS = 30_000


@dataclass(slots=True)
class Visit:
    """The chat page as somebody has it open; `complaints` are the errors in the browser's console."""

    page: Page
    sandbox: Sandbox
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        complain = self.complaints.append

        def hear(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                complain(f"{message.text} {message.location.get('url', '')}")

        self.page.on("console", hear)
        self.page.on("pageerror", lambda error: complain(str(error)))

    async def open(self, user_id: int | None = None) -> None:
        """Go there and wait until the parents are listed."""
        await self.page.goto(f"{self.sandbox.url}/" + (f"#{user_id}" if user_id else ""))
        await self.page.locator("#parents .parent").first.wait_for(state="attached")

    def button(self, name: str) -> Locator:
        """The newest button of this name in the chat or an open dialog."""
        return self.page.get_by_role("button", name=name, exact=True).last

    async def sheet(self, button: str, **fields: str) -> None:
        """Fill the fields of the open sheet by their labels and press its button."""
        sheet = self.page.locator("dialog[open]")
        itself = f'dialog[aria-labelledby="{await sheet.get_attribute("aria-labelledby")}"]'
        for label, value in fields.items():
            await sheet.get_by_label(label.replace("_", " ")).fill(value)
        await sheet.get_by_role("button", name=button, exact=True).click()
        await self.page.locator(itself).wait_for(state="detached")  # the next one may be open by then

    async def chosen(self) -> int:
        """The Telegram id of the parent whose chat is open."""
        return int((await self.page.evaluate("location.hash"))[1:])

    async def newest(self) -> str:
        """What one reads in the newest message of the bot."""
        return await self.page.locator("#messages .message:not(.mine, .draft) .words").last.inner_text()

    async def evaluate(self, script: str) -> Any:
        return await self.page.evaluate(script)


@pytest_asyncio.fixture(scope="session")
async def page_sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path_factory.mktemp("page") / "sandbox", forked=True) as running:
        yield running


@pytest_asyncio.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium is not None, "there is no Chromium here: apt-get install chromium"
    async with async_playwright() as driver:
        running = await driver.chromium.launch(executable_path=Path(chromium), args=_OPTIONS.split())
        yield running
        await running.close()


@pytest_asyncio.fixture
async def visit(browser: Browser, page_sandbox: Sandbox) -> AsyncIterator[Visit]:
    """An English visitor with a wide screen, by day; whatever the browser complains of fails the test."""
    async with await browser.new_context(
        viewport={"width": 1280, "height": 860}, locale="en-GB", color_scheme="light"
    ) as context:
        visit = Visit(await context.new_page(), page_sandbox)
        yield visit
    assert visit.complaints == []


@pytest_asyncio.fixture
async def narrow(browser: Browser, page_sandbox: Sandbox) -> AsyncIterator[Visit]:
    """The same on a small phone, 360 pixels wide, by night."""
    async with await browser.new_context(
        viewport={"width": 360, "height": 740}, locale="ru-RU", color_scheme="dark", has_touch=True
    ) as context:
        visit = Visit(await context.new_page(), page_sandbox)
        yield visit
    assert visit.complaints == []


@pytest_asyncio.fixture
async def uzbek(browser: Browser, page_sandbox: Sandbox) -> AsyncIterator[Visit]:
    """An Uzbek visitor; an older browser names the language alone."""
    async with await browser.new_context(viewport={"width": 1280, "height": 860}, locale="uz") as context:
        visit = Visit(await context.new_page(), page_sandbox)
        yield visit
    assert visit.complaints == []
