"""A large export on its way: from the handler's job to documents in the chat (durability 20)."""

from __future__ import annotations

import asyncio
import zipfile
from io import BytesIO

from sqlalchemy import text

from mentorium_core.privacy.export import SendLargeExport, export_data
from mentorium_core.privacy.model import ExportDue
from mentorium_db import get_session
from mentorium_db.jobs import by_state
from mentorium_domain.enums import JobKind, Language
from mentorium_gateways.telegram import TelegramFileCarrier, make_bot
from mentorium_reporting.job_loop import JobLoop
from mentorium_reporting.jobs.export_data import ExportDataJob
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.reporting_worker.conftest import TOKEN, Post


async def _ask_for_much(parent: int) -> None:
    async with get_session() as session:
        await session.execute(
            text(
                "INSERT INTO dialogs (parent_telegram_id, user_message, ai_reply, status, language, answered_at)"
                " SELECT :parent, 'Savol ' || n, repeat('Javob. ', 800), 'answered', 'uz', now()"
                " FROM generate_series(1, 600) n"
            ),
            {"parent": parent},
        )
    assert await export_data(parent, Language.UZ) == ExportDue(is_new=True)


async def _work_until_done(post: Post) -> None:
    bot = make_bot(TOKEN, post.url)
    job = ExportDataJob(SendLargeExport(TelegramFileCarrier(bot)))
    loop = JobLoop(post.dsn, {JobKind.EXPORT_DATA: job}, lambda _: None)
    task = asyncio.create_task(loop.run())
    try:
        async with asyncio.timeout(HANGS_AFTER_S):
            while await _waiting():
                await asyncio.sleep(0.05)
    finally:
        loop.stop()
        await asyncio.wait_for(task, HANGS_AFTER_S)
        await bot.session.close()


async def _waiting() -> bool:
    async with get_session() as session:
        return bool(await by_state(session))


async def test_a_large_export_arrives_as_archives(post: Post) -> None:
    parent = await post.parent()
    await _ask_for_much(parent)
    await _work_until_done(post)
    messages = [stored.view() for stored in post.world.bot().conversations[parent].messages.values()]
    names = [message["document"]["file_name"] for message in messages]
    assert [name.split(".", 1)[1] for name in names] == ["html.zip", "json.zip"]
    for message in messages:
        content = post.world.files.downloadable(message["document"]["file_id"]).data
        archive = zipfile.ZipFile(BytesIO(content))
        assert archive.testzip() is None
        assert "Savol 600" in archive.read(archive.namelist()[0]).decode()


async def test_an_export_to_a_closed_chat_ends(post: Post) -> None:
    parent = await post.parent()
    await _ask_for_much(parent)
    post.world.conversation(post.world.bot(), parent).blocked = True  # type: ignore[union-attr]
    await _work_until_done(post)
    assert post.calls("sendDocument") == 1
