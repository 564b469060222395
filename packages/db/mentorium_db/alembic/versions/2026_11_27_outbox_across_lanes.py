"""The outbox claimed across lanes: who holds a message, an index of chats that are held, and a picture's own end.

Only what is added: the release before goes on with it.

Revision ID: 4b0e6a7d21f9
Revises: d5a2c7e91b40
"""

from __future__ import annotations

from alembic import op

revision = "4b0e6a7d21f9"
down_revision = "d5a2c7e91b40"
branch_labels = None
depends_on = None

_INDEXES = (
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_notifications_held
        ON notifications (held_until, parent_telegram_id) WHERE attempts > 0""",
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_notification_pictures_expires_at
        ON notification_pictures (expires_at)""",
)


def upgrade() -> None:
    op.execute("ALTER TABLE notifications ADD COLUMN owner VARCHAR(100)")
    op.execute("ALTER TABLE notification_pictures ADD COLUMN expires_at timestamptz")
    with op.get_context().autocommit_block():
        for index in _INDEXES:
            op.execute(index)


def downgrade() -> None:
    op.execute("DROP INDEX ix_notification_pictures_expires_at")
    op.execute("DROP INDEX ix_notifications_held")
    op.execute("ALTER TABLE notification_pictures DROP COLUMN expires_at")
    op.execute("ALTER TABLE notifications DROP COLUMN owner")
