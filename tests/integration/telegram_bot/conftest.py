"""The bot's own container in this process, against the stand-ins over real HTTP, a real PostgreSQL and a real Redis."""

from __future__ import annotations

import asyncio
import inspect
import re
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from aiogram import Router
from aiogram.dispatcher.event import handler
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container, build
from mentorium_bot.main import serve
from mentorium_reporting.config import WorkerSettings
from mentorium_reporting.container import WorkerContainer
from mentorium_reporting.container import build as build_worker
from mentorium_reporting.main import work
from mentorium_runtime.settings import load
from mentorium_sandbox import faults as fault_calls
from mentorium_sandbox import openai, school, telegram
from mentorium_sandbox.client import Child, FakeParent, Press, SandboxClient
from mentorium_sandbox.control_api import errors_as_json
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.openai import OpenAIWorld
from mentorium_sandbox.telegram import TelegramWorld
from tests.fixtures.journal import persons_in
from tests.fixtures.patience import HANGS_AFTER_S

TOKEN = "700123456:sandbox-secret"
LINK_KEY = "the-link-key-of-the-tests-of-the-bot"
_QUIET_S = 0.02  # the bots here tell whether they are done, so nobody has to listen for 0.3 s
_BOTS: list[Container] = []


def _now() -> datetime:
    return datetime.now(UTC)


async def _is_busy() -> bool:
    return any(bot.busy for bot in _BOTS)


@dataclass(slots=True)
class Outside:
    """The stand-ins, and one parent's side of the chat."""

    sandbox: SandboxClient
    world: TelegramWorld
    openai: OpenAIWorld
    faults: Faults
    children_made: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.sandbox.url

    async def user(self, language: str = "en") -> int:
        return (await self.sandbox.parent(language, first_name="Parent")).id

    async def child(self, first_name: str, **of_guardian: str) -> Child:
        self.children_made.append(first_name)
        return await self.sandbox.child(first_name, "Karimov", **of_guardian)

    def parent(self, user: int, language: str = "en") -> FakeParent:
        return FakeParent(self.sandbox, user, language)

    async def start(self, user: int, payload: str | None = None, wait_s: float = 20) -> list[Any]:
        return await self.parent(user).start(payload, wait_s=wait_s)

    async def say(self, user: int, text: str, wait_s: float = 20) -> list[Any]:
        return await self.parent(user).say(text, wait_s=wait_s)

    async def press(self, user: int, message: Any, button: str) -> Press:
        return await self.parent(user).press(button, message=message)

    async def register(self, user: int, link_code: str) -> None:
        await self.parent(user).agree(link_code)


@pytest.fixture(scope="session", autouse=True)
def certificates_read_once() -> Iterator[None]:
    """Some hundred bots would each read the machine's certificates, 20 ms a time; nobody here speaks TLS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def signatures_read_once() -> Iterator[None]:
    """Each of some hundred bots would look at the same few hundred functions, half of what making one costs."""
    known: dict[object, inspect.Signature] = {}

    def signature(callback: Any, **how: Any) -> inspect.Signature:
        if not inspect.isfunction(callback):
            return inspect.signature(callback, **how)
        if callback.__code__ not in known:
            known[callback.__code__] = inspect.signature(callback, **how)
        return known[callback.__code__]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handler, "inspect", SimpleNamespace(**{**vars(inspect), "signature": signature}))
        yield


@pytest_asyncio.fixture
async def outside(platform_dsn: str) -> AsyncIterator[Outside]:
    faults, world = Faults(), TelegramWorld(_now, poll_pace=0.0, quiet_seconds=_QUIET_S)
    model = OpenAIWorld(_now, words_per_second=0, spoken_in=world.files.spoken_in)
    world.is_busy = _is_busy
    world.add_bot(TOKEN, "MentoriumTestBot")
    app = web.Application(client_max_size=64 * 1024 * 1024, middlewares=[errors_as_json])
    for routes in (telegram.routes(world, faults), openai.routes(model, faults), fault_calls.routes(faults)):
        app.add_routes(routes)
    app.add_routes(school.routes(school.School(LINK_KEY, _now, platform_dsn)))

    async def end_waiting(_: web.Application) -> None:
        world.close()

    app.on_shutdown.append(end_waiting)
    async with TestServer(app, host="127.0.0.1") as server, SandboxClient.connect(str(server.make_url(""))) as sandbox:
        await school.seed(platform_dsn, students=3, now=_now())
        yield (outside := Outside(sandbox, world, model, faults))
        if sent := model.requests():
            assert persons_in(sent, [f"{name} Karimov" for name in outside.children_made]) == set()


class Mailbox:
    """A real mail server on a port of its own; `refusing` is how many letters it turns down before it takes one."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusing = 0
        self.url = ""
        self._news = asyncio.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.refusing:
            self.refusing -= 1
            return "451 come again later"
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.letters.append(message_from_bytes(raw, policy=default_policy))
        self._news.set()
        return "250 OK"

    async def code_to(self, address: str, number: int = 1) -> str:
        """The six digits of the letter with this number to this address, once it has come."""
        async with asyncio.timeout(HANGS_AFTER_S):
            while len(letters := [letter for letter in self.letters if letter["To"] == address]) < number:
                self._news.clear()
                await self._news.wait()
        body = letters[number - 1].get_body(("plain",))
        assert body is not None
        (code,) = re.findall(r"\b\d{6}\b", body.get_content())
        return str(code)


