"""Reports as they were written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, String, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.columns import among
from mentorium_db.driver import DriverStatement, Row
from mentorium_db.models import ReportHistory
from mentorium_db.statements import prepared
from mentorium_db.units import Driver
from mentorium_domain.enums import Language, ReportType

# Of each of these parents and children what a new report has to know of those before: of a document, that is what it
# advised and asked. One look into the index a pair.
_TOLD: Final = DriverStatement(
    prepared(
        """
        SELECT asked.number, h.report_period, h.template_id, h.action_id, h.generated_at, h.done_at,
            jsonb_build_object('blocks', jsonb_path_query_array(
                h.document, '$.blocks[*] ? (@.type == "Improvement" || @.type == "ChildQuestion")'
            ))::text AS document
        FROM unnest(:parents, :students) WITH ORDINALITY AS asked (parent_telegram_id, student_id, number)
        CROSS JOIN LATERAL (
            SELECT * FROM report_history r
            WHERE r.parent_telegram_id = asked.parent_telegram_id AND r.platform_student_id = asked.student_id
            ORDER BY r.id DESC LIMIT :most
        ) h
        ORDER BY asked.number, h.id
        """,
        parents=ARRAY(BigInteger),
        students=ARRAY(BigInteger),
        most=Integer(),
    )
)
# Who has been erased meanwhile gets none; who has a report of this type and period already keeps it.
_ADD: Final = DriverStatement(
    prepared(
        """
        INSERT INTO report_history (
            parent_telegram_id, platform_student_id, report_type, report_period, language, template_id, action_id,
            content, document, generated_at
        )
        SELECT t.parent_telegram_id, t.student_id, t.report_type, t.report_period, t.language, t.template_id,
            t.action_id, t.content, t.document::jsonb, :now
        FROM unnest(
            :parents, :students, :types, :periods, :languages, :templates, :actions, :contents, :documents
        ) WITH ORDINALITY AS t (
            parent_telegram_id, student_id, report_type, report_period, language, template_id, action_id, content,
            document, number
        )
        JOIN parents p ON p.telegram_id = t.parent_telegram_id
        ORDER BY t.number
        ON CONFLICT DO NOTHING
        RETURNING id, parent_telegram_id, platform_student_id, report_type
        """,
        parents=ARRAY(BigInteger),
        students=ARRAY(BigInteger),
        types=ARRAY(String),
        periods=ARRAY(String),
        languages=ARRAY(String),
        templates=ARRAY(String),
        actions=ARRAY(String),
        contents=ARRAY(String),
        documents=ARRAY(String),
        now=DateTime(timezone=True),
    )
)


@dataclass(frozen=True, slots=True)
class TalkedOf:
    """What a report of the history advised and asked: `document` has those of its blocks alone."""

    report_period: str
    template_id: str | None
    action_id: str | None
    generated_at: datetime
    done_at: datetime | None
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report to be kept. `document` is JSON."""

    parent_telegram_id: int
    student_id: int
    report_type: ReportType
    report_period: str
    language: Language
    content: str
    document: str
    template_id: str | None = None
    action_id: str | None = None


async def told_before(driver: Driver, pairs: Sequence[tuple[int, int]], most: int) -> list[list[TalkedOf]]:
    """For each (parent's Telegram id, student id) the last `most` reports, newest last, by one statement for all."""
    told: list[list[TalkedOf]] = [[] for _ in pairs]
    if pairs:
        parents, students = zip(*pairs, strict=True)
        for row in await _TOLD.fetch(driver, parents=list(parents), students=list(students), most=most):
            told[row["number"] - 1].append(_talked_of(row))
    return told


async def add_reports(
    driver: Driver, reports: Sequence[NewReport], now: datetime
) -> dict[tuple[int, int, ReportType], int]:
    """Store them by one statement: (parent's Telegram id, student id, type) -> id of each that is new."""
    rows = await _ADD.fetch(
        driver,
        parents=[one.parent_telegram_id for one in reports],
        students=[one.student_id for one in reports],
        types=[one.report_type.value for one in reports],
        periods=[one.report_period for one in reports],
        languages=[one.language.value for one in reports],
        templates=[one.template_id for one in reports],
        actions=[one.action_id for one in reports],
        contents=[one.content for one in reports],
        documents=[one.document for one in reports],
        now=now,
    )
    return {
        (row["parent_telegram_id"], row["platform_student_id"], ReportType(row["report_type"])): row["id"]
        for row in rows
    }


