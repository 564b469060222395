"""A dialog keeps its texts as the language model may read them, with the version of the rules they were hidden by.

Revision ID: 7f2d9c4e1a86
Revises: 7c3e91d5a0b4
"""

from __future__ import annotations

from alembic import op

revision = "7f2d9c4e1a86"
down_revision = "7c3e91d5a0b4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE dialogs ADD COLUMN IF NOT EXISTS hidden JSONB")
    op.execute("ALTER TABLE dialogs ADD COLUMN IF NOT EXISTS hidden_by VARCHAR(80)")


def downgrade() -> None:
    op.execute("ALTER TABLE dialogs DROP COLUMN IF EXISTS hidden_by")
    op.execute("ALTER TABLE dialogs DROP COLUMN IF EXISTS hidden")
