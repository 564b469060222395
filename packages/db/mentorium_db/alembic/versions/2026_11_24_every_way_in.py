"""Every way in: e-mail codes and their counters, invitations, and whose rights an invited adult stands on.

Revision ID: 8a4f6c21d907
Revises: 5d1e0b823564
"""

from __future__ import annotations

from alembic import op

revision = "8a4f6c21d907"
down_revision = "5d1e0b823564"
branch_labels = None
depends_on = None

_UP = (
    """CREATE TABLE link_codes (
        parent_id INTEGER NOT NULL,
        email VARCHAR(255) NOT NULL,
        tries INTEGER DEFAULT 0 NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_link_codes PRIMARY KEY (parent_id),
        CONSTRAINT ck_link_codes_tries CHECK (tries >= 0),
        CONSTRAINT ck_link_codes_life CHECK (expires_at > created_at),
        CONSTRAINT fk_link_codes_parent_id FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE
    )""",
    """CREATE TABLE code_attempts (
        id SERIAL NOT NULL,
        subject VARCHAR(64) NOT NULL,
        deed VARCHAR(20) NOT NULL,
        attempted_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_code_attempts PRIMARY KEY (id),
        CONSTRAINT ck_code_attempts_deed CHECK (deed IN ('request', 'failure'))
    )""",
    "CREATE INDEX ix_code_attempts_subject_attempted_at ON code_attempts (subject, attempted_at)",
    "CREATE INDEX ix_code_attempts_attempted_at ON code_attempts (attempted_at)",
    """CREATE TABLE invitations (
        id SERIAL NOT NULL,
        inviter_id INTEGER NOT NULL,
        token_hash VARCHAR(64) NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_invitations PRIMARY KEY (id),
        CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash),
        CONSTRAINT ck_invitations_life CHECK (expires_at > created_at),
        CONSTRAINT fk_invitations_inviter_id FOREIGN KEY (inviter_id) REFERENCES parents (id) ON DELETE CASCADE
    )""",
    "CREATE INDEX ix_invitations_inviter_id ON invitations (inviter_id)",
    """CREATE TABLE join_requests (
        id SERIAL NOT NULL,
        invitation_id INTEGER NOT NULL,
        invitee_id INTEGER NOT NULL,
        name VARCHAR(200) NOT NULL,
        status VARCHAR(20) DEFAULT 'pending' NOT NULL,
        asked_at timestamptz DEFAULT now() NOT NULL,
        answered_at timestamptz,
        CONSTRAINT pk_join_requests PRIMARY KEY (id),
        CONSTRAINT uq_join_requests_invitation_id UNIQUE (invitation_id),
        CONSTRAINT ck_join_requests_status CHECK (status IN ('pending', 'accepted', 'declined')),
        CONSTRAINT ck_join_requests_answered CHECK ((status = 'pending') = (answered_at IS NULL)),
        CONSTRAINT fk_join_requests_invitation_id
            FOREIGN KEY (invitation_id) REFERENCES invitations (id) ON DELETE CASCADE,
        CONSTRAINT fk_join_requests_invitee_id FOREIGN KEY (invitee_id) REFERENCES parents (id) ON DELETE CASCADE
    )""",
    "CREATE INDEX ix_join_requests_invitee_id ON join_requests (invitee_id)",
    """ALTER TABLE learners
        ADD COLUMN invited_by INTEGER,
        ADD CONSTRAINT fk_learners_invited_by FOREIGN KEY (invited_by) REFERENCES parents (id) ON DELETE CASCADE,
        ADD CONSTRAINT ck_learners_invited_by CHECK ((source = 'invitation') = (invited_by IS NOT NULL)),
        ADD CONSTRAINT ck_learners_invited_by_another CHECK (invited_by <> parent_id)""",
    "CREATE INDEX ix_learners_invited_by ON learners (invited_by)",
)
_DOWN = (
    "ALTER TABLE learners DROP COLUMN invited_by",
    "DROP TABLE join_requests",
    "DROP TABLE invitations",
    "DROP TABLE code_attempts",
    "DROP TABLE link_codes",
)


def upgrade() -> None:
    for statement in _UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in _DOWN:
        op.execute(statement)
