"""What stands beside the outbox: pictures of messages that wait, and the report runs that filled it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import ReportType


class NotificationPicture(Base):
    """The picture of a message that the release before has drawn; now it is drawn when the message is sent."""

    __tablename__ = "notification_pictures"
    __table_args__ = (CheckConstraint("octet_length(png) > 0", name="png"),)

    notification_id: Mapped[int] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"), primary_key=True)
    png: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    """As the message's own: what sweeps pictures asks nobody else. NULL where an older release has written the row."""


class ReportRun(Base):
    """The reports of a week or month were begun: nobody begins them again. The period is as in `report_history`."""

    __tablename__ = "report_runs"

    report_type: Mapped[ReportType] = mapped_column(one_of(ReportType, "report_type", length=50), primary_key=True)
    report_period: Mapped[str] = mapped_column(String(100), primary_key=True)
    started_at: Mapped[Written]
    reached: Mapped[int] = mapped_column(server_default=text("0"))
    """The parent id up to which batches have been stored as jobs: each is stored once, however often one fails."""
