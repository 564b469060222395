"""A family that is watched: a school whose time is in the test's hand, as the product's clock is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from mentorium_core.alerts.checks import CheckChildren
from mentorium_core.alerts.feeds import ReadFeeds
from mentorium_core.alerts.telling import TellAlerts
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import ParentView
from mentorium_core.progress.queries import ReadFacts
from mentorium_db import get_session
from mentorium_db.models import Notification
from mentorium_db.repositories import NotificationRepository
from mentorium_domain.enums import Language, NotificationType, Tariff
from mentorium_kit import clock
from mentorium_kit.clock import TASHKENT
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household, register

WEDNESDAY = datetime(2026, 12, 2, 10, tzinfo=TASHKENT)
NEWS = {NotificationType.ACHIEVEMENT, NotificationType.REMINDER}
_TELEGRAM_ID = 210_000_001


@dataclass(slots=True)
class Watched:
    household: Household
    moved: ClockInHand
    page: int = 500
    course: int = 0
    check_children: CheckChildren = field(default_factory=CheckChildren)

    async def opens(self) -> None:
        """It is Wednesday, 10:00; there is one course, and the feeds have been read up to now."""
        await self.at(WEDNESDAY)
        self.course = await self.value(
            "INSERT INTO platform.course (slug, title_en, title_ru, title_uz)"
            " VALUES ('nets', 'Neural networks', 'Нейросети', 'Neyrotarmoqlar') RETURNING course_id"
        )
        await self.read()

    async def at(self, moment: datetime) -> None:
        """So late it is, here and on the platform."""
        offset = moment - datetime.now(TASHKENT)
        self.moved.to(offset)
        await self.does("UPDATE platform.clock SET shift = $1", offset)

    async def later(self, delay: timedelta) -> None:
        await self.at(clock.now() + delay)

    async def family(self, name: str = "Aziza Karimova", language: Language = Language.EN, number: int = 0) -> Family:
        """A parent with a subscription and one child, who takes the course and studied today."""
        guardian = await self.household.guardian(f"Mother of {name}")
        student = await self.household.child(name, guardian)
        await self.enrol(student)
        await self.studied(student, clock.now())
        parent = (await register(_TELEGRAM_ID + number, guardian, language)).parent
        await GrantSubscription()(parent.telegram_id, Tariff.ANNUAL, "test", "test", request_key=uuid4().hex)
        return Family(self, parent, student, guardian)

    async def enrol(self, student_id: int, at: datetime | None = None) -> None:
        await self.does(
            "INSERT INTO platform.enrollment (student_id, course_id, status, enrolled_at)"
            " VALUES ($1, $2, 'active', $3)",
            student_id,
            self.course,
            at or clock.now() - timedelta(days=60),
        )

    async def studied(self, student_id: int, at: datetime) -> None:
        await self.does(
            "INSERT INTO platform.activity_day (student_id, day, active_seconds, sessions) VALUES ($1, $2, 1800, 1)",
            student_id,
            clock.local_day(at),
        )

    async def test(self, title: str, due_at: datetime | None = None) -> int:
        return int(
            await self.value(
                "INSERT INTO platform.test (course_id, kind, title_en, max_score, due_at)"
                " VALUES ($1, 'quiz', $2, 20, $3) RETURNING test_id",
                self.course,
                title,
                due_at,
            )
        )

    async def attempt(self, student_id: int, test_id: int, score: int, number: int = 1) -> None:
        await self.does(
            "INSERT INTO platform.test_attempt (test_id, student_id, course_id, attempt_no, submitted_at, graded_at,"
            " score, max_score, status) VALUES ($1, $2, $3, $4, $5, $5, $6, 20, 'graded')",
            test_id,
            student_id,
            self.course,
            number,
            clock.now(),
            score,
        )

    async def award(self, student_id: int, title: str, at: datetime | None = None) -> int:
        return int(
            await self.value(
                "INSERT INTO platform.award (student_id, code, kind, title_en, earned_at)"
                " VALUES ($1, 'x', 'badge', $2, $3) RETURNING award_id",
                student_id,
                title,
                at or clock.now(),
            )
        )

    async def comment(self, student_id: int, body: str, author: str | None = "Nodira", **columns: Any) -> None:
        known = {"student_id": student_id, "body": body, "author_name": author, "created_at": clock.now(), **columns}
        places = ", ".join(f"${number}" for number in range(1, len(known) + 1))
        await self.does(
            f"INSERT INTO platform.teacher_comment ({', '.join(known)}) VALUES ({places})",
            *known.values(),
        )

    async def material(self, title: str, at: datetime | None = None) -> None:
        await self.does(
            "INSERT INTO platform.lesson (course_id, module_id, position, kind, title_en, is_required, published_at)"
            " SELECT $1, 1, 1 + count(*), 'material', $2, false, $3 FROM platform.lesson",
            self.course,
            title,
            at or clock.now(),
        )

    async def finish_course(self, student_id: int) -> None:
        await self.does(
            "UPDATE platform.enrollment SET status = 'completed', completed_at = $2 WHERE student_id = $1",
            student_id,
            clock.now(),
        )

    async def read(self) -> bool:
        return await ReadFeeds(self.page)()

    async def look(self) -> None:
        """As the worker does: read, check, and tell all there is."""
        await self.read()
        await self.check_children()
        tell = TellAlerts(ReadFacts(), CheckAccess())
        while await tell():
            pass

    async def does(self, statement: str, *values: Any) -> None:
        async with self.household.school() as school:
            await school.execute(statement, *values)

    async def value(self, statement: str, *values: Any) -> Any:
        async with self.household.school() as school:
            return await school.fetchval(statement, *values)


@dataclass(frozen=True, slots=True)
class Family:
    world: Watched
    parent: ParentView
    student: int
    guardian: int

    async def messages(self) -> list[Notification]:
        """News alone: what the subscription has to say is left out."""
        async with get_session() as session:
            found = await NotificationRepository(session).list_for_parent(self.parent.telegram_id)
        return [message for message in found if message.notification_type in NEWS]

    async def texts(self) -> list[str]:
        return [message.message for message in await self.messages()]
