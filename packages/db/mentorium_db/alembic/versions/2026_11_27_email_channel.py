"""Reports by e-mail: a parent's wish with the address, and the letters, each once.

Only what is added: the release before goes on without it.

Revision ID: e3b57c1d0a94
Revises: e4a17c95d2b8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e3b57c1d0a94"
down_revision = "e4a17c95d2b8"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False, default: bool = True) -> sa.Column[object]:
    written = sa.text("now()") if default and not nullable else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=written, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "email_channels",
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        _moment("wished_at"),
        sa.Column("refusals", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("off_reason", sa.String(length=20), nullable=True),
        _moment("changed_at"),
        sa.CheckConstraint("wish IN ('always', 'when_blocked', 'off')", name=op.f("ck_email_channels_wish")),
        sa.CheckConstraint("source IN ('platform', 'code')", name=op.f("ck_email_channels_source")),
        sa.CheckConstraint(
            "off_reason IN ('parent', 'unsubscribed', 'refused', 'address_gone')",
            name=op.f("ck_email_channels_off_reason"),
        ),
        sa.CheckConstraint("(wish = 'off') = (off_reason IS NOT NULL)", name=op.f("ck_email_channels_off")),
        sa.CheckConstraint("refusals >= 0", name=op.f("ck_email_channels_refusals")),
        sa.CheckConstraint("address <> ''", name=op.f("ck_email_channels_address")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["parents.id"], name=op.f("fk_email_channels_parent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("parent_id", name=op.f("pk_email_channels")),
    )
    op.create_table(
        "email_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("dedup_key", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("platform_student_id", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=20), server_default="pending", nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=True),
        _moment("created_at"),
        _moment("expires_at", default=False),
        _moment("sent_at", nullable=True),
        sa.CheckConstraint(
            "status IN ('pending', 'sending', 'sent', 'refused', 'unknown', 'skipped', 'expired')",
            name=op.f("ck_email_messages_status"),
        ),
        sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_email_messages_sent")),
        sa.CheckConstraint("platform_student_id > 0", name=op.f("ck_email_messages_platform_student_id")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_email_messages_tries")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["parents.id"], name=op.f("fk_email_messages_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report_history.id"], name=op.f("fk_email_messages_report_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_messages")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_email_messages_dedup_key")),
    )
    op.create_index(op.f("ix_email_messages_parent_id_id"), "email_messages", ["parent_id", "id"])
    op.create_index(op.f("ix_email_messages_created_at"), "email_messages", ["created_at"])
    of_reports = sa.text("report_id IS NOT NULL")
    op.create_index("ix_email_messages_report_id", "email_messages", ["report_id"], postgresql_where=of_reports)


def downgrade() -> None:
    op.drop_table("email_messages")
    op.drop_table("email_channels")
