"""`mentorium inbox`: what was set aside is listed without what it says, and requeued."""

from __future__ import annotations

from sqlalchemy import text

import mentorium_db
from tests.fixtures.databases import SessionFactory
from tests.integration.operator.command import mentorium


async def test_what_was_set_aside_is_listed_and_requeued(bot_dsn: str, session_factory: SessionFactory) -> None:
    async with mentorium_db.get_session() as session:
        await session.execute(
            text(
                "INSERT INTO inbox (bot_id, update_id, lane, status, chat_id, user_telegram_id, kind, content, reason,"
                " tries) VALUES (42, 5, 2, 'set_aside', 7, 7, 'message', '{\"secret\": 1}', 'killed', 3)"
            )
        )
    status, said = await mentorium("inbox", BOT_DB_URL=bot_dsn)
    assert status == 0
    assert "5  bot 42  message" in said
    assert "killed" in said
    assert "secret" not in said
    status, said = await mentorium("inbox", "requeue", "5", "6", BOT_DB_URL=bot_dsn)
    assert (status, sorted(said.splitlines())) == (1, ["not set aside: 6", "requeued: 5"])
    status, said = await mentorium("inbox", "list", BOT_DB_URL=bot_dsn)
    assert (status, said) == (0, "waiting: 1, in hand: 0, set aside: 0\n")