@pytest_asyncio.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box, hostname="test"), "127.0.0.1", 0)
    async with server:
        box.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield box


@pytest_asyncio.fixture
async def settings(
    monkeypatch: pytest.MonkeyPatch, outside: Outside, bot_dsn: str, platform_dsn: str, redis_url: str
) -> AsyncIterator[BotSettings]:
    environment = {
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_TELEGRAM_API_URL": outside.url,
        "BOT_OPENAI_API_KEY": "sk-of-the-tests",
        "BOT_OPENAI_BASE_URL": f"{outside.url}/openai/v1",
        "BOT_DB_URL": bot_dsn,
        "PLATFORM_DB_URL": await school.read_only_dsn(platform_dsn),
        "PLATFORM_LINK_KEY": LINK_KEY,
        "REDIS_URL": redis_url,
        "BOT_TELEGRAM_RATE": "1000",
        "BOT_UPDATES_AT_ONCE": "1000",
        "BOT_UPDATES_A_SECOND": "1000",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    yield load(BotSettings, _env_file=None)
    await mentorium_db.dispose()  # a test may have looked into the database after its bot had closed it


@pytest_asyncio.fixture
async def with_mail(settings: BotSettings, mailbox: Mailbox, tmp_path: Path) -> BotSettings:
    """The same settings with a mail server, and with a clock moved by writing seconds into its file."""
    return settings.model_copy(update={"smtp_url": SecretStr(mailbox.url), "clock_file": tmp_path / "clock"})


@asynccontextmanager
async def running(settings: BotSettings, *more_routers: Router) -> AsyncIterator[Container]:
    """The bot, polling, with these routers included as well; at the end it is told to stop and has to drain."""
    container = build(settings)
    for router in more_routers:
        container.dispatcher.include_router(router)
    stopping = asyncio.Event()
    serving = asyncio.create_task(serve(container, stopping))
    _BOTS.append(container)
    try:
        yield container
    finally:
        _BOTS.remove(container)
        stopping.set()
        await asyncio.wait_for(serving, HANGS_AFTER_S)
        await container.close()


@asynccontextmanager
async def working(settings: BotSettings) -> AsyncIterator[WorkerContainer]:
    """The worker beside the bot, with the same settings."""
    shared = {name: getattr(settings, name) for name in WorkerSettings.model_fields if hasattr(settings, name)}
    container = build_worker(load(WorkerSettings, _env_file=None).model_copy(update=shared))
    stopping = asyncio.Event()
    worker = asyncio.create_task(work(container, stopping))
    try:
        yield container
    finally:
        stopping.set()
        await asyncio.wait_for(worker, HANGS_AFTER_S)
        await container.close()


@pytest_asyncio.fixture
async def bot(settings: BotSettings) -> AsyncIterator[Container]:
    async with running(settings) as container:
        yield container
