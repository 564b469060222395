"""/settings offers reports by e-mail where they can be sent and ended; and the page behind a letter's link."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

import mentorium_db
from mentorium_bot.config import BotSettings, WebhookAppSettings
from mentorium_bot.container import Container
from mentorium_bot.webhook_app import build
from mentorium_core.i18n import t
from mentorium_core.identity.hashing import derive_hmac_key
from mentorium_core.notifications.email_links import EmailLinks
from mentorium_kit import clock
from mentorium_runtime.http_server import serving
from mentorium_runtime.settings import load
from mentorium_sandbox.client import callback_buttons, plain_text
from mentorium_sandbox.servers.process import free_port
from tests.fixtures.databases import SessionFactory
from tests.fixtures.log_lines import reading_the_log
from tests.integration.core.billing.till import new_parent
from tests.integration.telegram_bot.conftest import TOKEN, Mailbox, Outside, running, working

PUBLIC = {"public_url": "https://bot.example"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
ADDRESS = "dilnoza@example.uz"


@pytest_asyncio.fixture
async def with_email(with_mail: BotSettings) -> AsyncIterator[Container]:
    async with running(with_mail.model_copy(update=PUBLIC)) as container:
        yield container


async def wishes() -> list[tuple[str, ...]]:
    async with mentorium_db.get_session() as session:
        found = await session.execute(text("SELECT wish, address, source FROM email_channels"))
        return [tuple(row) for row in found]


async def registered(outside: Outside, **guardian: str) -> int:
    user = await outside.user("en")
    await outside.parent(user, "en").agree((await outside.child("Aziza", **guardian)).link_code)
    return user


@pytest.mark.parametrize("missing", ["smtp_url", "public_url"])
async def test_without_a_mail_server_or_a_public_address_it_is_not_offered(
    outside: Outside, with_mail: BotSettings, missing: str
) -> None:
    settings = with_mail.model_copy(update={**PUBLIC, missing: None})
    async with running(settings):
        parent = outside.parent(await registered(outside), "en")
        (shown,) = await parent.say("/settings")
        assert "email:show" not in callback_buttons(shown)


@pytest.mark.usefixtures("with_email")
async def test_the_platforms_verified_address_is_chosen_by_a_press(outside: Outside) -> None:
    parent = outside.parent(await registered(outside, email=ADDRESS), "en")
    (shown,) = await parent.say("/settings")
    assert "email:show" in callback_buttons(shown)
    (offer,) = (await parent.press("email:show")).replies
    assert ADDRESS in plain_text([offer])
    assert t("en", "email-settings-consent") in plain_text([offer])
    assert callback_buttons(offer) == ["channel:email:on", "channel:email:on:when_blocked", "email:address"]
    await parent.press("channel:email:on:when_blocked")
    assert await wishes() == [("when_blocked", ADDRESS, "platform")]
    await parent.press("channel:email:on")
    assert await wishes() == [("always", ADDRESS, "platform")]
    await parent.press("channel:email:off")
    assert await wishes() == [("off", ADDRESS, "platform")]


async def test_another_address_is_asked_for_and_proved_by_its_code(
    outside: Outside, with_mail: BotSettings, mailbox: Mailbox
) -> None:
    settings = with_mail.model_copy(update=PUBLIC)
    async with running(settings), working(settings):
        parent = outside.parent(await registered(outside), "en")
        await parent.say("/settings")
        (offer,) = (await parent.press("email:show")).replies
        assert callback_buttons(offer) == ["email:address"], "the platform knows none"
        await parent.press("email:address")
        (asked,) = await parent.say("write to work@example.uz please")
        assert t("en", "email-ask-code", address="work@example.uz") == plain_text([asked])
        code = await mailbox.code_to("work@example.uz")
        (done,) = await parent.say(code)
        assert t("en", "email-settings-on-always", address="work@example.uz") == plain_text([done])
        assert await wishes() == [("always", "work@example.uz", "code")]
        (again,) = await parent.say(code)
        assert plain_text([again]) == plain_text([done]), "asked to send it once more, they hear the same"


@pytest_asyncio.fixture
async def site(session_factory: SessionFactory, bot_dsn: str) -> AsyncIterator[httpx.AsyncClient]:
    """The webhook app of this process, listening."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"bot_db_url": bot_dsn, "public_url": url, "bot_telegram_token": TOKEN}
    app = build(load(WebhookAppSettings, _env_file=None, **settings))
    async with serving(app, "127.0.0.1", port, lifespan=False), httpx.AsyncClient(base_url=url, timeout=60) as client:
        yield client
    await mentorium_db.dispose()


