"""A family whose reports come by e-mail, and a mail server in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.email_code import MailCode, RequestEmailCode
from mentorium_core.identity.model import (
    Mail,
    ParentView,
)
from mentorium_core.identity.queries import find_parent
from mentorium_core.notifications.email_channel import (
    ConfirmAddress,
    choose_email,
    leave_letters,
)
from mentorium_core.notifications.email_links import EmailLinks
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import WEEKLY
from mentorium_core.reports.mailed import MailMessage
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_domain.enums import EmailStatus, EmailWish, JobKind
from mentorium_kit import clock
from mentorium_rendering.email import write_letter
from tests.integration.core.household import Household, register

DILNOZA: Final = 200_000_001
ADDRESS: Final = "dilnoza@example.uz"
DAY: Final = timedelta(days=1)
SECRET: Final = b"a secret"
LINKS: Final = EmailLinks(SECRET, "https://bot.example.uz")


@dataclass(slots=True)
class Post:
    """Carries letters; `failures` come first."""

    letters: list[Mail] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    async def send(self, mail: Mail) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.letters.append(mail)


@dataclass(slots=True)
class Family:
    household: Household
    parent: ParentView
    guardian_id: int
    student_id: int
    post: Post

    async def monday(self, weeks: int = 0) -> None:
        """The reports of a week are made, and are due now."""
        run = WEEKLY.run_of(clock.today() + 7 * weeks * DAY)
        found = await find_parent(DILNOZA)
        assert found is not None
        await MakePeriodReports(ReadFacts(), CheckAccess()).for_parents([found], run)

    async def due(self) -> None:
        """Whatever waits is due now, and for two days."""
        await sql(
            "UPDATE notifications SET send_at = :now, expires_at = :end WHERE status IN ('pending', 'skipped')",
            now=clock.now(),
            end=clock.now() + 2 * DAY,
        )

    async def monday_by_mail(self) -> None:
        """The letters of a week wait for their jobs."""
        await choose_email(self.parent, EmailWish.ALWAYS)
        await self.monday()
        await self.due()
        await leave_letters(clock.now())

    async def letters(self) -> list[EmailStatus | None]:
        """The ticker's turn, and the jobs that it leaves; what became of them."""
        while await leave_letters(clock.now()):
            pass
        done = []
        for (payload,) in await sql(
            "DELETE FROM pgqueuer.pgqueuer WHERE entrypoint = 'mail_message'"
            " RETURNING convert_from(payload, 'UTF8')::jsonb"
        ):
            done.append(await self.mail(payload["message_id"]))
        return done

    async def mail(self, message_id: int) -> EmailStatus | None:
        return await MailMessage(self.post, write_letter, LINKS)(message_id)


async def sql(statement: str, **values: object) -> Sequence[tuple[Any, ...]]:
    async with mentorium_db.get_session() as session:
        found = await session.execute(text(statement), values)
        return [tuple(row) for row in found] if found.returns_rows else []  # type: ignore[attr-defined]


async def make_family(household: Household) -> Family:
    """One parent whose address the platform has verified, and her child."""
    guardian_id = await household.guardian("Dilnoza Karimova")
    async with household.school() as school:
        await school.execute(
            "UPDATE platform.guardian SET email = $1, email_verified = true WHERE guardian_id = $2",
            ADDRESS,
            guardian_id,
        )
    student_id = await household.child("Aziza Karimova", guardian_id)
    parent = (await register(DILNOZA, guardian_id)).parent
    return Family(household, parent, guardian_id, student_id, Post())


async def change_address(family: Family, address: str) -> None:
    """As a parent does who proves another one by its code."""
    await RequestEmailCode(SECRET, JobKind.MAIL_ADDRESS_CODE)(family.parent, address)
    ((asked_at,),) = await sql("SELECT created_at FROM email_codes")
    post = Post()
    assert await MailCode(post, SECRET, to_anybody=True)(family.parent.parent_id, asked_at)
    (letter,) = post.letters
    code = next(word for word in letter.text.split() if len(word) == 6 and word.isdigit())
    await ConfirmAddress(SECRET)(family.parent, code)
