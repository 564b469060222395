"""A message says what it is about, and the same in one line; what was folded and what is in doubt is found by an index.

Only what is added: the release before goes on without it.

Revision ID: f27d90b3c8a1
Revises: a41c7e90d35b
"""

from __future__ import annotations

from alembic import op

from mentorium_db.migrate import create_index_concurrently, drop_index_concurrently

revision = "f27d90b3c8a1"
down_revision = "a41c7e90d35b"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_notifications_folded": (
        "notifications (parent_telegram_id, platform_student_id) WHERE status = 'skipped' AND reason = 'folded'"
    ),
    "ix_notifications_in_doubt": (
        "notifications (parent_telegram_id) WHERE status = 'unknown' AND notification_type = 'REPORT'"
        " AND reason IS DISTINCT FROM 'offered'"
    ),
}


def upgrade() -> None:
    op.execute("ALTER TABLE notifications ADD COLUMN IF NOT EXISTS notice VARCHAR(40)")
    op.execute("ALTER TABLE notifications ADD COLUMN IF NOT EXISTS line VARCHAR(300)")
    for name, on in _INDEXES.items():
        create_index_concurrently(name, on)


def downgrade() -> None:
    for name in reversed(_INDEXES):
        drop_index_concurrently(name)
    op.execute("ALTER TABLE notifications DROP COLUMN IF EXISTS line")
    op.execute("ALTER TABLE notifications DROP COLUMN IF EXISTS notice")
