"""The first evening: the eight main tables, identity and grants.

Revision ID: 5d1e0b823564
Revises:
"""

from __future__ import annotations

from alembic import op

revision = "5d1e0b823564"
down_revision = None
branch_labels = None
depends_on = None

_STATEMENTS = (
    """CREATE TABLE parents (
        id SERIAL NOT NULL,
        telegram_id BIGINT NOT NULL,
        email VARCHAR(255),
        phone VARCHAR(50),
        registration_code VARCHAR(10),
        registration_completed BOOLEAN DEFAULT false NOT NULL,
        language VARCHAR(2) DEFAULT 'uz' NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_parents PRIMARY KEY (id),
        CONSTRAINT ck_parents_telegram_id CHECK (telegram_id > 0),
        CONSTRAINT uq_parents_telegram_id UNIQUE (telegram_id),
        CONSTRAINT ck_parents_language CHECK (language IN ('uz', 'ru', 'en'))
    )""",
    """CREATE TABLE guardian_links (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        guardian_id BIGINT NOT NULL,
        source VARCHAR(20) NOT NULL,
        linked_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_guardian_links PRIMARY KEY (id),
        CONSTRAINT uq_guardian_links_parent_id_guardian_id UNIQUE (parent_id, guardian_id),
        CONSTRAINT ck_guardian_links_guardian_id CHECK (guardian_id > 0),
        CONSTRAINT fk_guardian_links_parent_id FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT ck_guardian_links_source
            CHECK (source IN ('deep_link', 'contact', 'email', 'invitation', 'support'))
    )""",
    "CREATE INDEX ix_guardian_links_guardian_id ON guardian_links (guardian_id)",
    """CREATE TABLE learners (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        platform_student_id BIGINT NOT NULL,
        guardian_id BIGINT NOT NULL,
        first_name VARCHAR(100),
        last_name VARCHAR(100),
        source VARCHAR(20) NOT NULL,
        added_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_learners PRIMARY KEY (id),
        CONSTRAINT uq_learners_parent_id_platform_student_id UNIQUE (parent_id, platform_student_id),
        CONSTRAINT ck_learners_platform_ids CHECK (platform_student_id > 0 AND guardian_id > 0),
        CONSTRAINT fk_learners_parent_id FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT ck_learners_source CHECK (source IN ('deep_link', 'contact', 'email', 'invitation', 'support'))
    )""",
    "CREATE INDEX ix_learners_platform_student_id ON learners (platform_student_id)",
    """CREATE TABLE consents (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        kind VARCHAR(30) NOT NULL,
        version VARCHAR(20) NOT NULL,
        text_hash VARCHAR(64) NOT NULL,
        language VARCHAR(2) NOT NULL,
        granted_at timestamptz DEFAULT now() NOT NULL,
        withdrawn_at timestamptz,
        CONSTRAINT pk_consents PRIMARY KEY (id),
        CONSTRAINT ck_consents_withdrawn_at CHECK (withdrawn_at >= granted_at),
        CONSTRAINT ck_consents_text CHECK (version <> '' AND text_hash <> ''),
        CONSTRAINT fk_consents_parent_id FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT ck_consents_kind CHECK (kind IN ('data_processing')),
        CONSTRAINT ck_consents_language CHECK (language IN ('uz', 'ru', 'en'))
    )""",
    "CREATE INDEX ix_consents_parent_id ON consents (parent_id)",
    "CREATE UNIQUE INDEX uq_consents_current ON consents (parent_id, kind, version) WHERE withdrawn_at IS NULL",
    """CREATE TABLE used_link_codes (
        nonce BYTEA NOT NULL,
        guardian_id BIGINT NOT NULL,
        parent_telegram_id BIGINT,
        used_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_used_link_codes PRIMARY KEY (nonce),
        CONSTRAINT ck_used_link_codes_nonce CHECK (octet_length(nonce) = 6),
        CONSTRAINT fk_used_link_codes_parent_telegram_id FOREIGN KEY (parent_telegram_id)
            REFERENCES parents (telegram_id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
    )""",
    "CREATE INDEX ix_used_link_codes_parent_telegram_id ON used_link_codes (parent_telegram_id)",
    """CREATE TABLE subscriptions (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        tariff VARCHAR(20) NOT NULL,
        amount NUMERIC(10, 2) NOT NULL,
        amount_minor BIGINT NOT NULL,
        currency VARCHAR(10) DEFAULT 'UZS' NOT NULL,
        status VARCHAR(20) DEFAULT 'ACTIVE' NOT NULL,
        end_reason VARCHAR(20),
        start_date timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        auto_renew BOOLEAN DEFAULT false NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_subscriptions PRIMARY KEY (id),
        CONSTRAINT ck_subscriptions_stretch CHECK (expires_at > start_date),
        CONSTRAINT ck_subscriptions_end CHECK ((status = 'CANCELLED') = (end_reason IS NOT NULL)),
        CONSTRAINT ck_subscriptions_amount CHECK (amount >= 0),
        CONSTRAINT ck_subscriptions_amount_minor
            CHECK (amount_minor = amount * CASE currency WHEN 'XTR' THEN 1 ELSE 100 END),
        CONSTRAINT uq_subscriptions_id_parent_id UNIQUE (id, parent_id),
        CONSTRAINT fk_subscriptions_parent_id FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT ck_subscriptions_tariff CHECK (tariff IN ('monthly', 'quarterly', 'annual')),
        CONSTRAINT ck_subscriptions_currency CHECK (currency IN ('UZS', 'XTR')),
        CONSTRAINT ck_subscriptions_status CHECK (status IN ('ACTIVE', 'EXPIRED', 'CANCELLED')),
        CONSTRAINT ck_subscriptions_end_reason CHECK (end_reason IN ('refund', 'operator'))
    )""",
    "CREATE INDEX ix_subscriptions_parent_id_id ON subscriptions (parent_id, id)",
    "CREATE UNIQUE INDEX uq_subscriptions_active ON subscriptions (parent_id) WHERE status = 'ACTIVE'",
    """CREATE TABLE subscription_grants (
        id SERIAL NOT NULL,
        subscription_id INTEGER NOT NULL,
        parent_id INTEGER NOT NULL,
        tariff VARCHAR(20) NOT NULL,
        days INTEGER NOT NULL,
        reason TEXT NOT NULL,
        granted_by VARCHAR(100) NOT NULL,
        granted_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_subscription_grants PRIMARY KEY (id),
        CONSTRAINT fk_subscription_grants_subscription_id_parent_id FOREIGN KEY (subscription_id, parent_id)
            REFERENCES subscriptions (id, parent_id) ON DELETE CASCADE,
        CONSTRAINT ck_subscription_grants_days CHECK (days > 0),
        CONSTRAINT ck_subscription_grants_reason CHECK (btrim(reason) <> ''),
        CONSTRAINT ck_subscription_grants_granted_by CHECK (btrim(granted_by) <> ''),
        CONSTRAINT ck_subscription_grants_tariff CHECK (tariff IN ('monthly', 'quarterly', 'annual'))
    )""",
    "CREATE INDEX ix_subscription_grants_subscription_id ON subscription_grants (subscription_id)",
    """CREATE TABLE payments (
        id SERIAL NOT NULL,
        parent_id INTEGER,
        subscription_id INTEGER,
        transaction_id VARCHAR(255),
        amount NUMERIC(10, 2) NOT NULL,
        amount_minor BIGINT NOT NULL,
        currency VARCHAR(10) DEFAULT 'UZS' NOT NULL,
        provider VARCHAR(50) NOT NULL,
        status VARCHAR(20) DEFAULT 'PENDING' NOT NULL,
        external_ref VARCHAR(255),
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_payments PRIMARY KEY (id),
        CONSTRAINT ck_payments_amount CHECK (amount > 0),
        CONSTRAINT ck_payments_amount_minor
            CHECK (amount_minor = amount * CASE currency WHEN 'XTR' THEN 1 ELSE 100 END),
        CONSTRAINT ck_payments_stars CHECK ((provider = 'TELEGRAM_STARS') = (currency = 'XTR')),
        CONSTRAINT fk_payments_subscription_id_parent_id FOREIGN KEY (subscription_id, parent_id)
            REFERENCES subscriptions (id, parent_id) ON DELETE SET NULL (subscription_id),
        CONSTRAINT fk_payments_subscription_id FOREIGN KEY (subscription_id)
            REFERENCES subscriptions (id) ON DELETE SET NULL,
        CONSTRAINT fk_payments_parent_id FOREIGN KEY (parent_id) REFERENCES parents (id) ON DELETE SET NULL,
        CONSTRAINT uq_payments_transaction_id UNIQUE (transaction_id),
        CONSTRAINT ck_payments_currency CHECK (currency IN ('UZS', 'XTR')),
        CONSTRAINT ck_payments_provider CHECK (provider IN ('TELEGRAM_STARS', 'PAYME', 'CLICK')),
        CONSTRAINT ck_payments_status CHECK (status IN ('PENDING', 'SUCCESS', 'FAILED', 'REFUNDED'))
    )""",
    "CREATE INDEX ix_payments_parent_id_id ON payments (parent_id, id)",
    "CREATE INDEX ix_payments_subscription_id ON payments (subscription_id)",
    """CREATE TABLE dialogs (
        id SERIAL NOT NULL,
        parent_telegram_id BIGINT NOT NULL,
        update_id BIGINT,
        user_message TEXT NOT NULL,
        ai_reply TEXT,
        status VARCHAR(20) DEFAULT 'pending' NOT NULL,
        language VARCHAR(2) NOT NULL,
        tokens_used INTEGER,
        model VARCHAR(50),
        created_at timestamptz DEFAULT now() NOT NULL,
        answered_at timestamptz,
        forgotten_at timestamptz,
        CONSTRAINT pk_dialogs PRIMARY KEY (id),
        CONSTRAINT ck_dialogs_settled CHECK ((status = 'pending') = (answered_at IS NULL)),
        CONSTRAINT ck_dialogs_reply
            CHECK (CASE status WHEN 'answered' THEN ai_reply IS NOT NULL WHEN 'stopped'
                THEN true ELSE ai_reply IS NULL END),
        CONSTRAINT ck_dialogs_tokens_used CHECK (tokens_used >= 0),
        CONSTRAINT fk_dialogs_parent_telegram_id FOREIGN KEY (parent_telegram_id)
            REFERENCES parents (telegram_id) ON DELETE CASCADE,
        CONSTRAINT uq_dialogs_update_id UNIQUE (update_id),
        CONSTRAINT ck_dialogs_status CHECK (status IN ('pending', 'answered', 'failed', 'stopped')),
        CONSTRAINT ck_dialogs_language CHECK (language IN ('uz', 'ru', 'en'))
    )""",
    "CREATE INDEX ix_dialogs_parent_telegram_id_id ON dialogs (parent_telegram_id, id)",
    "CREATE INDEX ix_dialogs_pending ON dialogs (created_at) WHERE status = 'pending'",
    """CREATE TABLE notifications (
        id SERIAL NOT NULL,
        parent_telegram_id BIGINT NOT NULL,
        notification_type VARCHAR(50) NOT NULL,
        message TEXT NOT NULL,
        dedup_key VARCHAR(200) NOT NULL,
        status VARCHAR(20) DEFAULT 'pending' NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        sent_at timestamptz,
        CONSTRAINT pk_notifications PRIMARY KEY (id),
        CONSTRAINT ck_notifications_sent CHECK ((status = 'sent') = (sent_at IS NOT NULL)),
        CONSTRAINT fk_notifications_parent_telegram_id FOREIGN KEY (parent_telegram_id)
            REFERENCES parents (telegram_id) ON DELETE CASCADE,
        CONSTRAINT ck_notifications_notification_type
            CHECK (notification_type IN ('REPORT', 'SUBSCRIPTION', 'ACHIEVEMENT', 'REMINDER', 'PAYMENT')),
        CONSTRAINT uq_notifications_dedup_key UNIQUE (dedup_key),
        CONSTRAINT ck_notifications_status
            CHECK (status IN ('pending', 'sending', 'sent', 'failed', 'skipped', 'expired', 'unknown'))
    )""",
    "CREATE INDEX ix_notifications_parent_telegram_id_id ON notifications (parent_telegram_id, id)",
    "CREATE INDEX ix_notifications_pending ON notifications (id) WHERE status = 'pending'",
    r"""CREATE TABLE report_history (
        id SERIAL NOT NULL,
        parent_telegram_id BIGINT NOT NULL,
        platform_student_id BIGINT NOT NULL,
        report_type VARCHAR(50) NOT NULL,
        report_period VARCHAR(100) NOT NULL,
        language VARCHAR(2) NOT NULL,
        template_id VARCHAR(50),
        action_id VARCHAR(100),
        content TEXT NOT NULL,
        document JSONB NOT NULL,
        generated_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_report_history PRIMARY KEY (id),
        CONSTRAINT ck_report_history_report_period
            CHECK (report_period ~ '^\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}$'
                AND left(report_period, 10) <= right(report_period, 10)),
        CONSTRAINT ck_report_history_platform_student_id CHECK (platform_student_id > 0),
        CONSTRAINT fk_report_history_parent_telegram_id FOREIGN KEY (parent_telegram_id)
            REFERENCES parents (telegram_id) ON DELETE CASCADE,
        CONSTRAINT ck_report_history_report_type CHECK (report_type IN ('WEEKLY', 'MONTHLY', 'ON_DEMAND')),
        CONSTRAINT ck_report_history_language CHECK (language IN ('uz', 'ru', 'en'))
    )""",
    """CREATE INDEX ix_report_history_parent_telegram_id_platform_student_id_id
        ON report_history (parent_telegram_id, platform_student_id, id)""",
    """CREATE UNIQUE INDEX uq_report_history_scheduled
        ON report_history (parent_telegram_id, platform_student_id, report_type, report_period)
        WHERE report_type <> 'ON_DEMAND'""",
    """CREATE TABLE event_logs (
        id SERIAL NOT NULL,
        event_type VARCHAR(50) NOT NULL,
        event_name VARCHAR(100) NOT NULL,
        user_telegram_id BIGINT,
        metadata JSONB DEFAULT '{}' NOT NULL,
        severity VARCHAR(20) DEFAULT 'INFO' NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_event_logs PRIMARY KEY (id),
        CONSTRAINT ck_event_logs_event_type CHECK (event_type IN ('USER_ACTION', 'PAYMENT', 'ERROR', 'SYSTEM')),
        CONSTRAINT ck_event_logs_severity CHECK (severity IN ('DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'))
    )""",
    "CREATE INDEX ix_event_logs_created_at ON event_logs (created_at)",
    "CREATE INDEX ix_event_logs_user_telegram_id_id ON event_logs (user_telegram_id, id)",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "event_logs",
        "report_history",
        "notifications",
        "dialogs",
        "payments",
        "subscription_grants",
        "subscriptions",
        "used_link_codes",
        "consents",
        "learners",
        "guardian_links",
        "parents",
    ):
        op.drop_table(table)
