"""Every table is forgotten when its time is over, not before, in bounded batches and by an index (durability 19)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import asyncpg
import pytest
import pytest_asyncio

from mentorium_core.privacy.keep_retention import SWEEPS, KeepRetention, forget_batch
from mentorium_core.privacy.retention import RETENTION, Sweep
from mentorium_db.models import Base
from mentorium_db.repositories.retention import PARTS, statement
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from tests.fixtures.plans import rows_read

pytestmark = pytest.mark.usefixtures("session_factory")

LISTED = {entry.table: entry for entry in RETENTION}
HOUR = timedelta(hours=1)
EVENTS = ("event_logs", LISTED["event_logs"].sweeps[0])
PARENT: Final = 100_000_001
SMALL: Final = {
    "report_runs": "some sixty rows a year",
    "period_runs": "a row a day at most",
    "paid_broadcasts": "some sixty rows a year",
    "alert_checks": "three rows a day",
    "ai_daily_usage": "two rows a day",
    "pgqueuer.pgqueuer_statistics": "nothing of ours writes it",
}
FILL: Final[dict[tuple[str, str | None], str]] = {
    (
        "payments",
        None,
    ): "(transaction_id, amount, amount_minor, provider, created_at) SELECT n::text, 1, 100, 'PAYME', $3",
    ("dialogs", None): f"(parent_telegram_id, user_message, language, created_at) SELECT {PARENT}, 'Qalay?', 'uz', $3",
    ("report_history", None): (
        "(parent_telegram_id, platform_student_id, report_type, report_period, language, content, document,"
        f" generated_at) SELECT {PARENT}, 70, 'ON_DEMAND', '2026-11-16/2026-11-22', 'uz', '', '{{}}', $3"
    ),
    ("report_runs", None): "(report_type, report_period, started_at) SELECT 'WEEKLY', n::text, $3",
    ("period_runs", None): (
        "(report_type, report_period, day, started_at, opens_at) SELECT 'WEEKLY', n::text, '2026-11-23', $3, $3"
    ),
    ("paid_broadcasts", None): (
        "(report_type, report_period, star_budget, reason, allowed_at) SELECT 'WEEKLY', n::text, 1, 'test', $3"
    ),
    ("notifications", "texts"): (
        "(parent_telegram_id, notification_type, message, dedup_key, status, created_at)"
        f" SELECT {PARENT}, 'REPORT', 'Aziza', 'told:' || n, 'skipped', $3"
    ),
    ("notifications", "emptied"): (
        "(parent_telegram_id, notification_type, message, dedup_key, status, created_at)"
        f" SELECT {PARENT}, 'REPORT', '', 'emptied:' || n, 'skipped', $3"
    ),
    ("alerts", None): (
        "(parent_id, platform_student_id, kind, fact_key, happened_at, expires_at, created_at)"
        " SELECT (SELECT min(id) FROM parents), 70, 'award', n::text, $3, $3, $3"
    ),
    ("ai_parent_usage", None): (
        "(parent_id, day, purpose, first_call_at)"
        " SELECT (SELECT min(id) FROM parents), date '1970-01-01' + n::integer, 'chat', $3"
    ),
    ("ai_daily_usage", None): "(day, purpose, first_call_at) SELECT date '1970-01-01' + n::integer, 'chat', $3",
    ("report_shells", None): "(key, made_at) SELECT lpad(to_hex(n), 64, '0'), $3",
    ("alert_checks", None): "(kind, day, started_at) SELECT 'idle', date '2000-01-01' + n::integer, $3",
    ("notification_pictures", None): (
        "(notification_id, png, expires_at) SELECT (SELECT min(id) FROM notifications) + n, 'PNG', $3"
    ),
    ("inbox", "ended"): "(bot_id, update_id, lane, status, ended_at) SELECT 42, n, 2, 'ended', $3",
    ("inbox", "set_aside"): (
        "(bot_id, update_id, lane, status, chat_id, user_telegram_id, kind, content, received_at)"
        " SELECT 43, n, 2, 'set_aside', 7, 7, 'message', '{}', $3"
    ),
    ("email_messages", None): (
        "(parent_id, dedup_key, address, created_at, expires_at)"
        " SELECT (SELECT min(id) FROM parents), n::text, 'a@b.uz', $3, $3"
    ),
    ("email_codes", None): (
        "(parent_id, email, created_at, expires_at) SELECT (SELECT min(id) FROM parents) + n, 'a@b.uz',"
        " $3::timestamptz - interval '10 minutes', $3"
    ),
    ("code_attempts", None): "(subject, kind, attempted_at) SELECT 'ff', 'request', $3",
    ("used_link_codes", None): "(nonce, guardian_id, used_at) SELECT substr(int8send(n), 3), 7, $3",
    ("invitations", None): (
        "(inviter_id, token_hash, created_at, expires_at)"
        " SELECT (SELECT min(id) FROM parents), n::text, $3::timestamptz - interval '1 day', $3"
    ),
    ("lent_rights", None): (
        "(lender_id, borrower_id, platform_student_id, borrower_name, since, revoked_at) SELECT (SELECT min(id) FROM"
        " parents), (SELECT max(id) FROM parents), n + 1, 'R.', $3::timestamptz - interval '1 day', $3"
    ),
    ("unlink_records", None): (
        "(parent_id, learner_id, platform_student_id, guardian_id, source, added_at, unlinked_at)"
        " SELECT (SELECT min(id) FROM parents), n, n + 1, 7, 'contact', $3, $3"
    ),
    ("erase_requests", None): (
        "(parent_id, asked_at, expires_at)"
        " SELECT (SELECT min(id) FROM parents), $3::timestamptz - interval '10 minutes', $3"
    ),
    ("orders", None): (
        "(public_id, provider, tariff, days, amount_minor, currency, request_key, created_at, expires_at) SELECT 'mnt'"
        " || translate(lpad(n::text, 13, '0'), '0123456789', 'abcdefghij'), 'PAYME', 'monthly', 30, 1, 'UZS', n::text,"
        " $3, $3::timestamptz + interval '1 day'"
    ),
    ("provider_calls", None): (
        "(provider, method, request, answer, took_ms, created_at) SELECT 'PAYME', 'CheckTransaction', '', '', 1, $3"
    ),
    ("card_page_links", None): (
        "(parent_id, token_hash, tariff, created_at, expires_at)"
        " SELECT (SELECT min(id) FROM parents), n::text, 'monthly', $3::timestamptz - interval '15 minutes', $3"
    ),
    ("support_requests", None): (
        "(parent_id, reason, request_key, created_at) SELECT (SELECT min(id) FROM parents), '?', n::text, $3"
    ),
    ("event_logs", None): "(event_type, event_name, created_at) SELECT 'SYSTEM', n::text, $3",
    ("pgqueuer.pgqueuer", "held"): ("(status, priority, entrypoint, updated) SELECT 'failed', 0, 'mail_code', $3"),
    ("pgqueuer.pgqueuer", "held_private"): (
        "(status, priority, entrypoint, updated) SELECT 'failed', 0, 'end_renewal', $3"
    ),
    ("pgqueuer.pgqueuer_log", None): (
        "(status, priority, entrypoint, job_id, created) SELECT 'successful', 0, 'mail_code', n, $3"
    ),
    ("pgqueuer.pgqueuer_statistics", None): (
        "(status, priority, entrypoint, count, created) SELECT 'successful', n, 'mail_code', 1, $3"
    ),
}
"""What stores the rows number `$1` to `$2`, all of the moment `$3`."""
Rows: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest_asyncio.fixture
async def rows(bot_dsn: str) -> AsyncIterator[Rows]:
    connection = await asyncpg.connect(bot_dsn)
    await connection.execute("INSERT INTO parents (telegram_id) VALUES ($1)", PARENT)
    yield connection
    await connection.close()


async def fill(rows: Rows, table: str, part: str | None, moment: datetime, first: int = 0, last: int = 0) -> None:
    await rows.execute(
        f"INSERT INTO {table} {FILL[table, part]} FROM generate_series($1::bigint, $2) n", first, last, moment
    )


async def needed(rows: Rows, table: str, most: int = 0) -> None:
    """What rows of these tables refer to."""
    if table == "email_codes":
        await rows.execute("INSERT INTO parents (telegram_id) SELECT n FROM generate_series(1, $1) n", most)
    if table == "lent_rights":
        await rows.execute("INSERT INTO parents (telegram_id) VALUES ($1)", PARENT + 1)
    if table == "notification_pictures":
        await fill(rows, "notifications", "texts", clock.now(), 0, most)


async def row_of(rows: Rows, table: str) -> str | None:
    found: str | None = await rows.fetchval(f"SELECT t::text FROM {table} t ORDER BY 1 LIMIT 1")
    return found


async def test_every_table_of_the_database_has_its_retention(rows: Rows) -> None:
    """A new table is red here until the one list says how long its rows are kept."""
    found = await rows.fetch(
        "SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')"
        " AND n.nspname NOT IN ('information_schema', 'tests') AND n.nspname NOT LIKE 'pg\\_%'"
    )
    assert {name for (name,) in found} == set(LISTED)
    assert set(Base.metadata.tables) <= set(LISTED)


async def test_nothing_goes_with_a_table_that_does_not_say_so(rows: Rows) -> None:
    """What is swept takes nothing with it that is to be kept for longer."""
    swept = {
        entry.table for entry in RETENTION if any(sweep.part not in {"texts", "set_aside"} for sweep in entry.sweeps)
    }
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            target = key.column.table.name
            if target in swept and (key.ondelete or "").startswith("CASCADE"):
                kept = LISTED[table.name]
                as_long = kept.with_ is not None and LISTED[kept.with_].sweeps == LISTED[target].sweeps
                assert kept.with_ == target or kept.sweeps or as_long, (table.name, target)
    assert {entry.with_ for entry in RETENTION} - {None} <= set(LISTED)


def test_every_part_is_asked_for() -> None:
    assert {(table, sweep.part) for table, sweep in SWEEPS if sweep.part} == set(PARTS)


@pytest.mark.parametrize(("table", "sweep"), SWEEPS, ids=str)
async def test_a_row_is_kept_for_its_time_and_no_longer(rows: Rows, table: str, sweep: Sweep) -> None:
    """durability 19"""
    over = clock.now() - sweep.kept_for
    await needed(rows, table)
    await fill(rows, table, sweep.part, over + HOUR)
    before = await row_of(rows, table)
    await keep()
    assert before is not None
    assert await row_of(rows, table) == before
    await rows.execute(f"DELETE FROM {table}")
    await fill(rows, table, sweep.part, over - HOUR)
    assert await forget_batch(table, sweep) == 1
    is_emptied = sweep.part is not None and PARTS[table, sweep.part].emptied is not None
    assert (await row_of(rows, table) is not None) == is_emptied
    assert await forget_batch(table, sweep) == 0, "what is emptied is not found again"


async def test_a_message_that_waits_keeps_its_text(rows: Rows) -> None:
    await fill(rows, "notifications", "texts", clock.now() - timedelta(days=100), 0, 2)
    await rows.execute("UPDATE notifications SET status = 'pending' WHERE dedup_key = 'told:0'")
    await rows.execute("UPDATE notifications SET status = 'sending' WHERE dedup_key = 'told:1'")
    await keep()
    texts = await rows.fetch("SELECT message FROM notifications ORDER BY dedup_key")
    assert [text for (text,) in texts] == ["Aziza", "Aziza", ""]


async def test_an_update_that_was_set_aside_is_emptied_and_its_id_kept(rows: Rows) -> None:
    await fill(rows, "inbox", "set_aside", clock.now() - timedelta(days=15), 5, 5)
    await keep()
    found = await rows.fetchrow("SELECT update_id, status, content, user_telegram_id FROM inbox")
    assert found is not None
    assert tuple(found) == (5, "ended", None, None)


async def test_rows_go_in_batches_the_oldest_first(rows: Rows) -> None:
    for number in range(25):
        await fill(rows, "event_logs", None, clock.now() - timedelta(days=425 - number), number, number)
    assert await forget_batch(*EVENTS, 10) == 10
    assert await rows.fetchval("SELECT min(event_name::int) FROM event_logs") == 10


async def test_the_job_goes_round_until_nothing_is_left(rows: Rows) -> None:
    await fill(rows, "event_logs", None, clock.now() - timedelta(days=401), 1, 25)
    await fill(rows, "dialogs", None, clock.now() - timedelta(days=91), 1, 25)
    keep_retention, sizes = KeepRetention(most=10), list[int]()
    for _ in range(2):
        more = True
        while more:
            more = await keep_retention()
            sizes.append(await rows.fetchval("SELECT count(*) FROM event_logs"))
    assert set(sizes) == {25, 15, 5, 0}
    assert await rows.fetchval("SELECT count(*) FROM dialogs") == 0
    assert len(sizes) < 5 * len(SWEEPS)


async def test_a_table_that_fails_stops_no_other(rows: Rows) -> None:
    await fill(rows, "event_logs", None, clock.now() - timedelta(days=500))
    faulty = ("no_such_table", Sweep("created_at", timedelta(days=1)))
    keep_retention = KeepRetention((faulty, EVENTS))
    with pytest.raises(UnavailableError):
        await keep_retention()
    assert await keep_retention()
    assert await row_of(rows, "event_logs") is None


async def test_what_somebody_has_in_hand_is_left_for_the_next_time(rows: Rows) -> None:
    dialogs = ("dialogs", LISTED["dialogs"].sweeps[0])
    await fill(rows, "dialogs", None, clock.now() - timedelta(days=100))
    async with rows.transaction():
        await rows.execute("SELECT FROM dialogs FOR UPDATE")
        assert await forget_batch(*dialogs) == 0
    assert await forget_batch(*dialogs) == 1


@pytest.mark.parametrize(("table", "sweep"), [(table, sweep) for table, sweep in SWEEPS if table not in SMALL], ids=str)
async def test_a_sweep_of_a_full_table_reads_what_it_forgets(rows: Rows, table: str, sweep: Sweep) -> None:
    """durability 18: by an index, however much is kept."""
    now = clock.now()
    over = now - sweep.kept_for
    await needed(rows, table, 20_010)
    await fill(rows, table, sweep.part, over + HOUR, 0, 19_999)
    await fill(rows, table, sweep.part, over - HOUR, 20_000, 20_009)
    await rows.execute(f"ANALYZE {table}")
    told = {"kept_for": sweep.kept_for, "most": 1000, "now": now}
    assert await rows_read(statement(table, sweep.since, sweep.part), told) < 100


async def keep() -> None:
    keep_retention = KeepRetention()
    while await keep_retention():
        pass


@pytest.mark.parametrize("kind", ["end_renewal", "resume_renewal", "return_stars", "remove_card"])
async def test_a_held_job_that_names_a_payer_or_holds_a_cards_token_goes_within_a_week(rows: Rows, kind: str) -> None:
    """docs/PRIVACY.md: a card that was removed is told to Payme by a job that holds its token for no longer."""
    await rows.execute(
        "INSERT INTO pgqueuer.pgqueuer (status, priority, entrypoint, payload, updated)"
        " VALUES ('failed', 0, $1, 'token', now() - interval '8 days')",
        kind,
    )
    await keep()
    assert await rows.fetchval("SELECT count(*) FROM pgqueuer.pgqueuer") == 0
