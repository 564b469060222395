"""Each wrong state is refused by the constraint made for it, and there is no constraint without such a case."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TypeAlias

import asyncpg
import pytest
import pytest_asyncio

import mentorium_db.tables  # noqa: F401 - makes the metadata complete
from mentorium_db.models import Base
from tests.integration.db.rows import NOW, RIGHT, Row, insert, insert_all

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

OTHER_PARENT = 2
STRANGER = 999_999_999

# A row that is wrong by itself: the constraint that refuses it, and what makes the right row wrong.
WRONG: list[tuple[str, Row]] = [
    ("ck_parents_telegram_id", {"telegram_id": -100_500}),
    ("ck_parents_language", {"language": "de"}),
    ("ck_parents_chat_state", {"chat_state": "unknown"}),
    ("ck_guardian_links_guardian_id", {"guardian_id": 0}),
    ("ck_guardian_links_source", {"source": "hearsay"}),
    ("fk_guardian_links_parent_id", {"parent_id": 9}),
    ("ck_learners_platform_ids", {"platform_student_id": 0}),
    ("ck_learners_platform_ids", {"guardian_id": -7}),
    ("ck_learners_source", {"source": "hearsay"}),
    ("fk_learners_parent_id", {"parent_id": 9}),
    ("ck_consents_kind", {"kind": "everything"}),
    ("ck_consents_language", {"language": "de"}),
    ("ck_consents_text", {"version": ""}),
    ("ck_consents_text", {"text_hash": ""}),
    ("ck_consents_withdrawn_at", {"withdrawn_at": NOW - timedelta(seconds=1)}),
    ("fk_consents_parent_id", {"parent_id": 9}),
    ("ck_used_link_codes_nonce", {"nonce": b"12345"}),
    ("fk_used_link_codes_parent_telegram_id", {"parent_telegram_id": STRANGER}),
    ("ck_learners_invited_by", {"invited_by": OTHER_PARENT}),
    ("ck_learners_invited_by", {"source": "invitation"}),
    ("ck_learners_invited_by_another", {"source": "invitation", "invited_by": 1}),
    ("fk_learners_invited_by", {"source": "invitation", "invited_by": 9}),
    ("ck_email_codes_tries", {"tries": -1}),
    ("ck_email_codes_life", {"expires_at": NOW}),
    ("fk_email_codes_parent_id", {"parent_id": 9}),
    ("ck_code_attempts_kind", {"kind": "success"}),
    ("ck_invitations_life", {"expires_at": NOW}),
    ("fk_invitations_inviter_id", {"inviter_id": 9}),
    ("ck_join_requests_status", {"status": "lost", "answered_at": NOW}),
    ("ck_join_requests_answered", {"status": "accepted"}),
    ("ck_join_requests_answered", {"answered_at": NOW}),
    ("fk_join_requests_invitation_id", {"invitation_id": 9}),
    ("fk_join_requests_invitee_id", {"invitee_id": 9}),
    ("ck_subscriptions_tariff", {"tariff": "weekly"}),
    ("ck_subscriptions_currency", {"currency": "USD", "amount": 1, "amount_minor": 100}),
    ("ck_subscriptions_status", {"status": "active"}),
    ("ck_subscriptions_end", {"status": "CANCELLED"}),
    ("ck_subscriptions_end", {"status": "EXPIRED", "end_reason": "refund"}),
    ("ck_subscriptions_end_reason", {"status": "CANCELLED", "end_reason": "boredom"}),
    ("ck_subscriptions_stretch", {"expires_at": NOW}),
    ("ck_subscriptions_amount", {"amount": -1, "amount_minor": -100}),
    ("ck_subscriptions_amount_minor", {"amount_minor": 99_000}),
    ("ck_subscriptions_amount_minor", {"currency": "XTR"}),
    ("fk_subscriptions_parent_id", {"parent_id": 9}),
    ("ck_subscription_grants_tariff", {"tariff": "weekly"}),
    ("ck_subscription_grants_days", {"days": 0}),
    ("ck_subscription_grants_reason", {"reason": "  "}),
    ("ck_subscription_grants_granted_by", {"granted_by": ""}),
    ("fk_subscription_grants_subscription_id_parent_id", {"parent_id": OTHER_PARENT}),
    ("ck_subscription_grants_amount_minor", {"amount_minor": -1}),
    ("ck_subscription_grants_paid", {"amount_minor": 0}),
    ("ck_subscription_grants_currency", {"currency": "USD"}),
    ("fk_subscription_grants_payment_id", {"payment_id": 9}),
    ("ck_orders_public_id", {"public_id": "1234567890123456"}),
    ("ck_orders_terms", {"days": 0}),
    ("ck_orders_terms", {"amount_minor": 0}),
    ("ck_orders_stars", {"provider": "TELEGRAM_STARS"}),
    ("ck_orders_life", {"expires_at": NOW}),
    ("ck_orders_paid", {"status": "paid"}),
    ("ck_orders_paid", {"paid_at": NOW}),
    ("ck_orders_provider", {"provider": "CASH"}),
    ("ck_orders_kind", {"kind": "credit"}),
    ("ck_orders_tariff", {"tariff": "weekly"}),
    ("ck_orders_currency", {"currency": "USD"}),
    ("ck_orders_status", {"status": "PENDING"}),
    ("fk_orders_parent_id", {"parent_id": 9}),
    ("fk_payments_order_id", {"order_id": 9}),
    ("ck_ledger_entries_amount_minor", {"amount_minor": 0}),
    ("ck_ledger_entries_two_legs", {"credit": "clearing"}),
    ("ck_ledger_entries_direction", {"event": "refund"}),
    ("ck_ledger_entries_stars", {"currency": "XTR"}),
    ("ck_ledger_entries_event", {"event": "gift", "debit": "revenue", "credit": "clearing"}),
    ("ck_ledger_entries_provider", {"provider": "CASH"}),
    ("ck_ledger_entries_debit", {"debit": "pocket", "event": "refund"}),
    ("ck_ledger_entries_credit", {"credit": "pocket"}),
    ("ck_ledger_entries_currency", {"currency": "USD"}),
    ("fk_ledger_entries_payment_id", {"payment_id": 9}),
    ("ck_refunds_reason", {"reason": " "}),
    ("ck_refunds_reason", {"requested_by": " "}),
    ("ck_refunds_done", {"status": "done"}),
    ("ck_refunds_done", {"done_at": NOW}),
    ("ck_refunds_status", {"status": "lost"}),
    ("fk_refunds_payment_id", {"payment_id": 9}),
    ("ck_support_requests_reason", {"reason": " "}),
    ("fk_support_requests_parent_id", {"parent_id": 9}),
    ("fk_support_requests_order_id", {"order_id": 9}),
    ("ck_payme_transactions_state", {"state": 3}),
    ("ck_payme_transactions_amounts", {"amount_minor": 0}),
    ("ck_payme_transactions_perform_time", {"state": 2}),
    ("ck_payme_transactions_perform_time", {"perform_time": 1}),
    ("ck_payme_transactions_cancel_time", {"state": -1}),
    ("ck_payme_transactions_cancel_time", {"cancel_time": 1}),
    ("ck_payme_transactions_reason", {"reason": 4}),
    ("fk_payme_transactions_order_id", {"order_id": 9}),
    ("fk_payme_transactions_payment_id", {"payment_id": 9}),
    ("ck_click_transactions_amount_minor", {"amount_minor": 0}),
    ("ck_click_transactions_confirmed", {"confirmed_at": None}),
    ("ck_click_transactions_status", {"status": "lost"}),
    ("fk_click_transactions_order_id", {"order_id": 9}),
    ("fk_click_transactions_payment_id", {"payment_id": 9}),
    ("ck_stars_subscriptions_renewal", {"renewal": "lost"}),
    ("fk_stars_subscriptions_order_id", {"order_id": 9}),
    ("fk_stars_subscriptions_parent_id", {"parent_id": 9}),
    ("ck_provider_calls_provider", {"provider": "CASH"}),
    ("ck_card_page_links_life", {"expires_at": NOW}),
    ("ck_card_page_links_tariff", {"tariff": "weekly"}),
    ("fk_card_page_links_parent_id", {"parent_id": 9}),
    ("ck_saved_cards_tariff", {"tariff": "weekly"}),
    ("fk_saved_cards_parent_id", {"parent_id": 9}),
    ("ck_renewal_attempts_tries", {"tries": -1}),
    ("ck_renewal_attempts_status", {"status": "lost"}),
    ("fk_renewal_attempts_parent_id", {"parent_id": 9}),
    ("fk_renewal_attempts_card_id", {"card_id": 9}),
    ("fk_renewal_attempts_order_id", {"order_id": 9}),
    ("ck_payments_amount", {"amount": 0, "amount_minor": 0}),
    ("ck_payments_amount_minor", {"amount_minor": 99_000}),
    ("ck_payments_currency", {"currency": "USD"}),
    ("ck_payments_provider", {"provider": "CASH"}),
    ("ck_payments_status", {"status": "success"}),
    ("ck_payments_stars", {"provider": "TELEGRAM_STARS"}),
    ("ck_payments_stars", {"currency": "XTR", "amount_minor": 99_000}),
    ("fk_payments_parent_id", {"parent_id": 9, "subscription_id": None}),
    ("fk_payments_subscription_id", {"parent_id": None, "subscription_id": 9}),
    ("fk_payments_subscription_id_parent_id", {"parent_id": OTHER_PARENT}),
    ("ck_dialogs_status", {"status": "lost", "answered_at": NOW}),
    ("ck_dialogs_language", {"language": "de"}),
    ("ck_dialogs_settled", {"answered_at": NOW}),
    ("ck_dialogs_settled", {"status": "failed"}),
    ("ck_dialogs_reply", {"status": "answered", "answered_at": NOW}),
    ("ck_dialogs_reply", {"status": "failed", "answered_at": NOW, "ai_reply": "Yaxshi"}),
    ("ck_dialogs_reply", {"ai_reply": "Yaxshi"}),
    ("ck_dialogs_tokens_used", {"tokens_used": -1}),
    ("ck_dialogs_claim", {"tries": -1}),
    ("ck_dialogs_claim", {"parts_delivered": -1}),
    ("ck_inbox_ids", {"bot_id": 0}),
    ("ck_inbox_ids", {"update_id": -1}),
    ("ck_inbox_tries", {"tries": -1}),
    ("ck_inbox_status", {"status": "lost", "owner": None, "lease_until": None}),
    ("ck_inbox_owner", {"status": "waiting"}),
    ("ck_inbox_owner", {"owner": None, "lease_until": None}),
    ("ck_inbox_lease", {"lease_until": None}),
    ("ck_inbox_ended", {"status": "ended", "owner": None, "lease_until": None, "ended_at": NOW}),
    ("ck_inbox_ended", {"content": None}),
    ("ck_inbox_ended", {"ended_at": NOW}),
    ("fk_dialogs_parent_telegram_id", {"parent_telegram_id": STRANGER}),
    ("ck_notifications_notification_type", {"notification_type": "ADVERT"}),
    ("ck_notifications_status", {"status": "SENT"}),
    ("ck_notifications_sent", {"status": "sent"}),
    ("ck_notifications_sent", {"sent_at": NOW}),
    ("ck_notifications_life", {"expires_at": NOW - timedelta(days=3000)}),
    ("ck_notifications_priority", {"priority": 0}),
    ("ck_notifications_attempts", {"attempts": -1}),
    ("fk_notifications_parent_telegram_id", {"parent_telegram_id": STRANGER}),
    ("fk_notifications_report_id", {"report_id": 9}),
    ("ck_notification_pictures_png", {"png": b""}),
    ("fk_notification_pictures_notification_id", {"notification_id": 9}),
    ("ck_report_runs_report_type", {"report_type": "DAILY"}),
    ("ck_report_history_report_type", {"report_type": "DAILY"}),
    ("ck_report_history_language", {"language": "de"}),
    ("ck_report_history_report_period", {"report_period": "2026-W47"}),
    ("ck_report_history_report_period", {"report_period": "2026-11-22/2026-11-16"}),
    ("ck_report_history_platform_student_id", {"platform_student_id": 0}),
    ("fk_report_history_parent_telegram_id", {"parent_telegram_id": STRANGER}),
    ("ck_event_logs_event_type", {"event_type": "GOSSIP"}),
    ("ck_event_logs_severity", {"severity": "info"}),
    ("ck_notifications_platform_student_id", {"platform_student_id": 0}),
    ("ck_erase_requests_life", {"expires_at": NOW}),
    ("fk_erase_requests_parent_id", {"parent_id": 9}),
    ("ck_unlink_records_platform_ids", {"guardian_id": 0}),
    ("ck_unlink_records_source", {"source": "hearsay"}),
    ("ck_unlink_records_lent_right", {"source": "invitation"}),
    ("ck_unlink_records_restored_at", {"restored_at": NOW - timedelta(seconds=1)}),
    ("fk_unlink_records_parent_id", {"parent_id": 9}),
    ("fk_unlink_records_lent_right_id", {"source": "invitation", "lent_right_id": 9}),
    ("ck_lent_rights_platform_student_id", {"platform_student_id": 0}),
    ("ck_lent_rights_another", {"borrower_id": 1}),
    ("ck_lent_rights_revoked_at", {"revoked_at": NOW - timedelta(seconds=1)}),
    ("fk_lent_rights_lender_id", {"lender_id": 9}),
    ("fk_lent_rights_borrower_id", {"borrower_id": 9}),
]

# A second row beside the right one; what it differs in does not help it.
TWICE: list[tuple[str, Row]] = [
    ("uq_subscription_grants_request_key", {"payment_id": None}),
    ("uq_subscription_grants_payment_id", {"request_key": "another"}),
    ("uq_parents_telegram_id", {"language": "ru"}),
    ("uq_guardian_links_parent_id_guardian_id", {"source": "email"}),
    ("uq_learners_parent_id_platform_student_id", {"guardian_id": 8}),
    ("uq_consents_current", {"language": "uz"}),
    ("pk_used_link_codes", {"guardian_id": 8}),
    ("uq_invitations_token_hash", {"inviter_id": OTHER_PARENT}),
    ("uq_join_requests_invitation_id", {"invitee_id": OTHER_PARENT}),
    ("uq_subscriptions_active", {"tariff": "annual"}),
    ("uq_payments_transaction_id", {"provider": "CLICK"}),
    ("uq_dialogs_update_id", {"idempotency_key": "other"}),
    ("uq_dialogs_idempotency_key", {"update_id": 7}),
    ("uq_inbox_taken", {"update_id": 6}),
    ("uq_notifications_dedup_key", {"notification_type": "PAYMENT"}),
    ("uq_notifications_sending", {"dedup_key": "other"}),
    ("uq_report_history_scheduled", {"language": "uz"}),
    ("uq_lent_rights_standing", {"borrower_name": "R."}),
    ("uq_orders_public_id", {"request_key": "another press"}),
    ("uq_orders_request_key", {"public_id": "mntbbbbbbbbbbbbb"}),
    ("uq_ledger_entries_payment_id_event", {"amount_minor": 1}),
    ("uq_refunds_payment_id", {"reason": "once more"}),
    ("uq_support_requests_request_key", {"reason": "once more"}),
    ("uq_payme_transactions_payme_id", {"state": -1, "cancel_time": 1}),
    ("uq_payme_transactions_order_id", {"payme_id": "another", "payment_id": 2}),
    ("uq_payme_transactions_payment_id", {"payme_id": "another", "state": -1, "cancel_time": 1}),
    ("uq_click_transactions_service_id_click_trans_id", {"status": "prepared"}),
    ("uq_click_transactions_order_id", {"click_trans_id": 7, "payment_id": 2}),
    ("uq_click_transactions_payment_id", {"click_trans_id": 7, "status": "prepared"}),
    ("uq_stars_subscriptions_order_id", {"first_charge_id": "other"}),
    ("uq_stars_subscriptions_first_charge_id", {"order_id": 2}),
    ("uq_card_page_links_token_hash", {"parent_id": OTHER_PARENT}),
    ("uq_saved_cards_standing", {"card_token": "other"}),
    ("uq_renewal_attempts_parent_id_cycle_ends_at", {"receipt_id": "other"}),
    ("uq_renewal_attempts_receipt_id", {"cycle_ends_at": NOW}),
]

# A second row that is right all the same.
BESIDE: list[tuple[str, Row]] = [
    ("guardian_links", {"parent_id": OTHER_PARENT}),
    ("learners", {"parent_id": OTHER_PARENT}),
    ("consents", {"granted_at": NOW - timedelta(days=1), "withdrawn_at": NOW}),
    ("consents", {"version": "2"}),
    ("subscriptions", {"status": "EXPIRED"}),
    ("subscriptions", {"status": "CANCELLED", "end_reason": "refund"}),
    ("subscriptions", {"parent_id": OTHER_PARENT, "currency": "XTR", "amount": 500, "amount_minor": 500}),
    ("subscriptions", {"parent_id": OTHER_PARENT, "amount": 0, "amount_minor": 0}),
    ("payments", {"transaction_id": None, "subscription_id": None}),
    (
        "payments",
        {"transaction_id": "t2", "provider": "TELEGRAM_STARS", "currency": "XTR", "amount": 500, "amount_minor": 500},
    ),
    ("dialogs", {"update_id": None, "idempotency_key": None}),
    (
        "dialogs",
        {"update_id": 6, "idempotency_key": "x", "status": "answered", "ai_reply": "Yaxshi", "answered_at": NOW},
    ),
    ("dialogs", {"update_id": 6, "idempotency_key": "x", "status": "stopped", "answered_at": NOW}),
    (
        "dialogs",
        {"update_id": 6, "idempotency_key": "x", "status": "stopped", "ai_reply": "Yax", "answered_at": NOW},
    ),
    ("dialogs", {"update_id": 6, "idempotency_key": "x", "status": "failed", "answered_at": NOW}),
    ("notifications", {"dedup_key": "other", "status": "sent", "sent_at": NOW}),
    ("notifications", {"dedup_key": "other", "status": "unknown"}),
    ("report_history", {"report_type": "ON_DEMAND", "report_period": "2026-11-16/2026-11-16"}),
    ("event_logs", {"user_telegram_id": STRANGER}),
    ("inbox", {"update_id": 6, "lane": 1}),
    ("inbox", {"update_id": 6, "status": "waiting", "owner": None, "lease_until": None}),
    ("inbox", {"bot_id": 43}),
    ("lent_rights", {"revoked_at": NOW}),
    ("lent_rights", {"platform_student_id": 71}),
    ("ledger_entries", {"event": "refund", "debit": "revenue", "credit": "clearing"}),
    ("saved_cards", {"removed_at": NOW}),
]


MAY_BE_ABSENT = {
    ("subscription_grants", "request_key"),
    ("subscription_grants", "payment_id"),
    ("renewal_attempts", "receipt_id"),
    ("renewal_attempts", "order_id"),
    ("support_requests", "order_id"),
    ("orders", "parent_id"),
    ("used_link_codes", "parent_telegram_id"),
    ("payments", "parent_id"),
    ("payments", "subscription_id"),
    ("payments", "transaction_id"),
    ("dialogs", "update_id"),
    ("dialogs", "idempotency_key"),
    ("inbox", "chat_id"),
    ("inbox", "user_telegram_id"),
    ("inbox", "kind"),
}

# Follows from the primary key; it is there to be referred to.
IMPLIED = {"uq_subscriptions_id_parent_id"}


@pytest_asyncio.fixture
async def connection(bot_dsn: str) -> AsyncIterator[Connection]:
    opened = await asyncpg.connect(bot_dsn)
    yield opened
    await opened.close()


def table_of(constraint: str) -> str:
    words = constraint.partition("_")[2]
    return max((table for table in RIGHT if words == table or words.startswith(f"{table}_")), key=len)


async def insert_what_it_refers_to(connection: Connection, table: str) -> None:
    for earlier, row in RIGHT.items():
        if earlier == table:
            break
        await insert(connection, earlier, row)
    if table != "parents":
        await insert(connection, "parents", {"telegram_id": 100_000_002})


async def accept(connection: Connection, table: str, row: Row) -> None:
    """Insert the row and take it back."""
    transaction = connection.transaction()
    await transaction.start()
    await insert(connection, table, row)
    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    await transaction.rollback()


async def refused_by(connection: Connection, table: str, row: Row) -> str | None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
        async with connection.transaction():
            await insert(connection, table, row)
    return refusal.value.constraint_name


def test_every_table_has_a_right_row() -> None:
    assert sorted(RIGHT) == sorted(Base.metadata.tables)


@pytest.mark.parametrize("table", {table_of(constraint): None for constraint, _ in WRONG})
async def test_wrong_rows_are_refused(connection: Connection, table: str) -> None:
    await insert_what_it_refers_to(connection, table)
    for constraint, wrong in WRONG:
        if table_of(constraint) == table:
            assert await refused_by(connection, table, RIGHT[table] | wrong) == constraint, wrong


@pytest.mark.parametrize("table", {table_of(constraint): None for constraint, _ in TWICE})
async def test_second_rows_are_refused(connection: Connection, table: str) -> None:
    await insert_what_it_refers_to(connection, table)
    await insert(connection, table, RIGHT[table])
    for constraint, difference in TWICE:
        if table_of(constraint) == table:
            assert await refused_by(connection, table, RIGHT[table] | difference) == constraint, difference


@pytest.mark.parametrize("table", {table: None for table, _ in BESIDE})
async def test_right_second_rows_are_welcome(connection: Connection, table: str) -> None:
    await insert_what_it_refers_to(connection, table)
    await insert(connection, table, RIGHT[table])
    for difference in [difference for named, difference in BESIDE if named == table]:
        await accept(connection, table, RIGHT[table] | difference)


@pytest.mark.parametrize("table", RIGHT)
async def test_what_must_be_said_cannot_be_left_out(connection: Connection, table: str) -> None:
    await insert_what_it_refers_to(connection, table)
    for column in RIGHT[table]:
        absent = RIGHT[table] | {column: None}
        if (table, column) in MAY_BE_ABSENT:
            await accept(connection, table, absent)
        else:
            with pytest.raises((asyncpg.NotNullViolationError, asyncpg.CheckViolationError)):
                await insert(connection, table, absent)


async def test_no_constraint_is_without_a_case(connection: Connection) -> None:
    found = await connection.fetch("""
        SELECT conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND (contype IN ('c', 'u', 'f') OR conname = 'pk_used_link_codes')
        UNION
        SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indisunique AND NOT indisprimary AND relnamespace = 'public'::regnamespace
        """)
    assert {row["conname"] for row in found} - IMPLIED == {constraint for constraint, _ in (*WRONG, *TWICE)}


async def test_a_parents_data_vanish_with_the_parent_but_for_the_books(connection: Connection) -> None:
    await insert_all(connection)
    await connection.execute("DELETE FROM parents")
    left = {table: await connection.fetchval(f"SELECT count(*) FROM {table}") for table in RIGHT}
    assert {table for table, rows in left.items() if rows} == {
        "payments",
        "orders",
        "ledger_entries",
        "refunds",
        "payme_transactions",
        "click_transactions",
        "provider_calls",
        "used_link_codes",
        "event_logs",
        "code_attempts",
        "report_runs",
        "inbox",  # erasing forgets its rows by the person's Telegram id, who may be no parent
        "webhook_registrations",
    }
    payment = await connection.fetchrow("SELECT parent_id, subscription_id, amount FROM payments")
    assert payment is not None
    assert tuple(payment) == (None, None, 99_000)
    assert await connection.fetchval("SELECT parent_telegram_id FROM used_link_codes") is None
