"""What is said to parents and by them, and what is kept of it, on the real database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from mentorium_db import driver_connection, get_session
from mentorium_db.models import Dialog, EventLog
from mentorium_db.repositories import (
    DialogRepository,
    EventLogRepository,
    HotPathRepository,
    NotificationRepository,
    NotificationSettingsRepository,
    ReportHistoryRepository,
)
from mentorium_domain.enums import (
    DeliveryStatus,
    DialogStatus,
    EventType,
    Language,
    NotificationType,
    ReportType,
    Severity,
)
from mentorium_domain.outbox import OutboxMessage
from tests.integration.db.given import DILNOZA, OLGA, add_parent, link
from tests.integration.db.rows import LATER, NOW

OWNER = "here:1:1"
pytestmark = pytest.mark.usefixtures("session_factory")


async def ask(text: str = "Qalay?", key: str | None = None, telegram_id: int = DILNOZA) -> int | None:
    async with driver_connection(writes=True) as driver:
        stored = await HotPathRepository(driver).store_question(
            telegram_id,
            text,
            idempotency_key=key,
            language=Language.UZ,
            now=NOW,
            status=DialogStatus.PENDING,
            owner=OWNER,
        )
    return stored[0] if stored is not None else None


async def recalled(telegram_id: int = DILNOZA, student_ids: Sequence[int] = (), most: int = 10) -> list[str]:
    """The questions that are told to the model again."""
    async with driver_connection() as driver:
        context = await HotPathRepository(driver).answer_context(0, telegram_id, student_ids, most)
    return [turn.user_message for turn in context.earlier]


async def asked(text: str = "Qalay?", telegram_id: int = DILNOZA) -> int:
    dialog_id = await ask(text, telegram_id=telegram_id)
    assert dialog_id is not None
    return dialog_id


async def write(
    dialog_id: int, now: datetime, student_ids: Sequence[int] | None = None, known_names: Sequence[str] = ()
) -> bool:
    async with driver_connection(writes=True) as driver:
        return await HotPathRepository(driver).write(
            *(dialog_id, OWNER, "Yaxshi"),
            tokens_used=120,
            model="gpt",
            now=now,
            student_ids=student_ids,
            known_names=known_names,
        )


async def written(
    dialog_id: int, now: datetime, student_ids: Sequence[int] | None = (), known_names: Sequence[str] = ()
) -> None:
    """Written and delivered."""
    assert await write(dialog_id, now, student_ids, known_names)
    async with driver_connection(writes=True) as driver:
        assert await HotPathRepository(driver).deliver_part(dialog_id, OWNER, 1, last=True)


async def dialog(dialog_id: int) -> Dialog:
    async with get_session() as session:
        return await session.get_one(Dialog, dialog_id)


class TestDialogs:
    async def test_an_update_brings_its_question_once(self) -> None:
        await add_parent()
        first = await ask(key="5")
        assert first is not None
        assert await ask(key="5") is None
        assert await ask(key="6") is not None

    async def test_questions_without_an_update_are_all_stored(self) -> None:
        await add_parent()
        assert None not in [await ask(), await ask()]

    async def test_an_answer_is_kept_with_what_it_cost(self) -> None:
        await add_parent()
        dialog_id = await asked()
        await written(dialog_id, LATER)
        stored = await dialog(dialog_id)
        assert (stored.status, stored.ai_reply, stored.tokens_used, stored.model, stored.answered_at) == (
            DialogStatus.ANSWERED,
            "Yaxshi",
            120,
            "gpt",
            LATER,
        )

    @pytest.mark.parametrize(("partial", "kept"), [("Yax", "Yax"), ("", None)])
    async def test_a_stopped_answer_keeps_what_was_written(self, partial: str, kept: str | None) -> None:
        await add_parent()
        dialog_id = await asked()
        async with get_session() as session:
            await DialogRepository(session).stop(dialog_id, OWNER, partial, LATER)
        stored = await dialog(dialog_id)
        assert (stored.status, stored.ai_reply, stored.answered_at) == (DialogStatus.STOPPED, kept, LATER)

    async def test_a_question_is_settled_once(self) -> None:
        await add_parent()
        dialog_id = await asked()
        async with get_session() as session:
            assert await DialogRepository(session).fail(dialog_id, OWNER, NOW)
        assert not await write(dialog_id, LATER)
        stored = await dialog(dialog_id)
        assert (stored.status, stored.ai_reply, stored.answered_at) == (DialogStatus.FAILED, None, NOW)

    async def test_the_history_is_what_was_answered_and_not_forgotten_newest_last(self) -> None:
        await add_parent()
        await add_parent(OLGA)
        await self.answered("forgotten")
        async with get_session() as session:
            assert await DialogRepository(session).forget(DILNOZA, NOW) == 1
        for text in ("one", "two", "three"):
            await self.answered(text)
        await self.answered("somebody else's", OLGA)
        await asked("pending")
        assert await recalled() == ["one", "two", "three"]
        assert await recalled(most=2) == ["two", "three"]
        async with get_session() as session:
            assert await DialogRepository(session).forget(DILNOZA, LATER) == 4
        assert await recalled() == []
        assert len(await recalled(OLGA)) == 1

    async def test_the_history_leaves_out_what_was_said_of_children_who_are_out_of_view(self) -> None:
        """parents A5: what was answered from the data of a child who may be viewed no more is not said again; nor
        what a release before has answered without saying whose data it told.
        """
        await add_parent()
        for children in ([7], [7, 8], None):
            dialog_id = await asked(f"{children}")
            await written(dialog_id, NOW, children)
        for viewable, told in (([7, 8], ["[7]", "[7, 8]"]), ([7], ["[7]"]), ([8], [])):
            assert await recalled(student_ids=viewable) == told

    async def test_an_answer_is_made_with_names_wish_turns_and_hashes(self) -> None:
        parent_id, other_id = await add_parent(), await add_parent(OLGA)
        for student_id, first_name in ((72, "Vali"), (71, "Aziza")):
            await link(parent_id, student_id, first_name=first_name, guardian_id=student_id)
        await link(other_id, 90, first_name="Igor")
        for names in (("b", "a"), ("c",), ()):
            await written(await asked(), NOW, [71], names)
        await written(await asked(telegram_id=OLGA), NOW, [90], ("d",))
        async with get_session() as session:
            await NotificationSettingsRepository(session).change(parent_id, NOW, ai=False)
        async with driver_connection() as driver:
            repository = HotPathRepository(driver)
            context = await repository.answer_context(parent_id, DILNOZA, [71], 10)
            others = await repository.answer_context(other_id, OLGA, [90], 10)
            names_alone = await repository.names(parent_id)
        assert names_alone == (context.children, context.guardian_ids)
        assert context.children == ("Vali Karimov", "Aziza Karimov")
        assert context.guardian_ids == {71, 72}
        assert not context.wants_ai
        assert context.known_names == {"a", "b", "c"}
        assert [(turn.user_message, turn.ai_reply) for turn in context.earlier] == [("Qalay?", "Yaxshi")] * 3
        assert others.children == ("Igor Karimov",)
        assert others.known_names == {"d"}
        assert others.wants_ai

    async def test_a_live_owners_question_is_nobody_elses(self) -> None:
        await add_parent()
        waiting = await asked("waiting")
        async with get_session() as session:
            assert await DialogRepository(session).take_abandoned("other:1:1", 10, ownerless_before=LATER) == []
            assert not await DialogRepository(session).begin(waiting, "other:1:1")
            await DialogRepository(session).release(OWNER)
        async with get_session() as session:
            (taken,) = await DialogRepository(session).take_abandoned("other:1:1", 10, ownerless_before=LATER)
        assert (taken.id, taken.owner) == (waiting, "other:1:1")

    async def answered(self, text: str, telegram_id: int = DILNOZA) -> None:
        dialog_id = await asked(text, telegram_id)
        await written(dialog_id, NOW)


class TestNotifications:
    async def test_a_fact_is_told_once(self) -> None:
        await add_parent()
        first = await self.tell("report:70")
        assert first is not None
        assert await self.tell("report:70") is None
        async with get_session() as session:
            (stored,) = await NotificationRepository(session).list_for_parent(DILNOZA)
        assert (stored.id, stored.status, stored.created_at, stored.sent_at) == (
            first,
            DeliveryStatus.PENDING,
            NOW,
            None,
        )

    async def tell(self, key: str) -> int | None:
        async with get_session() as session:
            new = OutboxMessage(DILNOZA, NotificationType.REPORT, "…", key, NOW, NOW + timedelta(hours=1))
            return (await NotificationRepository(session).add([new], NOW)).get(key)


class TestEventLog:
    async def test_an_event_is_kept_with_its_details(self) -> None:
        async with get_session() as session:
            await EventLogRepository(session).add(
                EventType.USER_ACTION,
                "registration",
                user_telegram_id=None,
                metadata={"children": 2},
                severity=Severity.INFO,
                now=NOW,
            )
        async with get_session() as session:
            event = (await session.scalars(select(EventLog))).one()
        assert (event.event_name, event.details, event.severity, event.created_at) == (
            "registration",
            {"children": 2},
            Severity.INFO,
            NOW,
        )


class TestReportHistory:
    async def test_the_last_reports_about_a_child_come_newest_last(self) -> None:
        await add_parent()
        for week in ("2026-11-02/2026-11-08", "2026-11-09/2026-11-15", "2026-11-16/2026-11-22"):
            await self.store(week)
        await self.store("2026-11-16/2026-11-22", student_id=71)
        async with get_session() as session:
            reports = await ReportHistoryRepository(session).recent(DILNOZA, 70, 2)
        assert [report.report_period for report in reports] == ["2026-11-09/2026-11-15", "2026-11-16/2026-11-22"]
        assert (reports[1].document, reports[1].generated_at, reports[1].template_id) == ({"blocks": []}, NOW, "week-1")

    async def test_a_scheduled_report_is_stored_once_and_one_on_demand_as_often_as_asked_for(self) -> None:
        await add_parent()
        period = "2026-11-16/2026-11-22"
        for _ in range(2):
            assert await self.store(period, report_type=ReportType.ON_DEMAND) is not None
        assert await self.store(period) is not None
        assert await self.store(period) is None
        async with get_session() as session:
            assert len(await ReportHistoryRepository(session).recent(DILNOZA, 70, 10)) == 3

    async def store(self, period: str, student_id: int = 70, report_type: ReportType = ReportType.WEEKLY) -> int | None:
        async with get_session() as session:
            return await ReportHistoryRepository(session).add(
                DILNOZA,
                student_id,
                report_type=report_type,
                report_period=period,
                language=Language.UZ,
                content="…",
                document={"blocks": []},
                template_id="week-1",
                now=NOW,
            )
