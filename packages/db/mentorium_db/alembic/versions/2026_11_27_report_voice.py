"""Whether a parent has each report said aloud, too. Only a column is added, with a constant default.

Revision ID: f2d84b6c19e7
Revises: e3b57c1d0a94
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f2d84b6c19e7"
down_revision = "e3b57c1d0a94"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "notification_settings",
        sa.Column("report_voice", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("notification_settings", "report_voice")
