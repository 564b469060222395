"""A grant's idempotency key: the same request repeated gives nothing twice.

Revision ID: d5a2c7e91b40
Revises: c1e7b52f8d30
"""

from __future__ import annotations

from alembic import op

from mentorium_db.migrate import create_index_concurrently, drop_index_concurrently

revision = "d5a2c7e91b40"
down_revision = "c1e7b52f8d30"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE subscription_grants ADD COLUMN IF NOT EXISTS request_key VARCHAR(64)")
    create_index_concurrently("uq_subscription_grants_request_key", "subscription_grants (request_key)", unique=True)


def downgrade() -> None:
    drop_index_concurrently("uq_subscription_grants_request_key")
    op.execute("ALTER TABLE subscription_grants DROP COLUMN IF EXISTS request_key")
