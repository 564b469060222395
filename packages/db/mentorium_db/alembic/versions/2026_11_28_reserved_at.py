"""When something was last reserved of the model's budget: what a killed process has left reserved ends by it.

Only what is added, nullable: the release before goes on without it.

Revision ID: 5e0c9a47d1b3
Revises: a7c31e58d2f6
"""

from __future__ import annotations

from alembic import op

revision = "5e0c9a47d1b3"
down_revision = "a7c31e58d2f6"
branch_labels = None
depends_on = None

_TABLES = ("ai_parent_usage", "ai_daily_usage")


def upgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS reserved_at TIMESTAMP WITH TIME ZONE")


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS reserved_at")
