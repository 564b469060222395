"""The words of the field: `link_codes` becomes `email_codes`, `deed` becomes `kind`, `reach` becomes `chat_state`.

Revision ID: c1e7b52f8d30
Revises: c36d1b7e5f40
"""

from __future__ import annotations

from alembic import op

revision = "c1e7b52f8d30"
down_revision = "c36d1b7e5f40"
branch_labels = None
depends_on = None

_UP = (
    "ALTER TABLE link_codes RENAME TO email_codes",
    "ALTER TABLE email_codes RENAME CONSTRAINT pk_link_codes TO pk_email_codes",
    "ALTER TABLE email_codes RENAME CONSTRAINT ck_link_codes_tries TO ck_email_codes_tries",
    "ALTER TABLE email_codes RENAME CONSTRAINT ck_link_codes_life TO ck_email_codes_life",
    "ALTER TABLE email_codes RENAME CONSTRAINT fk_link_codes_parent_id TO fk_email_codes_parent_id",
    "ALTER TABLE code_attempts RENAME COLUMN deed TO kind",
    "ALTER TABLE code_attempts RENAME CONSTRAINT ck_code_attempts_deed TO ck_code_attempts_kind",
    "ALTER TABLE parents RENAME COLUMN reach TO chat_state",
    "ALTER TABLE parents DROP CONSTRAINT ck_parents_reach",
    "UPDATE parents SET chat_state = 'blocked' WHERE chat_state = 'closed'",
    "ALTER TABLE parents ADD CONSTRAINT ck_parents_chat_state CHECK (chat_state IN ('open', 'blocked'))",
)
_DOWN = (
    "ALTER TABLE parents DROP CONSTRAINT ck_parents_chat_state",
    "UPDATE parents SET chat_state = 'closed' WHERE chat_state = 'blocked'",
    "ALTER TABLE parents RENAME COLUMN chat_state TO reach",
    "ALTER TABLE parents ADD CONSTRAINT ck_parents_reach CHECK (reach IN ('open', 'closed'))",
    "ALTER TABLE code_attempts RENAME CONSTRAINT ck_code_attempts_kind TO ck_code_attempts_deed",
    "ALTER TABLE code_attempts RENAME COLUMN kind TO deed",
    "ALTER TABLE email_codes RENAME CONSTRAINT fk_email_codes_parent_id TO fk_link_codes_parent_id",
    "ALTER TABLE email_codes RENAME CONSTRAINT ck_email_codes_life TO ck_link_codes_life",
    "ALTER TABLE email_codes RENAME CONSTRAINT ck_email_codes_tries TO ck_link_codes_tries",
    "ALTER TABLE email_codes RENAME CONSTRAINT pk_email_codes TO pk_link_codes",
    "ALTER TABLE email_codes RENAME TO link_codes",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
