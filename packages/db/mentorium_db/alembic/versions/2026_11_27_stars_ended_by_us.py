"""Whether a renewal in Stars was ended by us: then its user cannot resume it before we allow it.

Revision ID: 5d2b9e40c7a1
Revises: e7d2b60f9c15
"""

from __future__ import annotations

from alembic import op

revision = "5d2b9e40c7a1"
down_revision = "e7d2b60f9c15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE stars_subscriptions ADD COLUMN ended_by_us boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    op.execute("ALTER TABLE stars_subscriptions DROP COLUMN ended_by_us")
