"""What a parent has chosen about messages."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import Language, ReportFrequency, ReportTone
from mentorium_domain.preferences import FIRST_HOUR, LAST_HOUR


class NotificationSettings(Base):
    """As `mentorium_domain.preferences.Preferences`, which holds the defaults of parents without a row."""

    __tablename__ = "notification_settings"
    __table_args__ = (
        # On which days somebody wants a weekly report is asked whenever the next run is looked for.
        Index("ix_notification_settings_report_weekday", "report_weekday"),
        CheckConstraint("report_weekday BETWEEN 1 AND 7", name="report_weekday"),
        CheckConstraint(f"report_hour BETWEEN {FIRST_HOUR} AND {LAST_HOUR}", name="report_hour"),
    )

    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), primary_key=True)
    report_frequency: Mapped[ReportFrequency] = mapped_column(
        one_of(ReportFrequency, "report_frequency", length=20), server_default=ReportFrequency.BOTH.value
    )
    report_weekday: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    """ISO: 1 is Monday."""
    report_hour: Mapped[int | None] = mapped_column(SmallInteger)
    """By the clock of Tashkent; NULL: 9 for the weekly report, 10 for the monthly one."""
    achievement: Mapped[bool] = mapped_column(server_default=text("true"))
    reminder: Mapped[bool] = mapped_column(server_default=text("true"))
    subscription_sound: Mapped[bool] = mapped_column(server_default=text("true"))
    payment_sound: Mapped[bool] = mapped_column(server_default=text("true"))
    report_voice: Mapped[bool] = mapped_column(server_default=text("false"))
    report_tone: Mapped[ReportTone] = mapped_column(
        one_of(ReportTone, "report_tone", length=20), server_default=ReportTone.WARM.value
    )
    report_language: Mapped[Language | None] = mapped_column(one_of(Language, "report_language", length=2))
    """NULL: the parent's own."""
    ai: Mapped[bool] = mapped_column(server_default=text("true"))
    """Whether a model may write to this parent."""
    changed_at: Mapped[Written]
