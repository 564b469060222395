"""Rights as rows: what is lent and unlinked, who was asked about erasing; a message of the outbox names its child.

Links that came by invitation become rows of `lent_rights`, in batches. Only what is added: the release before goes on
with it, and what it still writes meanwhile is adopted by the worker. The batches commit what is added before them,
which therefore bears to be done twice.

Revision ID: 7c2f9a51e8d4
Revises: 7f2d9c4e1a86
"""

from __future__ import annotations

from alembic import op

revision = "7c2f9a51e8d4"
down_revision = "7f2d9c4e1a86"
branch_labels = None
depends_on = None

_TABLES = (
    """CREATE TABLE IF NOT EXISTS lent_rights (
        id SERIAL NOT NULL,
        lender_id INTEGER NOT NULL,
        borrower_id INTEGER NOT NULL,
        platform_student_id BIGINT NOT NULL,
        borrower_name VARCHAR(200) NOT NULL,
        since timestamptz DEFAULT now() NOT NULL,
        revoked_at timestamptz,
        CONSTRAINT pk_lent_rights PRIMARY KEY (id),
        CONSTRAINT ck_lent_rights_platform_student_id CHECK (platform_student_id > 0),
        CONSTRAINT ck_lent_rights_another CHECK (lender_id <> borrower_id),
        CONSTRAINT ck_lent_rights_revoked_at CHECK (revoked_at >= since),
        CONSTRAINT fk_lent_rights_lender_id FOREIGN KEY (lender_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT fk_lent_rights_borrower_id FOREIGN KEY (borrower_id) REFERENCES parents (id) ON DELETE CASCADE
    )""",
    """CREATE UNIQUE INDEX IF NOT EXISTS uq_lent_rights_standing
        ON lent_rights (lender_id, borrower_id, platform_student_id) WHERE revoked_at IS NULL""",
    "CREATE INDEX IF NOT EXISTS ix_lent_rights_borrower_id_platform_student_id"
    " ON lent_rights (borrower_id, platform_student_id)",
    """CREATE TABLE IF NOT EXISTS unlink_records (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        learner_id INTEGER NOT NULL,
        platform_student_id BIGINT NOT NULL,
        guardian_id BIGINT NOT NULL,
        lent_right_id INTEGER,
        first_name VARCHAR(100),
        last_name VARCHAR(100),
        source VARCHAR(20) NOT NULL,
        added_at timestamptz NOT NULL,
        unlinked_at timestamptz DEFAULT now() NOT NULL,
        restored_at timestamptz,
        CONSTRAINT pk_unlink_records PRIMARY KEY (id),
        CONSTRAINT ck_unlink_records_platform_ids CHECK (platform_student_id > 0 AND guardian_id > 0),
        CONSTRAINT ck_unlink_records_lent_right CHECK ((source = 'invitation') = (lent_right_id IS NOT NULL)),
        CONSTRAINT ck_unlink_records_restored_at CHECK (restored_at >= unlinked_at),
        CONSTRAINT ck_unlink_records_source
            CHECK (source IN ('deep_link', 'contact', 'email', 'invitation', 'support')),
        CONSTRAINT fk_unlink_records_parent_id FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT fk_unlink_records_lent_right_id
            FOREIGN KEY (lent_right_id) REFERENCES lent_rights (id) ON DELETE CASCADE
    )""",
    "CREATE INDEX IF NOT EXISTS ix_unlink_records_parent_id_platform_student_id"
    " ON unlink_records (parent_id, platform_student_id)",
    "CREATE INDEX IF NOT EXISTS ix_unlink_records_lent_right_id ON unlink_records (lent_right_id)",
    """CREATE TABLE IF NOT EXISTS erase_requests (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        asked_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL,
        declined_at timestamptz,
        CONSTRAINT pk_erase_requests PRIMARY KEY (id),
        CONSTRAINT ck_erase_requests_life CHECK (expires_at > asked_at),
        CONSTRAINT fk_erase_requests_parent_id FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE
    )""",
    "CREATE INDEX IF NOT EXISTS ix_erase_requests_parent_id ON erase_requests (parent_id)",
    "CREATE INDEX IF NOT EXISTS ix_erase_requests_expires_at ON erase_requests (expires_at)",
    "CREATE INDEX IF NOT EXISTS ix_unlink_records_unlinked_at ON unlink_records (unlinked_at)",
    "CREATE INDEX IF NOT EXISTS ix_lent_rights_revoked_at ON lent_rights (revoked_at)",
)
_COLUMNS = (
    "ALTER TABLE join_requests ADD COLUMN IF NOT EXISTS student_ids BIGINT[]",
    "ALTER TABLE dialogs ADD COLUMN IF NOT EXISTS platform_student_ids BIGINT[]",
    "ALTER TABLE notifications ADD COLUMN IF NOT EXISTS platform_student_id BIGINT",
    "ALTER TABLE notifications DROP CONSTRAINT IF EXISTS ck_notifications_platform_student_id",
    "ALTER TABLE notifications ADD CONSTRAINT ck_notifications_platform_student_id"
    " CHECK (platform_student_id > 0) NOT VALID",
)
_LENT = """
    INSERT INTO lent_rights (lender_id, borrower_id, platform_student_id, borrower_name, since)
    SELECT l.invited_by, l.parent_id, l.platform_student_id, coalesce((
        SELECT j.name FROM join_requests j JOIN invitations i ON i.id = j.invitation_id
        WHERE i.inviter_id = l.invited_by AND j.invitee_id = l.parent_id AND j.status = 'accepted'
        ORDER BY j.id DESC LIMIT 1
    ), '?'), l.added_at
    FROM learners l
    WHERE l.invited_by IS NOT NULL AND NOT EXISTS (
        SELECT FROM lent_rights r
        WHERE r.lender_id = l.invited_by AND r.borrower_id = l.parent_id
            AND r.platform_student_id = l.platform_student_id
    )
    ORDER BY l.id LIMIT 1000
    ON CONFLICT DO NOTHING
"""
# The key of a report names its child: `report:w:2026-11-16:p42:c7`.
_NAMED = """
    UPDATE notifications SET platform_student_id = substring(dedup_key FROM ':c([1-9][0-9]{0,17})$')::bigint
    WHERE id IN (
        SELECT id FROM notifications
        WHERE status = 'pending' AND platform_student_id IS NULL AND dedup_key ~ '^report:[wm]:.*:c[1-9][0-9]{0,17}$'
        LIMIT 1000
    )
"""


def upgrade() -> None:
    for statement in (*_TABLES, *_COLUMNS):
        op.execute(statement)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE notifications VALIDATE CONSTRAINT ck_notifications_platform_student_id")
        for batch in (_LENT, _NAMED):
            while op.get_bind().exec_driver_sql(batch).rowcount:
                pass


def downgrade() -> None:
    op.execute("ALTER TABLE notifications DROP COLUMN platform_student_id")
    op.execute("ALTER TABLE dialogs DROP COLUMN platform_student_ids")
    op.execute("ALTER TABLE join_requests DROP COLUMN student_ids")
    for table in ("erase_requests", "unlink_records", "lent_rights"):
        op.execute(f"DROP TABLE {table}")
