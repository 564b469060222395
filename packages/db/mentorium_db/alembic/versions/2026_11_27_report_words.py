"""How reports speak: tone, language and whether a model may write; and the words that it wrote.

Only what is added, each column nullable or with a constant default: the release before goes on without it.

Revision ID: a7c31e58d2f6
Revises: 9d41c7e2b5f8
"""

from __future__ import annotations

from alembic import op

revision = "a7c31e58d2f6"
down_revision = "9d41c7e2b5f8"
branch_labels = None
depends_on = None

_CHECKS = {
    "ck_notification_settings_report_tone": "report_tone IN ('warm', 'neutral', 'brief')",
    "ck_notification_settings_report_language": "report_language IN ('uz', 'ru', 'en')",
}


def upgrade() -> None:
    op.execute(
        "ALTER TABLE notification_settings"
        " ADD COLUMN IF NOT EXISTS report_tone VARCHAR(20) NOT NULL DEFAULT 'warm',"
        " ADD COLUMN IF NOT EXISTS report_language VARCHAR(2),"
        " ADD COLUMN IF NOT EXISTS ai BOOLEAN NOT NULL DEFAULT true"
    )
    for name, rule in _CHECKS.items():
        op.execute(f"ALTER TABLE notification_settings DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE notification_settings ADD CONSTRAINT {name} CHECK ({rule}) NOT VALID")
        op.execute(f"ALTER TABLE notification_settings VALIDATE CONSTRAINT {name}")
    op.execute(
        "CREATE TABLE report_shells ("
        " key VARCHAR(64) NOT NULL,"
        " words TEXT,"
        " made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,"
        " CONSTRAINT pk_report_shells PRIMARY KEY (key),"
        " CONSTRAINT ck_report_shells_key CHECK (key ~ '^[0-9a-f]{64}$')"
        ")"
    )
    op.execute("CREATE INDEX ix_report_shells_made_at ON report_shells (made_at)")


def downgrade() -> None:
    op.execute("DROP TABLE report_shells")
    op.execute(
        "ALTER TABLE notification_settings"
        " DROP COLUMN IF EXISTS report_tone, DROP COLUMN IF EXISTS report_language, DROP COLUMN IF EXISTS ai"
    )
