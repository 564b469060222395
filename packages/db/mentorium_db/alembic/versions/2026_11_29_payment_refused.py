"""That a message was not taken as paid for stays known, whatever becomes of it afterwards.

A constant default: no row is written. The release before goes on by `reason` alone.

Revision ID: c58d1a7e3f92
Revises: 7b2f9e4c6a10
"""

from __future__ import annotations

from alembic import op

revision = "c58d1a7e3f92"
down_revision = "7b2f9e4c6a10"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE notifications ADD COLUMN IF NOT EXISTS payment_refused BOOLEAN DEFAULT false NOT NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE notifications DROP COLUMN IF EXISTS payment_refused")
