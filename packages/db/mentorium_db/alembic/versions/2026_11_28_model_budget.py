"""What the language model costs, a row a day for each parent and for all: budgets are reserved in it.

Only what is added: the release before goes on without it.

Revision ID: b4d7190c2ea6
Revises: f2d84b6c19e7
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "b4d7190c2ea6"
down_revision = "f2d84b6c19e7"
branch_labels = None
depends_on = None

_COUNTS = ("calls", "reserved_tokens", "reserved_micro_usd", "input_tokens", "output_tokens", "micro_usd")


def _counts() -> list[sa.Column[Any]]:
    return [
        *(sa.Column(name, sa.BigInteger(), server_default=sa.text("0"), nullable=False) for name in _COUNTS),
        sa.Column("first_call_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ]


def _checks(table: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f"LEAST({', '.join(_COUNTS)}) >= 0", name=op.f(f"ck_{table}_counts")),
        sa.CheckConstraint("purpose IN ('chat', 'report')", name=op.f(f"ck_{table}_purpose")),
    ]


def upgrade() -> None:
    op.create_table(
        "ai_parent_usage",
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        *_counts(),
        *_checks("ai_parent_usage"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["parents.id"], name=op.f("fk_ai_parent_usage_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("parent_id", "day", "purpose", name=op.f("pk_ai_parent_usage")),
    )
    op.create_index("ix_ai_parent_usage_first_call_at", "ai_parent_usage", ["first_call_at"])
    op.create_table(
        "ai_daily_usage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        *_counts(),
        sa.Column("exhausted_at", sa.DateTime(timezone=True), nullable=True),
        *_checks("ai_daily_usage"),
        sa.PrimaryKeyConstraint("day", "purpose", name=op.f("pk_ai_daily_usage")),
    )


def downgrade() -> None:
    op.drop_table("ai_daily_usage")
    op.drop_table("ai_parent_usage")
