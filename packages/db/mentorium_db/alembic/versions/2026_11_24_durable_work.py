"""Durable work: the outbox's life, the pictures that go with it, whom we cannot reach, and pgqueuer's jobs.

Revision ID: c36d1b7e5f40
Revises: 8a4f6c21d907
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "c36d1b7e5f40"
down_revision = "8a4f6c21d907"
branch_labels = None
depends_on = None

# As pgqueuer 1.6 printed it; what a later release changes comes with a migration of its own.
_PGQUEUER = Path(__file__).with_name("pgqueuer_1_6.sql")

_UP = (
    """ALTER TABLE parents
        ADD COLUMN reach VARCHAR(10) DEFAULT 'open' NOT NULL,
        ADD CONSTRAINT ck_parents_reach CHECK (reach IN ('open', 'closed'))""",
    """ALTER TABLE notifications
        ADD COLUMN priority SMALLINT DEFAULT 2 NOT NULL,
        ADD COLUMN attempts INTEGER DEFAULT 0 NOT NULL,
        ADD COLUMN repeated BOOLEAN DEFAULT false NOT NULL,
        ADD COLUMN reason VARCHAR(100),
        ADD COLUMN telegram_message_id BIGINT,
        ADD COLUMN send_at timestamptz DEFAULT now() NOT NULL,
        ADD COLUMN expires_at timestamptz DEFAULT (now() + '2 days'::interval) NOT NULL,
        ADD COLUMN held_until timestamptz DEFAULT now() NOT NULL""",
    """UPDATE notifications SET
        priority = CASE WHEN notification_type = 'REPORT' THEN 2
            WHEN notification_type IN ('PAYMENT', 'SUBSCRIPTION') THEN 1 ELSE 3 END,
        send_at = created_at,
        expires_at = created_at + interval '2 days'""",
    """ALTER TABLE notifications
        ADD CONSTRAINT ck_notifications_life CHECK (expires_at > send_at),
        ADD CONSTRAINT ck_notifications_priority CHECK (priority BETWEEN 1 AND 3),
        ADD CONSTRAINT ck_notifications_attempts CHECK (attempts >= 0)""",
    "DROP INDEX ix_notifications_pending",
    "CREATE INDEX ix_notifications_parent_telegram_id_held_until ON notifications (parent_telegram_id, held_until)",
    "CREATE INDEX ix_notifications_due ON notifications (priority, send_at, id) WHERE status = 'pending'",
    "CREATE INDEX ix_notifications_expiring ON notifications (expires_at) WHERE status = 'pending'",
    "CREATE UNIQUE INDEX uq_notifications_sending ON notifications (parent_telegram_id) WHERE status = 'sending'",
    """CREATE TABLE notification_pictures (
        notification_id INTEGER NOT NULL,
        png BYTEA NOT NULL,
        CONSTRAINT pk_notification_pictures PRIMARY KEY (notification_id),
        CONSTRAINT ck_notification_pictures_png CHECK (octet_length(png) > 0),
        CONSTRAINT fk_notification_pictures_notification_id
            FOREIGN KEY (notification_id) REFERENCES notifications (id) ON DELETE CASCADE
    )""",
    """CREATE TABLE report_runs (
        report_type VARCHAR(50) NOT NULL,
        report_period VARCHAR(100) NOT NULL,
        started_at timestamptz DEFAULT now() NOT NULL,
        reached INTEGER DEFAULT 0 NOT NULL,
        CONSTRAINT pk_report_runs PRIMARY KEY (report_type, report_period),
        CONSTRAINT ck_report_runs_report_type CHECK (report_type IN ('WEEKLY', 'MONTHLY', 'ON_DEMAND'))
    )""",
)
_FOR_THE_APP = """
    DO $$ BEGIN
        IF to_regrole('mentorium_bot_app') IS NOT NULL THEN
            GRANT USAGE ON SCHEMA pgqueuer TO mentorium_bot_app;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgqueuer TO mentorium_bot_app;
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA pgqueuer TO mentorium_bot_app;
        END IF;
    END $$
"""
_DOWN = (
    "DROP SCHEMA pgqueuer CASCADE",
    "DROP TABLE report_runs",
    "DROP TABLE notification_pictures",
    """ALTER TABLE notifications
        DROP COLUMN priority,
        DROP COLUMN attempts,
        DROP COLUMN repeated,
        DROP COLUMN reason,
        DROP COLUMN telegram_message_id,
        DROP COLUMN send_at,
        DROP COLUMN expires_at,
        DROP COLUMN held_until""",
    "DROP INDEX uq_notifications_sending",
    "CREATE INDEX ix_notifications_pending ON notifications (id) WHERE status = 'pending'",
    "ALTER TABLE parents DROP COLUMN reach",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)
    for statement in _statements(_PGQUEUER.read_text(encoding="utf-8")):
        op.execute(statement)
    op.execute(_FOR_THE_APP)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)


def _statements(script: str) -> list[str]:
    """One at a time, as the driver takes them; the function's body holds semicolons of its own."""
    plain, function, rest = script.partition("CREATE FUNCTION")
    body, end, trigger = rest.partition("LANGUAGE plpgsql;")
    parts = [*plain.split(";"), function + body + end, *trigger.split(";")]
    return [part for part in parts if part.strip()]
