"""What a renewal by card was announced to cost: no more than that is charged.

Revision ID: 3f8c1d72a9e6
Revises: 5d2b9e40c7a1
"""

from __future__ import annotations

from alembic import op

revision = "3f8c1d72a9e6"
down_revision = "5d2b9e40c7a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE renewal_attempts ADD COLUMN amount_minor bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("ALTER TABLE renewal_attempts DROP COLUMN amount_minor")
