"""A consent of its own for voice messages. The CHECK of `consents.kind` gets one word more.

Revision ID: b4e81d7c0f39
Revises: b4d7190c2ea6
"""

from __future__ import annotations

from alembic import op

revision = "b4e81d7c0f39"
down_revision = "b4d7190c2ea6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _allow("'data_processing', 'voice'")


def downgrade() -> None:
    op.execute("DELETE FROM consents WHERE kind = 'voice'")
    _allow("'data_processing'")


def _allow(kinds: str) -> None:
    op.execute("ALTER TABLE consents DROP CONSTRAINT IF EXISTS ck_consents_kind")
    op.execute(f"ALTER TABLE consents ADD CONSTRAINT ck_consents_kind CHECK (kind IN ({kinds})) NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE consents VALIDATE CONSTRAINT ck_consents_kind")
