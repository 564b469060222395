"""What stands beside the outbox while a message waits."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.models import Base


class NotificationPicture(Base):
    """The PNG that goes out with a message. It is kept only for as long as the message may still be sent."""

    __tablename__ = "notification_pictures"
    __table_args__ = (CheckConstraint("octet_length(png) > 0", name="png"),)

    notification_id: Mapped[int] = mapped_column(ForeignKey("notifications.id", ondelete="CASCADE"), primary_key=True)
    png: Mapped[bytes] = mapped_column(LargeBinary)
