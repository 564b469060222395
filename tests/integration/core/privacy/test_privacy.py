"""What a parent is handed is everything and nothing foreign; what is erased is nowhere any more."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from mentorium_core.billing.card_page import make_card_link
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.support import request_support
from mentorium_core.i18n import has_text
from mentorium_core.identity.commands import check_contact, give_consent
from mentorium_core.identity.email_code import RequestEmailCode
from mentorium_core.identity.family import CheckInvitation, InviteAdult, ask_to_join
from mentorium_core.identity.model import LinkClaim, ParentView
from mentorium_core.identity.queries import find_parent
from mentorium_core.mentor.commands import store_question
from mentorium_core.privacy.commands import ask_to_erase, confirm_erasure, erase_data
from mentorium_core.privacy.export import export_data
from mentorium_core.privacy.export_page import SHOWN
from mentorium_core.privacy.model import Export
from mentorium_db.models import Base
from mentorium_db.repositories.personal_data import BY_ID, BY_PAYMENT, BY_TELEGRAM_ID
from mentorium_domain.enums import Language, Tariff
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError
from tests.integration.core.household import Household, claim_of

SECRET = b"pepper"
DILNOZA, RUSTAM = 200_000_001, 200_000_002
PHONE, EMAIL = "+998901112233", "dilnoza@example.uz"
HERS, HIS = "Why are fractions so hard?", "Is the subscription paid?"


@dataclass(frozen=True, slots=True)
class Couple:
    """Two parents of one child, each with talk of their own; hers is full of everything."""

    dilnoza: ParentView
    rustam: ParentView


@pytest_asyncio.fixture
async def couple(household: Household, bot_dsn: str) -> Couple:
    guardian_id = await household.guardian("Dilnoza Karimova", PHONE)
    await household.child("Aziza Karimova", guardian_id)
    claim: LinkClaim = await check_contact(PHONE, DILNOZA, DILNOZA)
    dilnoza = (await give_consent(DILNOZA, Language.UZ, claim)).parent
    rustam = (await give_consent(RUSTAM, Language.RU, await claim_of(guardian_id))).parent
    await RequestEmailCode(SECRET)(dilnoza, EMAIL)
    await GrantSubscription()(DILNOZA, Tariff.MONTHLY, "pilot", "operator", request_key=uuid4().hex)
    invitation = await InviteAdult(SECRET)(dilnoza)
    await ask_to_join(rustam, await CheckInvitation(SECRET)(invitation.payload, RUSTAM), "Rustam")
    for parent, question in ((dilnoza, HERS), (rustam, HIS)):
        await store_question(parent, question, None, clock.now(), owner="a:1:1")
    owner = await asyncpg.connect(bot_dsn)
    await owner.execute("""
        INSERT INTO payments (parent_id, subscription_id, transaction_id, amount, amount_minor, provider)
        SELECT parent_id, id, 't1', 99000, 9900000, 'PAYME' FROM subscriptions
        """)
    await owner.execute(
        "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key) "
        "VALUES ($1, 'REPORT', 'Aziza studied', 'k1')",
        DILNOZA,
    )
    await owner.close()
    return Couple(dilnoza, rustam)


@dataclass(frozen=True, slots=True)
class HandedOver:
    document: dict[str, Any]
    html: str


async def exported(parent: ParentView) -> HandedOver:
    export = await export_data(parent.telegram_id, parent.language)
    assert isinstance(export, Export)
    document, page = (
        next(content for name, content in export.files.items() if name.endswith(end)) for end in (".json", ".html")
    )
    return HandedOver(json.loads(document), page.decode())


async def everything(dsn: str) -> dict[str, str]:
    """Table -> all of its rows as one text."""
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        return {
            name: await connection.fetchval(f"SELECT coalesce(string_agg(rows::text, E'\\n'), '') FROM {name} AS rows")
            for (name,) in tables
        }
    finally:
        await connection.close()


async def test_an_export_holds_all_of_ones_own_and_nothing_of_the_other(couple: Couple) -> None:
    export = await exported(couple.dilnoza)
    for handed in (json.dumps(export.document, ensure_ascii=False), export.html):
        for own in (str(DILNOZA), PHONE, "Aziza", "Karimova", HERS, EMAIL, "pilot", "t1", "Aziza studied"):
            assert own in handed, own
        for foreign in (str(RUSTAM), HIS):
            assert foreign not in handed, foreign
    assert {"parents", "learners", "consents", "subscriptions", "payments", "dialogs", "event_logs"} <= set(
        export.document["tables"]
    )
    theirs = json.dumps((await exported(couple.rustam)).document)
    assert HIS in theirs
    for foreign in (str(DILNOZA), HERS, "pilot", EMAIL):
        assert foreign not in theirs


async def test_an_export_tells_of_money_that_was_given_back_and_of_each_providers_record(
    couple: Couple, bot_dsn: str
) -> None:
    """docs/PRIVACY.md: a parent sees all of it; what hangs on a payment is theirs as the payment is."""
    owner = await asyncpg.connect(bot_dsn)
    await owner.execute("""
        INSERT INTO refunds (payment_id, reason, requested_by) SELECT id, 'paid twice', 'support' FROM payments;
        INSERT INTO orders (public_id, provider, tariff, days, amount_minor, currency, request_key, created_at,
            expires_at, parent_id) SELECT 'mntaaaaaaaaaaaaa', 'PAYME', 'monthly', 30, 1, 'UZS', 'k', now(),
            now() + interval '1 day', parent_id FROM payments;
        INSERT INTO payme_transactions (payme_id, order_id, payment_id, amount_minor, account, state, payme_time,
            create_time) SELECT 'at-payme', (SELECT id FROM orders), id, 1, '{}', 1, 1, 1 FROM payments;
        INSERT INTO click_transactions (service_id, click_trans_id, click_paydoc_id, order_id, payment_id, amount_minor)
            SELECT 1, 2, 77553311, (SELECT id FROM orders), id, 1 FROM payments
        """)
    await owner.close()
    export = await exported(couple.dilnoza)
    for handed in (json.dumps(export.document), export.html):
        for own in ("paid twice", "at-payme", "77553311"):
            assert own in handed, own
    theirs = await exported(couple.rustam)
    assert not BY_PAYMENT & set(theirs.document["tables"])


async def test_an_export_tells_no_secret(couple: Couple, bot_dsn: str) -> None:
    connection = await asyncpg.connect(bot_dsn)
    secrets = [
        await connection.fetchval("SELECT registration_code FROM parents WHERE telegram_id = $1", DILNOZA),
        await connection.fetchval("SELECT token_hash FROM invitations"),
    ]
    await connection.close()
    handed = json.dumps((await exported(couple.dilnoza)).document)
    assert all(secrets)
    assert not any(secret in handed for secret in secrets)


async def test_a_page_shows_markup_as_text(couple: Couple) -> None:
    await store_question(couple.dilnoza, "<script>alert(1)</script>", None, clock.now(), owner="a:1:1")
    html = (await exported(couple.dilnoza)).html
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("language", Language)
async def test_the_page_speaks_the_parents_language(couple: Couple, language: Language) -> None:
    parent = ParentView(couple.dilnoza.parent_id, DILNOZA, language, registered=True, consented=True)
    html = (await exported(parent)).html
    assert f'<html lang="{language}">' in html
    for table in Base.metadata.tables:
        assert f"<h2>{table}" not in html, table


async def test_after_erasure_nothing_is_findable(couple: Couple, bot_dsn: str) -> None:
    before = await everything(bot_dsn)
    needles = (str(DILNOZA), PHONE, EMAIL, HERS, "Dilnoza", "Aziza studied", "pilot")
    for needle in (str(DILNOZA), PHONE, EMAIL, HERS):
        assert any(needle in rows for rows in before.values()), needle
    await erase_data(DILNOZA)
    after = await everything(bot_dsn)
    for table, rows in after.items():
        for needle in needles:
            assert needle not in rows, (table, needle)
    assert "t1" in after["payments"]
    assert HIS in after["dialogs"]
    assert await find_parent(DILNOZA) is None


async def test_money_that_stands_at_the_erasure_leaves_no_word_of_its_payer(couple: Couple, bot_dsn: str) -> None:
    """An open order, a card with a charge under way, a page, a promised refund, and a question about a payment."""
    owner = await asyncpg.connect(bot_dsn)
    await owner.execute("""
        INSERT INTO orders (public_id, provider, tariff, days, amount_minor, currency, request_key, created_at,
            expires_at, parent_id) SELECT 'mntaaaaaaaaaaaaa', 'PAYME', 'monthly', 30, 1, 'UZS', 'k', now(),
            now() + interval '1 day', parent_id FROM payments;
        INSERT INTO saved_cards (parent_id, card_token, masked_number, tariff, consent_version, consented_at)
            SELECT parent_id, 'token-of-a-card', '******6478', 'monthly', '1', now() FROM payments;
        INSERT INTO renewal_attempts (parent_id, card_id, order_id, cycle_ends_at, status, receipt_id, due_at)
            SELECT parent_id, (SELECT id FROM saved_cards), (SELECT id FROM orders), now(), 'charging', 'r1', now()
            FROM payments;
        INSERT INTO card_page_links (parent_id, token_hash, tariff, created_at, expires_at)
            SELECT parent_id, 'hash-of-a-link', 'monthly', now(), now() + interval '1 hour' FROM payments;
        INSERT INTO refunds (payment_id, reason, requested_by) SELECT id, 'paid twice', 'support' FROM payments;
        INSERT INTO support_requests (parent_id, order_id, reason, request_key)
            SELECT parent_id, (SELECT id FROM orders), 'Where is my money?', 'k' FROM payments
        """)
    await owner.close()
    parent = couple.dilnoza
    await confirm_erasure(DILNOZA, await ask_to_erase(parent))
    after = await everything(bot_dsn)
    for table, rows in after.items():
        for needle in (str(DILNOZA), "token-of-a-card", "6478", "hash-of-a-link", "Where is my money?"):
            assert needle not in rows, (table, needle)
    assert "mntaaaaaaaaaaaaa" in after["orders"]
    with pytest.raises(NotFoundError):
        await make_card_link(parent.parent_id, Tariff.MONTHLY)
    assert (await store_late(parent)) is None


async def store_late(parent: ParentView) -> int | None:
    """A message that was on its way while everything was deleted: nothing of it is kept."""
    try:
        return await request_support(parent, None, "Where is my money?", request_key="late")
    except NotFoundError:
        return None


async def test_the_other_parent_keeps_everything(couple: Couple, bot_dsn: str) -> None:
    await erase_data(DILNOZA)
    assert HIS in json.dumps((await exported(couple.rustam)).document)


async def test_erasing_twice_or_at_once_is_harmless(couple: Couple) -> None:
    await asyncio.gather(*(erase_data(DILNOZA) for _ in range(3)))
    await erase_data(DILNOZA)
    assert await export_data(DILNOZA, Language.UZ) is None


def test_every_table_refers_to_its_parent_or_names_nobody() -> None:
    """A new table is exported and erased by itself, or must be looked at here."""
    nobody = {"code_attempts", "report_runs", "webhook_registrations", "feed_cursors", "alert_checks"}
    nobody |= {"period_runs", "period_run_batches", "paid_broadcasts", "ai_daily_usage", "report_shells", "staff_news"}
    # the books: they know a payment or an order, which have no owner any more once their parent is gone
    nobody |= {"ledger_entries", "provider_calls"} | BY_PAYMENT
    # a picture says what the message it waits with says, and vanishes with it
    by_a_row_of_theirs = {"parents", "notification_pictures"}
    for name, table in Base.metadata.tables.items():
        refers = (BY_ID | BY_TELEGRAM_ID) & set(table.columns.keys())
        assert refers or name in nobody | by_a_row_of_theirs, name


@pytest.mark.parametrize("language", Language)
def test_every_table_that_is_handed_over_has_a_heading(language: Language) -> None:
    for name, table in Base.metadata.tables.items():
        if name in {"parents", *BY_PAYMENT} or (BY_ID | BY_TELEGRAM_ID) & set(table.columns.keys()):
            assert has_text(language, f"export-table-{name.replace('_', '-')}"), name
            assert name in SHOWN, name
