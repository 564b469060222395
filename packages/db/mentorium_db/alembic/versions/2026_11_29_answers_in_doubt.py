"""What may be in a chat and is not written down yet: whoever takes it over does not say it again.

Only what is added, with defaults: the release before goes on without it, and says again what it has left.

Revision ID: 8b4f1d6a0c27
Revises: 5e0c9a47d1b3
"""

from __future__ import annotations

from alembic import op

revision = "8b4f1d6a0c27"
down_revision = "5e0c9a47d1b3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE inbox ADD COLUMN IF NOT EXISTS answer_in_doubt BOOLEAN DEFAULT false NOT NULL")
    op.execute("ALTER TABLE dialogs ADD COLUMN IF NOT EXISTS parts_begun INTEGER DEFAULT 0 NOT NULL")
    op.execute("ALTER TABLE dialogs ADD CONSTRAINT ck_dialogs_parts_begun CHECK (parts_begun >= 0) NOT VALID")
    op.execute("ALTER TABLE dialogs VALIDATE CONSTRAINT ck_dialogs_parts_begun")


def downgrade() -> None:
    op.execute("ALTER TABLE dialogs DROP COLUMN IF EXISTS parts_begun")
    op.execute("ALTER TABLE inbox DROP COLUMN IF EXISTS answer_in_doubt")
