"""Which events the staff's chat was told of, and an index for those that it is to be told.

Only what is added: the release before goes on with it.

Revision ID: a4c7d2e81b36
Revises: b4e81d7c0f39
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from mentorium_db.migrate import create_index_concurrently, drop_index_concurrently

revision = "a4c7d2e81b36"
down_revision = "b4e81d7c0f39"
branch_labels = None
depends_on = None

_INDEX = "ix_event_logs_severe"


def upgrade() -> None:
    op.create_table(
        "staff_news",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event_logs.id"], name="fk_staff_news_event_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name="pk_staff_news"),
        if_not_exists=True,
    )
    create_index_concurrently(_INDEX, "event_logs (created_at) WHERE severity IN ('ERROR', 'CRITICAL')")


def downgrade() -> None:
    drop_index_concurrently(_INDEX)
    op.drop_table("staff_news", if_exists=True)
