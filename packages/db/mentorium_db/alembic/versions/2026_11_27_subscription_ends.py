"""Ends of subscriptions that have expired are found by an index: that access is over is told soon after it.

Only what is added: the release before goes on with it.

Revision ID: e7d2b60f9c15
Revises: c1a8e5d07b34
"""

from __future__ import annotations

from mentorium_db.migrate import create_index_concurrently, drop_index_concurrently

revision = "e7d2b60f9c15"
down_revision = "c1a8e5d07b34"
branch_labels = None
depends_on = None

_ENDED = "ix_subscriptions_expired_end"


def upgrade() -> None:
    create_index_concurrently(_ENDED, "subscriptions (expires_at) WHERE status = 'EXPIRED'")


def downgrade() -> None:
    drop_index_concurrently(_ENDED)
