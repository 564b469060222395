"""What a parent has chosen about messages: which reports and when, and switches by type. No row: the defaults.

Only what is added: the release before goes on without it.

Revision ID: a4c81f0e65d2
Revises: b6f3d80a92c5
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a4c81f0e65d2"
down_revision = "b6f3d80a92c5"
branch_labels = None
depends_on = None

_SWITCHES = ("achievement", "reminder", "subscription_sound", "payment_sound")


def upgrade() -> None:
    op.create_table(
        "notification_settings",
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("report_frequency", sa.String(length=20), server_default="both", nullable=False),
        sa.Column("report_weekday", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("report_hour", sa.SmallInteger(), nullable=True),
        *(sa.Column(name, sa.Boolean(), server_default=sa.text("true"), nullable=False) for name in _SWITCHES),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "report_frequency IN ('both', 'weekly', 'monthly', 'off')",
            name=op.f("ck_notification_settings_report_frequency"),
        ),
        sa.CheckConstraint("report_weekday BETWEEN 1 AND 7", name=op.f("ck_notification_settings_report_weekday")),
        sa.CheckConstraint("report_hour BETWEEN 8 AND 20", name=op.f("ck_notification_settings_report_hour")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["parents.id"], name=op.f("fk_notification_settings_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("parent_id", name=op.f("pk_notification_settings")),
    )


def downgrade() -> None:
    op.drop_table("notification_settings")
