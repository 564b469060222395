"""Indexes for what retention asks of each table; a message names the report whose picture goes with it.

Pictures of waiting messages that have no end of their own yet get that of their message.

Only what is added: the release before goes on with it.

Revision ID: 7c1d94e02b6f
Revises: 4b0e6a7d21f9
"""

from __future__ import annotations

from alembic import op

from mentorium_db.migrate import create_index_concurrently, drop_index_concurrently

revision = "7c1d94e02b6f"
down_revision = "4b0e6a7d21f9"
branch_labels = None
depends_on = None

_REPORT = "fk_notifications_report_id"
_INDEXES = {
    "ix_dialogs_created_at": "dialogs (created_at)",
    "ix_notifications_texts": "notifications (created_at) WHERE message <> ''",
    "ix_notifications_emptied": "notifications (created_at) WHERE message = ''",
    "ix_notifications_report_id": "notifications (report_id) WHERE report_id IS NOT NULL",
    "ix_report_history_generated_at": "report_history (generated_at)",
    "ix_payments_created_at": "payments (created_at)",
    "ix_inbox_set_aside": "inbox (received_at) WHERE status = 'set_aside'",
    "ix_email_codes_expires_at": "email_codes (expires_at)",
    "ix_used_link_codes_used_at": "used_link_codes (used_at)",
    "ix_invitations_expires_at": "invitations (expires_at)",
    "pgqueuer.pgqueuer_failed_updated_idx": "pgqueuer.pgqueuer (updated) WHERE status = 'failed'",
}


def upgrade() -> None:
    op.execute(
        "UPDATE notification_pictures p SET expires_at = n.expires_at FROM notifications n"
        " WHERE n.id = p.notification_id AND p.expires_at IS NULL"
    )
    op.execute("ALTER TABLE notifications ADD COLUMN IF NOT EXISTS report_id INTEGER")
    op.execute(f"ALTER TABLE notifications DROP CONSTRAINT IF EXISTS {_REPORT}")
    op.execute(
        f"ALTER TABLE notifications ADD CONSTRAINT {_REPORT} FOREIGN KEY (report_id) REFERENCES report_history (id)"
        " ON DELETE SET NULL NOT VALID"
    )
    with op.get_context().autocommit_block():  # reads all rows, and holds nobody up once the table is free again
        op.execute(f"ALTER TABLE notifications VALIDATE CONSTRAINT {_REPORT}")
    for name, on in _INDEXES.items():
        create_index_concurrently(name, on)


def downgrade() -> None:
    for name in reversed(_INDEXES):
        drop_index_concurrently(name)
    op.execute("ALTER TABLE notifications DROP COLUMN report_id")
