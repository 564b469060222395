"""Report runs by the day on which they go out, their batches, paid broadcasts, and when a parent was last seen.

Only what is added: the release before goes on without it, and finds its own row in `report_runs`.

Revision ID: e4a17c95d2b8
Revises: f27d90b3c8a1
"""

from __future__ import annotations

from alembic import op

revision = "e4a17c95d2b8"
down_revision = "f27d90b3c8a1"
branch_labels = None
depends_on = None

_UP = (
    """CREATE TABLE period_runs (
        id SERIAL NOT NULL,
        report_type VARCHAR(50) NOT NULL,
        report_period VARCHAR(100) NOT NULL,
        day DATE NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        opens_at TIMESTAMP WITH TIME ZONE NOT NULL,
        reached INTEGER DEFAULT 0 NOT NULL,
        listed_at TIMESTAMP WITH TIME ZONE,
        stored_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_period_runs PRIMARY KEY (id),
        CONSTRAINT ck_period_runs_report_type CHECK (report_type IN ('WEEKLY', 'MONTHLY', 'ON_DEMAND')),
        CONSTRAINT ck_period_runs_stored CHECK (stored_at IS NULL OR listed_at IS NOT NULL),
        CONSTRAINT uq_period_runs_report_type UNIQUE (report_type, report_period, day)
    )""",
    "CREATE INDEX ix_period_runs_closed ON period_runs (opens_at) WHERE stored_at IS NULL",
    """CREATE TABLE period_run_batches (
        run_id INTEGER NOT NULL,
        after INTEGER NOT NULL,
        stored_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_period_run_batches PRIMARY KEY (run_id, after),
        CONSTRAINT fk_period_run_batches_run_id FOREIGN KEY (run_id) REFERENCES period_runs (id) ON DELETE CASCADE
    )""",
    """CREATE TABLE paid_broadcasts (
        report_type VARCHAR(50) NOT NULL,
        report_period VARCHAR(100) NOT NULL,
        star_budget INTEGER NOT NULL,
        reason VARCHAR(200) NOT NULL,
        allowed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        stopped_at TIMESTAMP WITH TIME ZONE,
        taken INTEGER DEFAULT 0 NOT NULL,
        CONSTRAINT pk_paid_broadcasts PRIMARY KEY (report_type, report_period),
        CONSTRAINT ck_paid_broadcasts_report_type CHECK (report_type IN ('WEEKLY', 'MONTHLY', 'ON_DEMAND')),
        CONSTRAINT ck_paid_broadcasts_budget CHECK (star_budget > 0 AND taken >= 0 AND taken <= star_budget * 10)
    )""",
    "ALTER TABLE notifications ADD COLUMN run_id INTEGER",
    "ALTER TABLE parents ADD COLUMN last_seen_at TIMESTAMP WITH TIME ZONE",
)
_DOWN = (
    "ALTER TABLE parents DROP COLUMN last_seen_at",
    "ALTER TABLE notifications DROP COLUMN run_id",
    "DROP TABLE paid_broadcasts",
    "DROP TABLE period_run_batches",
    "DROP TABLE period_runs",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_notification_settings_report_weekday"
            " ON notification_settings (report_weekday)"
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_notification_settings_report_weekday")
    for statement in _DOWN:
        op.execute(statement)
