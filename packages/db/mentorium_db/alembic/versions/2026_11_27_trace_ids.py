"""Trace ids: what a question, a message and an event followed from.

Only what is added: the release before goes on without it.

Revision ID: 7c3e91d5a0b4
Revises: 7c1d94e02b6f
"""

from __future__ import annotations

from alembic import op

revision = "7c3e91d5a0b4"
down_revision = "7c1d94e02b6f"
branch_labels = None
depends_on = None

_TABLES = ("dialogs", "notifications", "event_logs")


def upgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN trace_id VARCHAR(32)")


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN trace_id")