async def link() -> str:
    """That of a parent who gets letters."""
    parent_id, _ = await new_parent(clock.now())
    async with mentorium_db.get_session() as session:
        await session.execute(
            text(
                "INSERT INTO email_channels (parent_id, wish, address, source) VALUES (:id, 'always', :at, 'platform')"
            ),
            {"id": parent_id, "at": ADDRESS},
        )
    url = EmailLinks(derive_hmac_key(TOKEN), "").unsubscribe_url(parent_id, ADDRESS)
    assert url is not None
    return url


async def test_opening_the_link_shows_a_page_and_changes_nothing(site: httpx.AsyncClient) -> None:
    path = await link()
    for method in ("GET", "HEAD", "GET"):
        answer = await site.request(method, path)
        assert answer.status_code == 200
    assert t("uz", "email-page-button") in answer.text
    assert ADDRESS not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert [wish for wish, *_ in await wishes()] == ["always"]


@pytest.mark.parametrize("as_form", [True, False])
async def test_one_post_ends_letters_without_cookie_or_question(site: httpx.AsyncClient, as_form: bool) -> None:
    """RFC 8058: a mail client posts the one pair, as a form of either kind; a person the page's empty form."""
    path = await link()
    said = {"data": ONE_CLICK} if as_form else {"files": {"List-Unsubscribe": (None, "One-Click")}}
    for more in (said, {}):
        answer = await site.post(path, **more)
        assert answer.status_code == 200
        assert t("uz", "email-page-done")[:20] in answer.text
    assert await wishes() == [("off", ADDRESS, "platform")]


async def test_a_link_that_is_not_ours_ends_nothing(site: httpx.AsyncClient) -> None:
    path = await link()
    for wrong in (path[:-3] + "abc", f"/mail/unsubscribe/{uuid4().hex}", "/mail/unsubscribe/1.", f"{path}x"):
        assert (await site.get(wrong)).status_code == 404
        assert (await site.post(wrong, data=ONE_CLICK)).status_code == 404
    assert (await site.post(path, content=b"x" * 5000)).status_code == 413
    assert [wish for wish, *_ in await wishes()] == ["always"]


async def test_a_link_that_is_not_ours_costs_no_database_and_a_line_a_minute() -> None:
    """Else anybody at all could keep the ten connections that payments and updates need, too."""
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    settings = {"bot_db_url": nowhere, "public_url": "https://bot.example", "bot_telegram_token": TOKEN}
    transport = httpx.ASGITransport(build(load(WebhookAppSettings, _env_file=None, **settings)))
    forged = f"/mail/unsubscribe/{EmailLinks(b'another key').token(1, ADDRESS)}"
    async with httpx.AsyncClient(transport=transport, base_url="https://bot.example") as client:
        with reading_the_log() as log:
            told = [await client.request(method, forged) for method in ("GET", "POST", "GET")]
        real = EmailLinks(derive_hmac_key(TOKEN)).token(1, ADDRESS)
        assert (await client.get(f"/mail/unsubscribe/{real}")).status_code == 503
    await mentorium_db.dispose()
    assert [answer.status_code for answer in told] == [404] * 3
    assert [(line["event"], line["code"], line["calls"]) for line in log.all()] == [("refused", "unsubscribe_link", 1)]
