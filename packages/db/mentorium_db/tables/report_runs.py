"""Runs of reports: what was begun for which day, how far it is, and which of them may be paid for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import Key, Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import ReportType


class PeriodRun(Base):
    """The reports of one week or month for those who want them on one day. The period is as in `report_history`.

    Its messages wait until all of its reports are stored (`stored_at`), at the latest until `opens_at`: both are the
    product's time.
    """

    __tablename__ = "period_runs"
    __table_args__ = (
        UniqueConstraint("report_type", "report_period", "day", name="uq_period_runs_report_type"),
        CheckConstraint("stored_at IS NULL OR listed_at IS NOT NULL", name="stored"),
        Index("ix_period_runs_closed", "opens_at", postgresql_where=text("stored_at IS NULL")),
    )

    id: Mapped[Key]
    report_type: Mapped[ReportType] = mapped_column(one_of(ReportType, "report_type", length=50))
    report_period: Mapped[str] = mapped_column(String(100))
    day: Mapped[date]
    started_at: Mapped[Written]
    opens_at: Mapped[datetime]
    reached: Mapped[int] = mapped_column(server_default=text("0"))
    """The parent id up to which batches have been stored as jobs: each is stored once, however often one fails."""
    listed_at: Mapped[datetime | None]
    """Since when every batch has been stored as a job."""
    stored_at: Mapped[datetime | None]


class PeriodRunBatch(Base):
    """The parents of a run behind the id `after`; `stored_at`: since when their reports stand, or have failed."""

    __tablename__ = "period_run_batches"

    run_id: Mapped[int] = mapped_column(ForeignKey("period_runs.id", ondelete="CASCADE"), primary_key=True)
    after: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stored_at: Mapped[datetime | None]


class PaidBroadcast(Base):
    """An operator lets the messages of a run be paid for: a tenth of a Star each, up to a budget, until stopped."""

    __tablename__ = "paid_broadcasts"
    __table_args__ = (CheckConstraint("star_budget > 0 AND taken >= 0 AND taken <= star_budget * 10", name="budget"),)

    report_type: Mapped[ReportType] = mapped_column(one_of(ReportType, "report_type", length=50), primary_key=True)
    report_period: Mapped[str] = mapped_column(String(100), primary_key=True)
    star_budget: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    allowed_at: Mapped[Written]
    stopped_at: Mapped[datetime | None]
    taken: Mapped[int] = mapped_column(server_default=text("0"))
    """Messages that were claimed to be paid for: what is really charged is no more than a tenth of that."""


class ReportShellRow(Base):
    """The words that the model wrote around the sentences of a report; they name nobody and hold no number.

    `key`: a hash of what the model was told, and by which prompt and model. `words`: NULL where what it wrote could not
    be used.
    """

    __tablename__ = "report_shells"
    __table_args__ = (CheckConstraint("key ~ '^[0-9a-f]{64}$'", name="key"), Index(None, "made_at"))

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    words: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[Written]
