"""Money: orders, the ledger, refunds, what each provider keeps, cards and renewals; a grant knows its payment.

Only what is added: the release before goes on with it. The ledger is append-only by a trigger: an entry goes only with
its payment, never alone, and is never changed.

Revision ID: 91c4e7a05b2d
Revises: 7c2f9a51e8d4
"""

from __future__ import annotations

from alembic import op

from mentorium_db.migrate import create_index_concurrently, drop_index_concurrently

revision = "91c4e7a05b2d"
down_revision = "7c2f9a51e8d4"
branch_labels = None
depends_on = None

_TABLES = (
    """CREATE TABLE IF NOT EXISTS provider_calls (
        id SERIAL NOT NULL,
        provider VARCHAR(50) NOT NULL,
        method VARCHAR(50) NOT NULL,
        order_public_id VARCHAR(16),
        request TEXT NOT NULL,
        answer TEXT NOT NULL,
        remote VARCHAR(64),
        took_ms INTEGER NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_provider_calls PRIMARY KEY (id),
        CONSTRAINT ck_provider_calls_provider CHECK (provider IN ('TELEGRAM_STARS', 'PAYME', 'CLICK'))
    )""",
    """CREATE TABLE IF NOT EXISTS card_page_links (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        token_hash VARCHAR(64) NOT NULL,
        tariff VARCHAR(20) NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL,
        opened_at timestamptz,
        used_at timestamptz,
        CONSTRAINT pk_card_page_links PRIMARY KEY (id),
        CONSTRAINT ck_card_page_links_life CHECK (expires_at > created_at),
        CONSTRAINT fk_card_page_links_parent_id FOREIGN KEY(parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT uq_card_page_links_token_hash UNIQUE (token_hash),
        CONSTRAINT ck_card_page_links_tariff CHECK (tariff IN ('monthly', 'quarterly', 'annual'))
    )""",
    """CREATE TABLE IF NOT EXISTS orders (
        id SERIAL NOT NULL,
        public_id VARCHAR(16) NOT NULL,
        parent_id INTEGER,
        provider VARCHAR(50) NOT NULL,
        kind VARCHAR(20) DEFAULT 'one_off' NOT NULL,
        tariff VARCHAR(20) NOT NULL,
        days INTEGER NOT NULL,
        amount_minor BIGINT NOT NULL,
        currency VARCHAR(10) NOT NULL,
        status VARCHAR(20) DEFAULT 'pending' NOT NULL,
        refundable BOOLEAN DEFAULT true NOT NULL,
        request_key VARCHAR(80) NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        expires_at timestamptz NOT NULL,
        paid_at timestamptz,
        CONSTRAINT pk_orders PRIMARY KEY (id),
        CONSTRAINT ck_orders_public_id CHECK (public_id ~ '^mnt[a-z2-7]{13}$'),
        CONSTRAINT ck_orders_terms CHECK (amount_minor > 0 AND days > 0),
        CONSTRAINT ck_orders_stars CHECK ((provider = 'TELEGRAM_STARS') = (currency = 'XTR')),
        CONSTRAINT ck_orders_life CHECK (expires_at > created_at),
        CONSTRAINT ck_orders_paid CHECK ((status IN ('paid', 'refunded')) = (paid_at IS NOT NULL)),
        CONSTRAINT uq_orders_public_id UNIQUE (public_id),
        CONSTRAINT fk_orders_parent_id FOREIGN KEY(parent_id) REFERENCES parents (id) ON DELETE SET NULL,
        CONSTRAINT ck_orders_provider CHECK (provider IN ('TELEGRAM_STARS', 'PAYME', 'CLICK')),
        CONSTRAINT ck_orders_kind CHECK (kind IN ('one_off', 'stars_subscription', 'card_renewal')),
        CONSTRAINT ck_orders_tariff CHECK (tariff IN ('monthly', 'quarterly', 'annual')),
        CONSTRAINT ck_orders_currency CHECK (currency IN ('UZS', 'XTR')),
        CONSTRAINT ck_orders_status CHECK (status IN ('pending', 'paid', 'refunded', 'cancelled')),
        CONSTRAINT uq_orders_request_key UNIQUE (request_key)
    )""",
    """CREATE TABLE IF NOT EXISTS saved_cards (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        card_token VARCHAR(512) NOT NULL,
        masked_number VARCHAR(32) NOT NULL,
        tariff VARCHAR(20) NOT NULL,
        consent_version VARCHAR(20) NOT NULL,
        consented_at timestamptz NOT NULL,
        removed_at timestamptz,
        removed_because VARCHAR(50),
        CONSTRAINT pk_saved_cards PRIMARY KEY (id),
        CONSTRAINT fk_saved_cards_parent_id FOREIGN KEY(parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT ck_saved_cards_tariff CHECK (tariff IN ('monthly', 'quarterly', 'annual'))
    )""",
    """CREATE TABLE IF NOT EXISTS renewal_attempts (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        card_id INTEGER NOT NULL,
        order_id INTEGER,
        cycle_ends_at timestamptz NOT NULL,
        status VARCHAR(20) DEFAULT 'planned' NOT NULL,
        receipt_id VARCHAR(64),
        tries INTEGER DEFAULT 0 NOT NULL,
        due_at timestamptz NOT NULL,
        noticed_at timestamptz,
        error VARCHAR(50),
        created_at timestamptz DEFAULT now() NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_renewal_attempts PRIMARY KEY (id),
        CONSTRAINT uq_renewal_attempts_parent_id_cycle_ends_at UNIQUE (parent_id, cycle_ends_at),
        CONSTRAINT ck_renewal_attempts_tries CHECK (tries >= 0),
        CONSTRAINT fk_renewal_attempts_parent_id FOREIGN KEY(parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT fk_renewal_attempts_card_id FOREIGN KEY(card_id) REFERENCES saved_cards (id) ON DELETE CASCADE,
        CONSTRAINT fk_renewal_attempts_order_id FOREIGN KEY(order_id) REFERENCES orders (id) ON DELETE SET NULL,
        CONSTRAINT ck_renewal_attempts_status
            CHECK (status IN ('planned', 'charging', 'unknown', 'paid', 'retrying', 'stopped')),
        CONSTRAINT uq_renewal_attempts_receipt_id UNIQUE (receipt_id)
    )""",
    """CREATE TABLE IF NOT EXISTS stars_subscriptions (
        id SERIAL NOT NULL,
        order_id INTEGER NOT NULL,
        parent_id INTEGER NOT NULL,
        first_charge_id VARCHAR(255) NOT NULL,
        renewal VARCHAR(20) DEFAULT 'active' NOT NULL,
        period_ends_at timestamptz NOT NULL,
        updated_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_stars_subscriptions PRIMARY KEY (id),
        CONSTRAINT uq_stars_subscriptions_order_id UNIQUE (order_id),
        CONSTRAINT fk_stars_subscriptions_order_id FOREIGN KEY(order_id) REFERENCES orders (id) ON DELETE CASCADE,
        CONSTRAINT fk_stars_subscriptions_parent_id FOREIGN KEY(parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT uq_stars_subscriptions_first_charge_id UNIQUE (first_charge_id),
        CONSTRAINT ck_stars_subscriptions_renewal CHECK (renewal IN ('active', 'cancelled', 'failed'))
    )""",
    """CREATE TABLE IF NOT EXISTS support_requests (
        id SERIAL NOT NULL,
        parent_id INTEGER NOT NULL,
        order_id INTEGER,
        reason TEXT NOT NULL,
        request_key VARCHAR(80) NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        told_at timestamptz,
        CONSTRAINT pk_support_requests PRIMARY KEY (id),
        CONSTRAINT ck_support_requests_reason CHECK (btrim(reason) <> ''),
        CONSTRAINT fk_support_requests_parent_id FOREIGN KEY(parent_id) REFERENCES parents (id) ON DELETE CASCADE,
        CONSTRAINT fk_support_requests_order_id FOREIGN KEY(order_id) REFERENCES orders (id) ON DELETE SET NULL,
        CONSTRAINT uq_support_requests_request_key UNIQUE (request_key)
    )""",
    """CREATE TABLE IF NOT EXISTS click_transactions (
        id SERIAL NOT NULL,
        service_id BIGINT NOT NULL,
        click_trans_id BIGINT NOT NULL,
        click_paydoc_id BIGINT NOT NULL,
        complete_trans_id BIGINT,
        order_id INTEGER NOT NULL,
        payment_id INTEGER NOT NULL,
        amount_minor BIGINT NOT NULL,
        status VARCHAR(20) DEFAULT 'prepared' NOT NULL,
        error INTEGER,
        prepared_at timestamptz DEFAULT now() NOT NULL,
        confirmed_at timestamptz,
        cancelled_at timestamptz,
        reversal_reported_at timestamptz,
        fiscal_url TEXT,
        CONSTRAINT pk_click_transactions PRIMARY KEY (id),
        CONSTRAINT ck_click_transactions_amount_minor CHECK (amount_minor > 0),
        CONSTRAINT ck_click_transactions_confirmed
            CHECK ((status IN ('confirmed', 'duplicate')) <= (confirmed_at IS NOT NULL)),
        CONSTRAINT uq_click_transactions_service_id_click_trans_id UNIQUE (service_id, click_trans_id),
        CONSTRAINT fk_click_transactions_order_id FOREIGN KEY(order_id) REFERENCES orders (id) ON DELETE CASCADE,
        CONSTRAINT uq_click_transactions_payment_id UNIQUE (payment_id),
        CONSTRAINT fk_click_transactions_payment_id
            FOREIGN KEY(payment_id) REFERENCES payments (id) ON DELETE CASCADE,
        CONSTRAINT ck_click_transactions_status CHECK (status IN ('prepared', 'confirmed', 'cancelled', 'duplicate'))
    )""",
    """CREATE TABLE IF NOT EXISTS ledger_entries (
        id SERIAL NOT NULL,
        payment_id INTEGER NOT NULL,
        event VARCHAR(20) NOT NULL,
        provider VARCHAR(50) NOT NULL,
        debit VARCHAR(20) NOT NULL,
        credit VARCHAR(20) NOT NULL,
        amount_minor BIGINT NOT NULL,
        currency VARCHAR(10) NOT NULL,
        created_at timestamptz DEFAULT now() NOT NULL,
        CONSTRAINT pk_ledger_entries PRIMARY KEY (id),
        CONSTRAINT ck_ledger_entries_amount_minor CHECK (amount_minor > 0),
        CONSTRAINT ck_ledger_entries_two_legs CHECK (debit <> credit),
        CONSTRAINT ck_ledger_entries_direction CHECK ((event = 'payment') = (debit = 'clearing')),
        CONSTRAINT ck_ledger_entries_stars CHECK ((provider = 'TELEGRAM_STARS') = (currency = 'XTR')),
        CONSTRAINT uq_ledger_entries_payment_id_event UNIQUE (payment_id, event),
        CONSTRAINT fk_ledger_entries_payment_id FOREIGN KEY(payment_id) REFERENCES payments (id) ON DELETE CASCADE,
        CONSTRAINT ck_ledger_entries_event CHECK (event IN ('payment', 'refund')),
        CONSTRAINT ck_ledger_entries_provider CHECK (provider IN ('TELEGRAM_STARS', 'PAYME', 'CLICK')),
        CONSTRAINT ck_ledger_entries_debit CHECK (debit IN ('clearing', 'revenue')),
        CONSTRAINT ck_ledger_entries_credit CHECK (credit IN ('clearing', 'revenue')),
        CONSTRAINT ck_ledger_entries_currency CHECK (currency IN ('UZS', 'XTR'))
    )""",
    """CREATE TABLE IF NOT EXISTS payme_transactions (
        id SERIAL NOT NULL,
        payme_id VARCHAR(64) NOT NULL,
        order_id INTEGER NOT NULL,
        payment_id INTEGER NOT NULL,
        amount_minor BIGINT NOT NULL,
        account JSONB NOT NULL,
        state INTEGER NOT NULL,
        reason INTEGER,
        payme_time BIGINT NOT NULL,
        create_time BIGINT NOT NULL,
        perform_time BIGINT DEFAULT 0 NOT NULL,
        cancel_time BIGINT DEFAULT 0 NOT NULL,
        fiscal_perform JSONB,
        fiscal_cancel JSONB,
        CONSTRAINT pk_payme_transactions PRIMARY KEY (id),
        CONSTRAINT ck_payme_transactions_state CHECK (state IN (1, 2, -1, -2)),
        CONSTRAINT ck_payme_transactions_amounts CHECK (amount_minor > 0 AND payme_time >= 0 AND create_time > 0),
        CONSTRAINT ck_payme_transactions_perform_time CHECK ((state IN (2, -2)) = (perform_time > 0)),
        CONSTRAINT ck_payme_transactions_cancel_time CHECK ((state < 0) = (cancel_time > 0)),
        CONSTRAINT ck_payme_transactions_reason CHECK (state < 0 OR reason IS NULL),
        CONSTRAINT uq_payme_transactions_payme_id UNIQUE (payme_id),
        CONSTRAINT fk_payme_transactions_order_id FOREIGN KEY(order_id) REFERENCES orders (id) ON DELETE CASCADE,
        CONSTRAINT uq_payme_transactions_payment_id UNIQUE (payment_id),
        CONSTRAINT fk_payme_transactions_payment_id FOREIGN KEY(payment_id) REFERENCES payments (id) ON DELETE CASCADE
    )""",
    """CREATE TABLE IF NOT EXISTS refunds (
        id SERIAL NOT NULL,
        payment_id INTEGER NOT NULL,
        status VARCHAR(20) DEFAULT 'requested' NOT NULL,
        reason TEXT NOT NULL,
        requested_by VARCHAR(100) NOT NULL,
        requested_at timestamptz DEFAULT now() NOT NULL,
        done_at timestamptz,
        problem VARCHAR(200),
        CONSTRAINT pk_refunds PRIMARY KEY (id),
        CONSTRAINT ck_refunds_reason CHECK (btrim(reason) <> '' AND btrim(requested_by) <> ''),
        CONSTRAINT ck_refunds_done CHECK ((status = 'done') = (done_at IS NOT NULL)),
        CONSTRAINT uq_refunds_payment_id UNIQUE (payment_id),
        CONSTRAINT fk_refunds_payment_id FOREIGN KEY(payment_id) REFERENCES payments (id) ON DELETE CASCADE,
        CONSTRAINT ck_refunds_status CHECK (status IN ('requested', 'unknown', 'done', 'failed'))
    )""",
)
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_provider_calls_created_at ON provider_calls (created_at)",
    "CREATE INDEX IF NOT EXISTS ix_provider_calls_order_public_id ON provider_calls (order_public_id)",
    "CREATE INDEX IF NOT EXISTS ix_card_page_links_expires_at ON card_page_links (expires_at)",
    "CREATE INDEX IF NOT EXISTS ix_card_page_links_parent_id ON card_page_links (parent_id)",
    "CREATE INDEX IF NOT EXISTS ix_orders_created_at ON orders (created_at)",
    "CREATE INDEX IF NOT EXISTS ix_orders_parent_id_id ON orders (parent_id, id)",
    "CREATE INDEX IF NOT EXISTS ix_saved_cards_parent_id_id ON saved_cards (parent_id, id)",
    "CREATE UNIQUE INDEX IF NOT EXISTS uq_saved_cards_standing ON saved_cards (parent_id) WHERE removed_at IS NULL",
    "CREATE INDEX IF NOT EXISTS ix_renewal_attempts_card_id ON renewal_attempts (card_id)",
    "CREATE INDEX IF NOT EXISTS ix_renewal_attempts_due"
    " ON renewal_attempts (due_at) WHERE status IN ('planned', 'charging', 'unknown', 'retrying')",
    "CREATE INDEX IF NOT EXISTS ix_renewal_attempts_order_id ON renewal_attempts (order_id)",
    "CREATE INDEX IF NOT EXISTS ix_stars_subscriptions_parent_id ON stars_subscriptions (parent_id)",
    "CREATE INDEX IF NOT EXISTS ix_stars_subscriptions_renewing ON stars_subscriptions (period_ends_at)"
    " WHERE renewal = 'active'",
    "CREATE INDEX IF NOT EXISTS ix_support_requests_created_at ON support_requests (created_at)",
    "CREATE INDEX IF NOT EXISTS ix_support_requests_parent_id_id ON support_requests (parent_id, id)",
    "CREATE INDEX IF NOT EXISTS ix_click_transactions_order_id_id ON click_transactions (order_id, id)",
    "CREATE INDEX IF NOT EXISTS ix_click_transactions_prepared ON click_transactions (prepared_at) "
    "WHERE status = 'prepared'",
    "CREATE UNIQUE INDEX IF NOT EXISTS uq_click_transactions_order_id ON click_transactions (order_id) "
    "WHERE status = 'confirmed'",
    "CREATE INDEX IF NOT EXISTS ix_ledger_entries_created_at ON ledger_entries (created_at)",
    "CREATE INDEX IF NOT EXISTS ix_payme_transactions_created ON payme_transactions (payme_time) WHERE state = 1",
    "CREATE INDEX IF NOT EXISTS ix_payme_transactions_order_id_id ON payme_transactions (order_id, id)",
    "CREATE INDEX IF NOT EXISTS ix_payme_transactions_payme_time_id ON payme_transactions (payme_time, id)",
    "CREATE UNIQUE INDEX IF NOT EXISTS uq_payme_transactions_order_id ON payme_transactions (order_id) "
    "WHERE state IN (1, 2)",
    "CREATE INDEX IF NOT EXISTS ix_refunds_open ON refunds (id) WHERE status IN ('requested', 'unknown')",
)
_COLUMNS = (
    "ALTER TABLE payments ADD COLUMN IF NOT EXISTS order_id INTEGER",
    "ALTER TABLE payments ADD COLUMN IF NOT EXISTS paid_at timestamptz",
    "ALTER TABLE payments ADD COLUMN IF NOT EXISTS refunded_at timestamptz",
    "ALTER TABLE payments ADD COLUMN IF NOT EXISTS receipt_url TEXT",
    "ALTER TABLE subscription_grants ADD COLUMN IF NOT EXISTS payment_id INTEGER",
    "ALTER TABLE subscription_grants ADD COLUMN IF NOT EXISTS amount_minor BIGINT DEFAULT 0 NOT NULL",
    "ALTER TABLE subscription_grants ADD COLUMN IF NOT EXISTS currency VARCHAR(10) DEFAULT 'UZS' NOT NULL",
    "ALTER TABLE subscription_grants ADD COLUMN IF NOT EXISTS until timestamptz",
    "ALTER TABLE subscription_grants ADD COLUMN IF NOT EXISTS reversed_at timestamptz",
    "ALTER TABLE subscription_grants ADD COLUMN IF NOT EXISTS reversed_because VARCHAR(100)",
    "ALTER TABLE notifications ADD COLUMN IF NOT EXISTS buttons JSONB",
)
_CONSTRAINTS = (
    ("payments", "fk_payments_order_id", "FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE SET NULL"),
    (
        "subscription_grants",
        "fk_subscription_grants_payment_id",
        "FOREIGN KEY (payment_id) REFERENCES payments (id) ON DELETE SET NULL",
    ),
    ("subscription_grants", "ck_subscription_grants_amount_minor", "CHECK (amount_minor >= 0)"),
    ("subscription_grants", "ck_subscription_grants_paid", "CHECK ((payment_id IS NULL) OR amount_minor > 0)"),
    ("subscription_grants", "ck_subscription_grants_currency", "CHECK (currency IN ('UZS', 'XTR'))"),
)
_CONCURRENT = (
    ("ix_payments_order_id", "payments (order_id)", False),
    ("ix_subscriptions_active_end", "subscriptions (expires_at) WHERE status = 'ACTIVE'", False),
    ("uq_subscription_grants_payment_id", "subscription_grants (payment_id)", True),
)
_APPEND_ONLY = """
    CREATE OR REPLACE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN
            RETURN OLD;  -- with its payment
        END IF;
        RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
    END
    $$
"""
_TRIGGER = """
    CREATE OR REPLACE TRIGGER tg_ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()
"""


def upgrade() -> None:
    for statement in (*_TABLES, *_INDEXES, _APPEND_ONLY, _TRIGGER, *_COLUMNS):
        op.execute(statement)
    for table, name, rule in _CONSTRAINTS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID")
    with op.get_context().autocommit_block():
        for table, name, _ in _CONSTRAINTS:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
    for name, columns, unique in _CONCURRENT:
        create_index_concurrently(name, columns, unique=unique)


def downgrade() -> None:
    for name, _, _ in _CONCURRENT:
        drop_index_concurrently(name)
    op.execute("ALTER TABLE notifications DROP COLUMN buttons")
    for name in ("payment_id", "amount_minor", "currency", "until", "reversed_at", "reversed_because"):
        op.execute(f"ALTER TABLE subscription_grants DROP COLUMN {name}")
    for name in ("order_id", "paid_at", "refunded_at", "receipt_url"):
        op.execute(f"ALTER TABLE payments DROP COLUMN {name}")
    for table in (
        "renewal_attempts", "saved_cards", "card_page_links", "provider_calls", "stars_subscriptions",
        "click_transactions", "payme_transactions", "support_requests", "refunds", "ledger_entries", "orders",
    ):  # fmt: skip
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION ledger_is_append_only")
