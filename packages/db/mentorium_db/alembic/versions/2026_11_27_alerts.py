"""Watching the platform: cursors of its feeds, alerts, and the daily checks.

Only what is added: the release before goes on without it.

Revision ID: a41c7e90d35b
Revises: a4c81f0e65d2
"""

from __future__ import annotations

from alembic import op

revision = "a41c7e90d35b"
down_revision = "a4c81f0e65d2"
branch_labels = None
depends_on = None

_KINDS = "'course_finished', 'full_score', 'milestone', 'award', 'comment', 'material', 'due', 'idle'"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE feed_cursors (
            feed VARCHAR(30) NOT NULL,
            reached_at TIMESTAMP WITH TIME ZONE NOT NULL,
            reached_id BIGINT NOT NULL,
            moved_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
            CONSTRAINT pk_feed_cursors PRIMARY KEY (feed)
        )
        """)
    op.execute(f"""
        CREATE TABLE alerts (
            id SERIAL NOT NULL,
            parent_id INTEGER NOT NULL,
            platform_student_id BIGINT NOT NULL,
            kind VARCHAR(30) NOT NULL,
            fact_key VARCHAR(100) NOT NULL,
            details JSONB DEFAULT '{{}}' NOT NULL,
            happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
            due_at TIMESTAMP WITH TIME ZONE,
            expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
            created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
            ended_at TIMESTAMP WITH TIME ZONE,
            outcome VARCHAR(20),
            CONSTRAINT pk_alerts PRIMARY KEY (id),
            CONSTRAINT uq_alerts_parent_id_fact_key UNIQUE (parent_id, fact_key),
            CONSTRAINT fk_alerts_parent_id FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE,
            CONSTRAINT ck_alerts_platform_student_id CHECK (platform_student_id > 0),
            CONSTRAINT ck_alerts_kind CHECK (kind IN ({_KINDS})),
            CONSTRAINT ck_alerts_outcome CHECK (outcome IN ('told', 'folded', 'not_wanted', 'stopped')),
            CONSTRAINT ck_alerts_ended CHECK ((ended_at IS NULL) = (outcome IS NULL)),
            CONSTRAINT ck_alerts_life CHECK (expires_at > due_at)
        )
        """)
    op.execute("CREATE INDEX ix_alerts_due ON alerts (due_at, parent_id) WHERE ended_at IS NULL AND due_at IS NOT NULL")
    op.execute("CREATE INDEX ix_alerts_held ON alerts (kind) WHERE ended_at IS NULL AND due_at IS NULL")
    op.execute("CREATE INDEX ix_alerts_created_at ON alerts (created_at)")
    op.execute(f"""
        CREATE TABLE alert_checks (
            kind VARCHAR(30) NOT NULL,
            day DATE NOT NULL,
            started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
            reached BIGINT DEFAULT 0 NOT NULL,
            watched INTEGER DEFAULT 0 NOT NULL,
            found INTEGER DEFAULT 0 NOT NULL,
            finished_at TIMESTAMP WITH TIME ZONE,
            stopped BOOLEAN DEFAULT false NOT NULL,
            CONSTRAINT pk_alert_checks PRIMARY KEY (kind, day),
            CONSTRAINT ck_alert_checks_kind CHECK (kind IN ({_KINDS})),
            CONSTRAINT ck_alert_checks_found CHECK (found <= watched)
        )
        """)


def downgrade() -> None:
    for table in ("alert_checks", "alerts", "feed_cursors"):
        op.execute(f"DROP TABLE {table}")
