"""The inbox, and claims of questions: `dialogs` gets owner, lease, tries, delivered parts and an idempotency key.

Revision ID: d2f08a6c41b7
Revises: d5a2c7e91b40
"""

from __future__ import annotations

from alembic import op

revision = "d2f08a6c41b7"
down_revision = "d5a2c7e91b40"
branch_labels = None
depends_on = None

_INBOX = (
    """CREATE TABLE inbox (
        bot_id BIGINT NOT NULL,
        update_id BIGINT NOT NULL,
        lane SMALLINT NOT NULL,
        status VARCHAR(20) NOT NULL,
        chat_id BIGINT,
        user_telegram_id BIGINT,
        kind VARCHAR(50),
        content TEXT,
        reason VARCHAR(100),
        received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        held_until TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        owner VARCHAR(100),
        lease_until TIMESTAMP WITH TIME ZONE,
        tries INTEGER DEFAULT 0 NOT NULL,
        CONSTRAINT pk_inbox PRIMARY KEY (bot_id, update_id),
        CONSTRAINT ck_inbox_ids CHECK (update_id >= 0 AND bot_id > 0),
        CONSTRAINT ck_inbox_tries CHECK (tries >= 0),
        CONSTRAINT ck_inbox_owner CHECK ((status = 'taken') = (owner IS NOT NULL)),
        CONSTRAINT ck_inbox_lease CHECK ((owner IS NULL) = (lease_until IS NULL)),
        CONSTRAINT ck_inbox_ended CHECK (
            CASE status WHEN 'ended' THEN ended_at IS NOT NULL
            AND coalesce(chat_id, user_telegram_id) IS NULL AND coalesce(kind, content, reason) IS NULL
            ELSE ended_at IS NULL AND content IS NOT NULL END
        ),
        CONSTRAINT ck_inbox_status CHECK (status IN ('waiting', 'taken', 'ended', 'set_aside'))
    )""",
    "CREATE UNIQUE INDEX uq_inbox_taken ON inbox (bot_id, lane, chat_id) WHERE status = 'taken'",
    "CREATE INDEX ix_inbox_waiting ON inbox (bot_id, lane, chat_id, update_id) WHERE status IN ('waiting', 'taken')",
    "CREATE INDEX ix_inbox_user ON inbox (user_telegram_id) WHERE user_telegram_id IS NOT NULL",
    "CREATE INDEX ix_inbox_ended ON inbox (ended_at) WHERE status = 'ended'",
    """CREATE TABLE webhook_registrations (
        bot_id BIGINT NOT NULL,
        fingerprint VARCHAR(64) NOT NULL,
        told_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_webhook_registrations PRIMARY KEY (bot_id)
    )""",
)
_QUESTIONS = (
    "ALTER TABLE dialogs ADD COLUMN owner VARCHAR(100)",
    "ALTER TABLE dialogs ADD COLUMN lease_until TIMESTAMP WITH TIME ZONE",
    "ALTER TABLE dialogs ADD COLUMN tries INTEGER DEFAULT 0 NOT NULL",
    "ALTER TABLE dialogs ADD COLUMN parts_delivered INTEGER DEFAULT 0 NOT NULL",
    "ALTER TABLE dialogs ADD COLUMN idempotency_key VARCHAR(80)",
    "ALTER TABLE dialogs DROP CONSTRAINT ck_dialogs_status",
    "ALTER TABLE dialogs DROP CONSTRAINT ck_dialogs_settled",
    "ALTER TABLE dialogs DROP CONSTRAINT ck_dialogs_reply",
    "ALTER TABLE dialogs ADD CONSTRAINT ck_dialogs_status"
    " CHECK (status IN ('pending', 'answering', 'written', 'answered', 'failed', 'stopped')) NOT VALID",
    "ALTER TABLE dialogs ADD CONSTRAINT ck_dialogs_settled"
    " CHECK ((status IN ('pending', 'answering')) = (answered_at IS NULL)) NOT VALID",
    "ALTER TABLE dialogs ADD CONSTRAINT ck_dialogs_reply CHECK (CASE WHEN status IN ('written', 'answered')"
    " THEN ai_reply IS NOT NULL WHEN status = 'stopped' THEN true ELSE ai_reply IS NULL END) NOT VALID",
    "ALTER TABLE dialogs ADD CONSTRAINT ck_dialogs_claim CHECK (tries >= 0 AND parts_delivered >= 0) NOT VALID",
)
_CONSTRAINTS = ("status", "settled", "reply", "claim")
_INDEXES = (
    "CREATE UNIQUE INDEX CONCURRENTLY uq_dialogs_idempotency_key ON dialogs (idempotency_key)",
    "CREATE INDEX CONCURRENTLY ix_dialogs_open ON dialogs (lease_until)"
    " WHERE status IN ('pending', 'answering', 'written')",
)
_DOWN = (
    "UPDATE dialogs SET status = 'pending', answered_at = NULL, ai_reply = NULL"
    " WHERE status IN ('answering', 'written')",
    "DROP INDEX uq_dialogs_idempotency_key",
    "DROP INDEX ix_dialogs_open",
    "ALTER TABLE dialogs DROP CONSTRAINT ck_dialogs_claim",
    "ALTER TABLE dialogs DROP CONSTRAINT ck_dialogs_status",
    "ALTER TABLE dialogs DROP CONSTRAINT ck_dialogs_settled",
    "ALTER TABLE dialogs DROP CONSTRAINT ck_dialogs_reply",
    "ALTER TABLE dialogs ADD CONSTRAINT ck_dialogs_status"
    " CHECK (status IN ('pending', 'answered', 'failed', 'stopped'))",
    "ALTER TABLE dialogs ADD CONSTRAINT ck_dialogs_settled CHECK ((status = 'pending') = (answered_at IS NULL))",
    "ALTER TABLE dialogs ADD CONSTRAINT ck_dialogs_reply CHECK (CASE status WHEN 'answered' THEN ai_reply IS NOT NULL"
    " WHEN 'stopped' THEN true ELSE ai_reply IS NULL END)",
    "ALTER TABLE dialogs DROP COLUMN idempotency_key",
    "ALTER TABLE dialogs DROP COLUMN parts_delivered",
    "ALTER TABLE dialogs DROP COLUMN tries",
    "ALTER TABLE dialogs DROP COLUMN lease_until",
    "ALTER TABLE dialogs DROP COLUMN owner",
    "DROP TABLE webhook_registrations",
    "DROP TABLE inbox",
)


def upgrade() -> None:
    for statement in (*_INBOX, *_QUESTIONS):
        op.execute(statement)
    with op.get_context().autocommit_block():
        for name in _CONSTRAINTS:  # reads all rows, but holds nobody up
            op.execute(f"ALTER TABLE dialogs VALIDATE CONSTRAINT ck_dialogs_{name}")
        for statement in _INDEXES:
            op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