def _talked_of(row: Row) -> TalkedOf:
    return TalkedOf(
        row["report_period"],
        row["template_id"],
        row["action_id"],
        row["generated_at"],
        row["done_at"],
        json.loads(row["document"]),
    )


class ReportHistoryRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def recent(self, parent_telegram_id: int, student_id: int, limit: int) -> list[ReportHistory]:
        """The last `limit` reports to this parent about this child, newest last."""
        found = await self.session.scalars(
            select(ReportHistory)
            .where(
                ReportHistory.parent_telegram_id == parent_telegram_id,
                ReportHistory.platform_student_id == student_id,
            )
            .order_by(ReportHistory.id.desc())
            .limit(limit)
        )
        return list(found)[::-1]

    async def get(self, report_id: int) -> ReportHistory | None:
        return await self.session.get(ReportHistory, report_id)

    async def mark_done(self, parent_telegram_id: int, report_id: int, now: datetime) -> bool:
        """Whether this report of this parent was not marked as done before."""
        marked = await self.session.scalar(
            update(ReportHistory)
            .where(
                ReportHistory.id == report_id,
                ReportHistory.parent_telegram_id == parent_telegram_id,
                ReportHistory.done_at.is_(None),
            )
            .values(done_at=now)
            .returning(ReportHistory.id)
        )
        return marked is not None

    async def take_turn(self, parent_telegram_id: int, student_id: int) -> None:
        """Until the unit of work ends nobody else asks for reports to this parent about this child."""
        turn = func.hashtextextended(f"report:{parent_telegram_id}:{student_id}", 0)
        await self.session.execute(select(func.pg_advisory_xact_lock(turn)))

    async def newest(
        self,
        parent_telegram_id: int,
        student_id: int,
        report_type: ReportType,
        report_period: str,
        language: Language,
    ) -> ReportHistory | None:
        return await self.session.scalar(
            select(ReportHistory)
            .where(
                ReportHistory.parent_telegram_id == parent_telegram_id,
                ReportHistory.platform_student_id == student_id,
                ReportHistory.report_type == report_type,
                ReportHistory.report_period == report_period,
                ReportHistory.language == language,
            )
            .order_by(ReportHistory.id.desc())
            .limit(1)
        )

    async def made(
        self, telegram_ids: Sequence[int], report_type: ReportType, report_period: str
    ) -> set[tuple[int, int]]:
        """(parent's Telegram id, student id) of the reports of this type and period that these parents have."""
        found = await self.session.execute(
            select(ReportHistory.parent_telegram_id, ReportHistory.platform_student_id).where(
                ReportHistory.parent_telegram_id == among(telegram_ids),
                ReportHistory.report_type == report_type,
                ReportHistory.report_period == report_period,
            )
        )
        return {(telegram_id, student_id) for telegram_id, student_id in found}

    async def add(
        self,
        parent_telegram_id: int,
        student_id: int,
        *,
        report_type: ReportType,
        report_period: str,
        language: Language,
        content: str,
        document: Mapping[str, Any],
        now: datetime,
        template_id: str | None = None,
        action_id: str | None = None,
    ) -> int | None:
        """Store a report; `report_period` is its first and last day, `YYYY-MM-DD/YYYY-MM-DD`. Its id.

        None if this parent has a weekly or monthly report about this child and period already.
        """
        return await self.session.scalar(
            insert(ReportHistory)
            .values(
                parent_telegram_id=parent_telegram_id,
                platform_student_id=student_id,
                report_type=report_type,
                report_period=report_period,
                language=language,
                template_id=template_id,
                action_id=action_id,
                content=content,
                document=dict(document),
                generated_at=now,
            )
            .on_conflict_do_nothing()
            .returning(ReportHistory.id)
        )
