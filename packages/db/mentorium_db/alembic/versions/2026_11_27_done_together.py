"""When a parent said that what a report proposed was done.

Only what is added: the release before goes on without it.

Revision ID: b6f3d80a92c5
Revises: 3f8c1d72a9e6
"""

from __future__ import annotations

from alembic import op

revision = "b6f3d80a92c5"
down_revision = "3f8c1d72a9e6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE report_history ADD COLUMN done_at TIMESTAMP WITH TIME ZONE")


def downgrade() -> None:
    op.execute("ALTER TABLE report_history DROP COLUMN done_at")
