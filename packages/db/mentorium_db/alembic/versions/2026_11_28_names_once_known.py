"""A dialog keeps keyed hashes of the names that were known when it was answered. Only a column is added.

Revision ID: 9d41c7e2b5f8
Revises: a4c7d2e81b36
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "9d41c7e2b5f8"
down_revision = "a4c7d2e81b36"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dialogs", sa.Column("known_names", postgresql.ARRAY(sa.String(12)), nullable=True))


def downgrade() -> None:
    op.drop_column("dialogs", "known_names")
