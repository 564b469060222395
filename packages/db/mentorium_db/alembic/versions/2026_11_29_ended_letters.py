"""Letters that the mail server took or refused are found by an index: each refusal asks what came before it.

Only what is added: the release before goes on without it.

Revision ID: 7b2f9e4c6a10
Revises: 8b4f1d6a0c27
"""

from __future__ import annotations

from mentorium_db.migrate import create_index_concurrently, drop_index_concurrently

revision = "7b2f9e4c6a10"
down_revision = "8b4f1d6a0c27"
branch_labels = None
depends_on = None

_ENDED = "ix_email_messages_ended"


def upgrade() -> None:
    create_index_concurrently(_ENDED, "email_messages (status, id) WHERE status IN ('sent', 'refused')")


def downgrade() -> None:
    drop_index_concurrently(_ENDED)
