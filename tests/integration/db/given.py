"""Who and what is there when a test begins."""

from __future__ import annotations

from mentorium_db import get_session
from mentorium_db.models import Learner
from mentorium_db.repositories import (
    LearnerRepository,
    ParentRepository,
)
from mentorium_domain.enums import (
    Language,
    LinkSource,
)
from tests.integration.db.rows import NOW

DILNOZA, OLGA = 100_000_001, 100_000_002


async def add_parent(telegram_id: int = DILNOZA) -> int:
    async with get_session() as session:
        return (await ParentRepository(session).add(telegram_id, language=Language.UZ, now=NOW)).id


async def link(parent_id: int, student_id: int, first_name: str = "Ali", guardian_id: int = 7) -> Learner:
    async with get_session() as session:
        return await LearnerRepository(session).link(
            parent_id,
            guardian_id=guardian_id,
            student_id=student_id,
            first_name=first_name,
            last_name="Karimov",
            source=LinkSource.CONTACT,
            now=NOW,
        )
