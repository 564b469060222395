"""An outbox, a Telegram stand-in, and senders between them: everything real but Telegram itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis

from mentorium_core.advice.model import Memory
from mentorium_core.billing.model import Access
from mentorium_core.notifications.commands import notify
from mentorium_core.reports.document_json import dump_document
from mentorium_core.reports.pictures import DrawStoredReport
from mentorium_core.reports.rules import compose
from mentorium_db import get_session
from mentorium_db.claims import new_owner
from mentorium_db.listen import listen
from mentorium_db.models import Notification
from mentorium_db.repositories import NotificationRepository, ParentRepository, ReportHistoryRepository
from mentorium_db.repositories.notification_sql import CHANNEL
from mentorium_domain.enums import DeliveryStatus, Language, NotificationType, ReportType
from mentorium_domain.outbox import OutboxMessage
from mentorium_gateways.telegram import SharedRateLimiter, TelegramMessageTransport, make_bare_bot
from mentorium_kit import clock
from mentorium_kit.nursery import Nursery
from mentorium_rendering.picture import render_picture
from mentorium_reporting.outbox.outcome_recorder import OutcomeRecorder
from mentorium_reporting.outbox.picture_drawer import LONGEST_S, DrawReport, PictureDrawer
from mentorium_reporting.outbox.sender import DRAIN_S, OutboxSender
from mentorium_reporting.outbox.transport_health import TransportHealth
from mentorium_sandbox import telegram
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.telegram import TelegramWorld
from tests.fixtures.databases import SessionFactory
from tests.fixtures.patience import HANGS_AFTER_S
from tests.unit.core.reports.known import NOW, aziza

TOKEN = "700123456:sandbox-secret"
FIRST_PARENT = 700_000_001
SETTLED = frozenset(DeliveryStatus) - {DeliveryStatus.PENDING, DeliveryStatus.SENDING}


def _now() -> datetime:
    return datetime.now(UTC)


def _nothing(_name: str, error: BaseException) -> None:
    raise error


@dataclass(slots=True)
class Post:
    """`rate`: messages a second that the senders made here let through together."""

    url: str
    world: TelegramWorld
    faults: Faults
    redis: Redis
    dsn: str
    rate: float = 1000.0
    lease_s: float = 60.0
    clock_file: Path = field(default_factory=Path)
    parents: list[int] = field(default_factory=list)

    async def parent(self) -> int:
        user = self.world.add_user("Parent", "en", user_id=FIRST_PARENT + len(self.parents))
        async with get_session() as session:
            await ParentRepository(session).add(user.id, language=Language.EN, now=clock.now())
        self.parents.append(user.id)
        return user.id

    def move(self, by: timedelta) -> None:
        """Move the product's clock, for good."""
        self.clock_file.write_text(str(by.total_seconds()))

    async def tell(
        self,
        parent: int,
        message: str,
        kind: NotificationType = NotificationType.REPORT,
        *,
        after: timedelta = timedelta(),
        life: timedelta = timedelta(hours=1),
        report_id: int | None = None,
    ) -> None:
        at = clock.now() + after
        told = OutboxMessage(parent, kind, message, f"test:{message[:20]}:{parent}", at, at + life, report_id)
        assert await notify([told])

    async def report(self, parent: int) -> int:
        """A report of this parent's history, with a picture; its id."""
        document = compose(aziza(), NOW, Access.FULL, Memory(), asked=False)
        async with get_session() as session:
            stored = await ReportHistoryRepository(session).add(
                parent,
                document.student_id,
                report_type=ReportType.ON_DEMAND,
                report_period=document.period.code,
                language=Language.EN,
                content="Hafta",
                document=dump_document(document),
                now=clock.now(),
            )
        assert stored is not None
        return stored

    @asynccontextmanager
    async def sender(
        self,
        limiter: SharedRateLimiter | None = None,
        *,
        fails: type[Exception] | None = None,
        owner: str | None = None,
        drain_s: float = DRAIN_S,
        draw: DrawReport | None = None,
        longest_drawing_s: float = LONGEST_S,
    ) -> AsyncIterator[OutboxSender]:
        """A sender at work. `fails`: it does so once at first, and is run again."""
        limiter = limiter or SharedRateLimiter(self.redis, self.rate)
        bot = make_bare_bot(TOKEN, self.url)
        nursery = Nursery(_nothing)
        transport = TelegramMessageTransport(bot, limiter)
        recorder = OutcomeRecorder()
        sender = OutboxSender(
            transport,
            limiter,
            recorder,
            TransportHealth(transport),
            PictureDrawer(draw or DrawStoredReport(render_picture), longest_s=longest_drawing_s),
            nursery,
            owner=owner or new_owner(uuid4().hex),
            lease_s=self.lease_s,
            drain_s=drain_s,
        )
        nursery.start(recorder.run(), name="outcomes")
        listening = nursery.start(listen(self.dsn, {CHANNEL: lambda _: sender.wake()}), name="outbox-news")
        if fails is not None:
            with pytest.raises(fails):
                await sender.run()
        nursery.start(sender.run(), name="sender")
        try:
            yield sender
        finally:
            listening.cancel()
            sender.stop()
            recorder.stop()
            assert await nursery.drain(HANGS_AFTER_S) == 0
            await bot.session.close()

    async def rows(self) -> list[Notification]:
        async with get_session() as session:
            repository = NotificationRepository(session)
            found = [await repository.list_for_parent(parent) for parent in self.parents]
        return [row for rows in found for row in rows]

    async def until(
        self, enough: Callable[[list[Notification]], bool], patience_s: float = HANGS_AFTER_S
    ) -> list[Notification]:
        """The rows, once they are as wished: another task writes them, and no event tells."""
        async with asyncio.timeout(patience_s):
            while not enough(rows := await self.rows()):
                await asyncio.sleep(0.02)
        return rows

    async def until_settled(self, patience_s: float = HANGS_AFTER_S) -> list[Notification]:
        return await self.until(lambda rows: all(row.status in SETTLED for row in rows), patience_s)

    def calls(self, method: str = "sendMessage") -> int:
        return self.world.journal.count(self.world.bot().id, method)

    def read(self, parent: int) -> list[str]:
        """What stands in this parent's chat."""
        conversation = self.world.bot().conversations.get(parent)
        views = [stored.view() for stored in conversation.messages.values()] if conversation is not None else []
        return [view.get("text") or view.get("caption") or "" for view in views]


@pytest_asyncio.fixture
async def post(session_factory: SessionFactory, bot_dsn: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Post]:
    clock_file = tmp_path / "clock"
    clock_file.write_text("0")
    clock.configure(clock_file)
    faults, world = Faults(), TelegramWorld(_now)
    world.add_bot(TOKEN, "MentoriumTestBot")
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.add_routes(telegram.routes(world, faults))
    async with TestServer(app, host="127.0.0.1") as server, Redis.from_url(redis_url) as redis:
        yield Post(str(server.make_url("")).rstrip("/"), world, faults, redis, bot_dsn, clock_file=clock_file)
        world.close()
    clock.configure(None)
