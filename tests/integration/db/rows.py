"""A right row of each table, to be made wrong in one place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=30)

Row = dict[str, Any]

RIGHT: dict[str, Row] = {
    "parents": {"telegram_id": 100_000_001, "language": "uz"},
    "guardian_links": {"parent_id": 1, "guardian_id": 7, "source": "contact"},
    "learners": {"parent_id": 1, "guardian_id": 7, "platform_student_id": 70, "source": "contact"},
    "consents": {
        "parent_id": 1,
        "kind": "data_processing",
        "version": "1",
        "text_hash": "00ff",
        "language": "ru",
        "granted_at": NOW,
    },
    "used_link_codes": {"nonce": b"123456", "guardian_id": 7, "parent_telegram_id": 100_000_001},
    "email_codes": {"parent_id": 1, "email": "dilnoza@example.uz", "created_at": NOW, "expires_at": LATER},
    "code_attempts": {"subject": "00ff", "kind": "request", "attempted_at": NOW},
    "invitations": {"inviter_id": 1, "token_hash": "00ff", "created_at": NOW, "expires_at": LATER},
    "join_requests": {"invitation_id": 1, "invitee_id": 1, "name": "Rustam"},
    "subscriptions": {
        "parent_id": 1,
        "tariff": "monthly",
        "amount": 99_000,
        "amount_minor": 9_900_000,
        "start_date": NOW,
        "expires_at": LATER,
    },
    "ai_parent_usage": {"parent_id": 1, "day": NOW.date(), "purpose": "chat"},
    "ai_daily_usage": {"day": NOW.date(), "purpose": "chat"},
    "payments": {
        "parent_id": 1,
        "subscription_id": 1,
        "transaction_id": "t1",
        "amount": 99_000,
        "amount_minor": 9_900_000,
        "provider": "PAYME",
    },
    "subscription_grants": {
        "subscription_id": 1,
        "parent_id": 1,
        "tariff": "monthly",
        "days": 30,
        "reason": "a gift",
        "granted_by": "operator",
        "request_key": "a key",
        "payment_id": 1,
        "amount_minor": 9_900_000,
    },
    "orders": {
        "public_id": "mntaaaaaaaaaaaaa",
        "parent_id": 1,
        "provider": "PAYME",
        "tariff": "monthly",
        "days": 30,
        "amount_minor": 9_900_000,
        "currency": "UZS",
        "request_key": "a press",
        "created_at": NOW,
        "expires_at": LATER,
    },
    "ledger_entries": {
        "payment_id": 1,
        "event": "payment",
        "provider": "PAYME",
        "debit": "clearing",
        "credit": "revenue",
        "amount_minor": 9_900_000,
        "currency": "UZS",
    },
    "refunds": {"payment_id": 1, "reason": "asked for", "requested_by": "support"},
    "support_requests": {"parent_id": 1, "order_id": 1, "reason": "Where is it?", "request_key": "a message"},
    "payme_transactions": {
        "payme_id": "5305e3bab097f420a62ced0b",
        "order_id": 1,
        "payment_id": 1,
        "amount_minor": 9_900_000,
        "account": '{"order_id": "mntaaaaaaaaaaaaa"}',
        "state": 1,
        "payme_time": 1_399_114_284_039,
        "create_time": 1_399_114_284_040,
    },
    "click_transactions": {
        "service_id": 85_335,
        "click_trans_id": 2_000_000_001,
        "click_paydoc_id": 3_000_000_001,
        "order_id": 1,
        "payment_id": 1,
        "amount_minor": 9_900_000,
        "status": "confirmed",
        "prepared_at": NOW,
        "confirmed_at": NOW,
    },
    "stars_subscriptions": {"order_id": 1, "parent_id": 1, "first_charge_id": "charge", "period_ends_at": LATER},
    "provider_calls": {
        "provider": "PAYME",
        "method": "CreateTransaction",
        "request": "{}",
        "answer": "{}",
        "took_ms": 3,
    },
    "card_page_links": {
        "parent_id": 1,
        "token_hash": "00ff",
        "tariff": "monthly",
        "created_at": NOW,
        "expires_at": LATER,
    },
    "saved_cards": {
        "parent_id": 1,
        "card_token": "token",
        "masked_number": "860006******6311",
        "tariff": "monthly",
        "consent_version": "1",
        "consented_at": NOW,
    },
    "renewal_attempts": {
        "parent_id": 1,
        "card_id": 1,
        "order_id": 1,
        "cycle_ends_at": LATER,
        "receipt_id": "63119303c6f13e07187b19bf",
        "due_at": NOW,
    },
    "dialogs": {
        "parent_telegram_id": 100_000_001,
        "update_id": 5,
        "idempotency_key": "1:5:20261123",
        "user_message": "Qalay?",
        "language": "uz",
    },
    "inbox": {
        "bot_id": 42,
        "update_id": 5,
        "lane": 2,
        "status": "taken",
        "chat_id": 7,
        "user_telegram_id": 7,
        "kind": "message",
        "content": "{}",
        "owner": "here:1:a",
        "lease_until": LATER,
        "received_at": NOW,
    },
    "notification_settings": {"parent_id": 1},
    "email_channels": {"parent_id": 1, "wish": "always", "address": "dilnoza@example.uz", "source": "platform"},
    "email_messages": {
        "parent_id": 1,
        "dedup_key": "mail:report:70:2026-11-16",
        "address": "dilnoza@example.uz",
        "expires_at": LATER,
    },
    "feed_cursors": {"feed": "awards", "reached_at": NOW, "reached_id": 7},
    "alerts": {
        "parent_id": 1,
        "platform_student_id": 70,
        "kind": "award",
        "fact_key": "award:7",
        "happened_at": NOW,
        "due_at": NOW,
        "expires_at": LATER,
    },
    "alert_checks": {"kind": "idle", "day": NOW.date()},
    "webhook_registrations": {"bot_id": 42, "fingerprint": "00ff"},
    "notifications": {
        "parent_telegram_id": 100_000_001,
        "notification_type": "REPORT",
        "message": "…",
        "dedup_key": "report:70:2026-11-16",
        "status": "sending",
    },
    "report_runs": {"report_type": "WEEKLY", "report_period": "2026-11-16/2026-11-22"},
    "report_shells": {"key": "0" * 64},
    "period_runs": {
        "report_type": "WEEKLY",
        "report_period": "2026-11-16/2026-11-22",
        "day": date(2026, 11, 23),
        "opens_at": datetime(2026, 11, 23, 5, tzinfo=UTC),
    },
    "period_run_batches": {"run_id": 1, "after": 0},
    "paid_broadcasts": {
        "report_type": "WEEKLY",
        "report_period": "2026-11-16/2026-11-22",
        "star_budget": 10,
        "reason": "…",
    },
    "notification_pictures": {"notification_id": 1, "png": b"PNG"},
    "report_history": {
        "parent_telegram_id": 100_000_001,
        "platform_student_id": 70,
        "report_type": "WEEKLY",
        "report_period": "2026-11-16/2026-11-22",
        "language": "en",
        "content": "…",
        "document": "{}",
    },
    "event_logs": {"event_type": "USER_ACTION", "event_name": "registration", "severity": "INFO"},
    "staff_news": {"event_id": 1, "told_at": NOW},
    "erase_requests": {"parent_id": 1, "asked_at": NOW, "expires_at": LATER},
    "unlink_records": {
        "parent_id": 1,
        "learner_id": 1,
        "guardian_id": 7,
        "platform_student_id": 70,
        "source": "contact",
        "added_at": NOW,
        "unlinked_at": NOW,
    },
    "lent_rights": {
        "lender_id": 1,
        "borrower_id": 2,
        "platform_student_id": 70,
        "borrower_name": "Rustam",
        "since": NOW,
    },
}
"""In an order in which each finds what it refers to; the first row of each table gets the id 1."""


async def insert(connection: asyncpg.Connection[asyncpg.Record], table: str, row: Row) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", *row.values())


async def insert_all(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """A right row of each table, and a second parent."""
    for table, row in RIGHT.items():
        await insert(connection, table, row)
        if table == "parents":
            await insert(connection, table, {"telegram_id": 100_000_002})
