"""A school with one family in it, and ways to change what its members may see."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import asyncpg

from mentorium_core.identity.commands import CheckLinkCode, give_consent
from mentorium_core.identity.model import LinkClaim, RegistrationResult
from mentorium_domain.enums import Language
from mentorium_kit import clock
from tests.fixtures.link_code import sign_link_code

KEY = "a key the platform and the bot share"


@dataclass(frozen=True, slots=True)
class Household:
    """`dsn` is the owner's DSN of the platform's database.

    Its connections stay open until `close`: to read the definitions of all tables anew costs most of what a call costs.
    """

    dsn: str
    _idle: list[asyncpg.Connection[asyncpg.Record]] = field(default_factory=list, compare=False)

    @classmethod
    @asynccontextmanager
    async def at(cls, dsn: str) -> AsyncIterator[Household]:
        household = cls(dsn)
        try:
            yield household
        finally:
            await household.close()

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def school(self) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
        connection = self._idle.pop() if self._idle else await asyncpg.connect(self.dsn)
        if connection.is_closed():
            connection = await asyncpg.connect(self.dsn)
        try:
            yield connection
        finally:
            self._idle.append(connection)

    async def guardian(self, name: str, phone: str | None = None, *, verified: bool = True) -> int:
        async with self.school() as school:
            return int(
                await school.fetchval(
                    "INSERT INTO platform.guardian (full_name, phone_e164, phone_verified, locale) "
                    "VALUES ($1, $2, $3, 'uz') RETURNING guardian_id",
                    name,
                    phone,
                    verified and phone is not None,
                )
            )

    async def child(self, name: str, *guardians: int) -> int:
        async with self.school() as school:
            student_id = int(
                await school.fetchval(
                    "INSERT INTO platform.student (display_name) VALUES ($1) RETURNING student_id", name
                )
            )
        for guardian_id in guardians:
            await self.link(guardian_id, student_id)
        return student_id

    async def link(self, guardian_id: int, student_id: int, relation: str = "mother") -> None:
        """On the platform: from now on the guardian may view the child."""
        async with self.school() as school:
            await school.execute(
                "INSERT INTO platform.guardian_student (guardian_id, student_id, relation) VALUES ($1, $2, $3)",
                guardian_id,
                student_id,
                relation,
            )

    async def allow(self, guardian_id: int, student_id: int, can_view: bool) -> None:
        async with self.school() as school:
            await school.execute(
                "UPDATE platform.guardian_student SET can_view_progress = $3 "
                "WHERE guardian_id = $1 AND student_id = $2",
                guardian_id,
                student_id,
                can_view,
            )


def link_code(guardian_id: int, *, expires_at: datetime | None = None, key: str = KEY) -> str:
    """A fresh code, as the platform's button makes it."""
    expiry = expires_at or clock.now() + timedelta(minutes=15)
    return sign_link_code(key, guardian_id, expiry, secrets.token_bytes(6))


async def claim_of(guardian_id: int) -> LinkClaim:
    return await CheckLinkCode(KEY)(link_code(guardian_id), 0)


async def register(telegram_id: int, guardian_id: int, language: Language = Language.UZ) -> RegistrationResult:
    """The way in through a deep link."""
    return await give_consent(telegram_id, language, await claim_of(guardian_id))
