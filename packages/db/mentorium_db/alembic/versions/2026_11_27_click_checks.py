"""Click: when an attempt is to be asked about, and that the lines of its receipt were handed in.

Only what is added: the release before goes on with it.

Revision ID: c1a8e5d07b34
Revises: 91c4e7a05b2d
"""

from __future__ import annotations

from alembic import op

from mentorium_db.migrate import create_index_concurrently, drop_index_concurrently

revision = "c1a8e5d07b34"
down_revision = "91c4e7a05b2d"
branch_labels = None
depends_on = None

_DUE = "ix_click_transactions_due"


def upgrade() -> None:
    op.execute("ALTER TABLE click_transactions ADD COLUMN IF NOT EXISTS next_check_at timestamptz")
    op.execute("ALTER TABLE click_transactions ADD COLUMN IF NOT EXISTS items_submitted_at timestamptz")
    create_index_concurrently(_DUE, "click_transactions (next_check_at) WHERE next_check_at IS NOT NULL")


def downgrade() -> None:
    drop_index_concurrently(_DUE)
    op.execute("ALTER TABLE click_transactions DROP COLUMN items_submitted_at")
    op.execute("ALTER TABLE click_transactions DROP COLUMN next_check_at")
