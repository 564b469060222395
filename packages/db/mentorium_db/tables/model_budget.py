"""What the language model has cost, and what is reserved of its budget: a row a day, for each parent and for all.

Tokens and millionths of a US dollar. Reserved is what calls under way may cost at most, last at `reserved_at`. No call
takes as long as the lease of `repositories.model_budget`: what is reserved after it is of a process that died.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_db.columns import Written, one_of
from mentorium_db.models import Base
from mentorium_domain.enums import ModelPurpose

_COUNTS = ("calls", "reserved_tokens", "reserved_micro_usd", "input_tokens", "output_tokens", "micro_usd")


def _count() -> Mapped[int]:
    return mapped_column(BigInteger, server_default=text("0"))


def _no_count_is_negative() -> CheckConstraint:
    return CheckConstraint(f"LEAST({', '.join(_COUNTS)}) >= 0", name="counts")


class AIParentUsage(Base):
    """Of one parent on a Tashkent day."""

    __tablename__ = "ai_parent_usage"
    __table_args__ = (_no_count_is_negative(), Index("ix_ai_parent_usage_first_call_at", "first_call_at"))

    parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    purpose: Mapped[ModelPurpose] = mapped_column(one_of(ModelPurpose, "purpose", length=20), primary_key=True)
    calls: Mapped[int] = _count()
    reserved_tokens: Mapped[int] = _count()
    reserved_micro_usd: Mapped[int] = _count()
    input_tokens: Mapped[int] = _count()
    output_tokens: Mapped[int] = _count()
    micro_usd: Mapped[int] = _count()
    first_call_at: Mapped[Written]
    reserved_at: Mapped[datetime | None]


class AIDailyUsage(Base):
    """Of everybody on a Tashkent day; stays when a parent is erased, and names nobody.

    `exhausted_at`: when the day's budget first refused a call, which operators were told of then.
    """

    __tablename__ = "ai_daily_usage"
    __table_args__ = (_no_count_is_negative(),)

    day: Mapped[date] = mapped_column(primary_key=True)
    purpose: Mapped[ModelPurpose] = mapped_column(one_of(ModelPurpose, "purpose", length=20), primary_key=True)
    calls: Mapped[int] = _count()
    reserved_tokens: Mapped[int] = _count()
    reserved_micro_usd: Mapped[int] = _count()
    input_tokens: Mapped[int] = _count()
    output_tokens: Mapped[int] = _count()
    micro_usd: Mapped[int] = _count()
    first_call_at: Mapped[Written]
    reserved_at: Mapped[datetime | None]
    exhausted_at: Mapped[datetime | None]
