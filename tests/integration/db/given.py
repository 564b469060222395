"""Who and what is there when a test begins."""

from __future__ import annotations

from mentorium_db import get_session
from mentorium_db.repositories import (
    ParentRepository,
)
from mentorium_domain.enums import (
    Language,
)
from tests.integration.db.rows import NOW

DILNOZA, OLGA = 100_000_001, 100_000_002


async def add_parent(telegram_id: int = DILNOZA) -> int:
    async with get_session() as session:
        return (await ParentRepository(session).add(telegram_id, language=Language.UZ, now=NOW)).id
