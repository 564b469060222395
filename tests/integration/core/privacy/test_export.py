"""An export is read by people, streamed where it is large, and cut where Telegram would refuse it."""

from __future__ import annotations

import json
import re
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO

import asyncpg
import pytest
import pytest_asyncio

from mentorium_core.i18n import format_money, has_text, t
from mentorium_core.privacy.export import AT_ONCE_BYTES, SendLargeExport, export_data
from mentorium_core.privacy.export_page import SHOWN, PagePieces
from mentorium_core.privacy.model import Export, ExportDue
from mentorium_db.models import Base
from mentorium_domain.enums import ConsentKind, Language
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError, UnavailableError
from tests.fixtures.databases import SessionFactory

DILNOZA = 200_000_001
PARENT_ID = 1
MOMENT = datetime(2026, 11, 23, 4, 30, 15, 123456, tzinfo=UTC)
ANSWER = "## Bu hafta\n**Aziza** 3 soat oʻqidi:\n- 5 ta dars\n- <b>2</b> ta test"


@dataclass
class Carrier:
    """Takes files as Telegram does: `fails_at` says at which number it raises what."""

    fails_at: dict[int, MentoriumError] = field(default_factory=dict)
    failures: int = 2**31
    closed: bool = False
    got: list[tuple[str, bytes, str]] = field(default_factory=list)

    async def send_file(self, telegram_id: int, name: str, file: BinaryIO, caption: str) -> bool:
        assert telegram_id == DILNOZA
        if self.failures and (error := self.fails_at.get(len(self.got))) is not None:
            self.failures -= 1
            raise error
        if self.closed:
            return False
        file.seek(0)
        self.got.append((name, file.read(), caption))
        return True

    def documents(self, suffix: str) -> list[str]:
        """What the archives hold, in order."""
        found = []
        for name, content, _ in self.got:
            if name.endswith(f".{suffix}.zip"):
                archive = zipfile.ZipFile(BytesIO(content))
                assert archive.namelist() == [name.removesuffix(".zip")]
                found.append(archive.read(archive.namelist()[0]).decode())
        return found


@pytest_asyncio.fixture
async def rows(session_factory: SessionFactory, bot_dsn: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    connection = await asyncpg.connect(bot_dsn)
    await connection.execute("INSERT INTO parents (id, telegram_id) VALUES ($1, $2)", PARENT_ID, DILNOZA)
    yield connection
    await connection.close()


async def talk(rows: asyncpg.Connection[asyncpg.Record], questions: int, answer: str = ANSWER) -> None:
    await rows.execute(
        "INSERT INTO dialogs (parent_telegram_id, user_message, ai_reply, status, language, created_at, answered_at)"
        " SELECT $1, 'Savol ' || n, $2 || n, 'answered', 'uz', $3, $3 FROM generate_series(1, $4) n",
        DILNOZA,
        answer,
        MOMENT,
        questions,
    )


async def at_once(language: Language = Language.RU) -> tuple[dict[str, Any], str]:
    export = await export_data(DILNOZA, language)
    assert isinstance(export, Export)
    (json_name, document), (html_name, page) = export.files.items()
    assert (json_name.endswith(".json"), html_name.endswith(".html")) == (True, True)
    return json.loads(document), page.decode()


async def a_bit_of_everything(rows: asyncpg.Connection[asyncpg.Record]) -> None:
    await talk(rows, 1)
    await rows.execute(
        "INSERT INTO report_history (parent_telegram_id, platform_student_id, report_type, report_period, language,"
        " content, document, generated_at) VALUES ($1, 70, 'WEEKLY', '2026-11-16/2026-11-22', 'uz', 'Hafta', $2, $3)",
        DILNOZA,
        '{"blocks": [{"kind": "verdict"}]}',
        MOMENT,
    )
    await rows.execute(
        "INSERT INTO subscriptions (parent_id, tariff, amount, amount_minor, start_date, expires_at)"
        " VALUES ($1, 'monthly', 99000, 9900000, $2, $2::timestamptz + interval '30 days')",
        PARENT_ID,
        MOMENT,
    )
    await rows.execute(
        "INSERT INTO event_logs (event_type, event_name, user_telegram_id, metadata) VALUES"
        " ('USER_ACTION', 'child_unlinked', $1, '{\"linked\": 1}'), ('SYSTEM', 'never_seen_before', $1, '{}')",
        DILNOZA,
    )
    await rows.execute(
        "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key, status)"
        " VALUES ($1, 'REPORT', '', 'forgotten', 'skipped')",
        DILNOZA,
    )


@pytest.mark.parametrize("language", Language)
async def test_the_page_is_for_people(rows: asyncpg.Connection[asyncpg.Record], language: Language) -> None:
    """parents A24"""
    await a_bit_of_everything(rows)
    _, page = await at_once(language)
    body = page.partition("<body>")[2]
    visible = re.sub(r"<[^>]*>", "\n", body)
    assert "09:30" in visible, "the time of Tashkent"
    for technical in (
        "+00:00",
        "123456",
        "T04:30",
        "{",
        "}",
        "**",
        "##",
        "None",
        "True",
        "user_telegram_id",
        "ai_reply",
    ):
        assert technical not in visible, technical
    assert not re.search(r"\b[a-z]+_[a-z_]+\b", visible), "no name of a column, nor of an event"
    assert "never seen before" in visible
    assert ".." not in visible
    assert "<b>Aziza</b>" in body
    assert "• 5 ta dars" in body
    assert "&lt;b&gt;2&lt;/b&gt;" in body
    assert "verdict" not in visible
    assert t(language, "export-text-gone") in visible
    assert format_money(language, 99_000) in visible
    headings = [t(language, f"export-table-{name}") for name in ("parents", "subscriptions", "dialogs", "event-logs")]
    assert [heading for heading in re.findall("<h2>(.*?)</h2>", body) if heading in headings] == headings


@pytest.mark.parametrize("language", Language)
def test_what_the_page_shows_has_its_words(language: Language) -> None:
    """parents A24"""
    for table, shown in SHOWN.items():
        columns = Base.metadata.tables[table].columns
        assert set(columns.keys()) >= {*shown.facts, *shown.texts}, table
        for name in () if shown.inline else shown.facts:
            assert has_text(language, f"export-field-{name.replace('_', '-')}"), name
        for name in set(shown.facts) & {
            "source",
            "status",
            "tariff",
            "end_reason",
            "chat_state",
            "notification_type",
            "report_type",
            "wish",
        }:
            for word in columns[name].type.enums:  # type: ignore[attr-defined]
                assert has_text(language, f"export-word-{word.lower().replace('_', '-')}"), word


async def test_a_small_export_is_answered_at_once(rows: asyncpg.Connection[asyncpg.Record]) -> None:
    await talk(rows, 250)
    document, page = await at_once()
    assert [row["user_message"] for row in document["tables"]["dialogs"]] == [f"Savol {n}" for n in range(1, 251)]
    assert page.count("Savol ") == 250
    assert await rows.fetchval("SELECT count(*) FROM pgqueuer.pgqueuer") == 0


async def test_a_large_export_is_a_job_that_is_stored_once(rows: asyncpg.Connection[asyncpg.Record]) -> None:
    """durability 20"""
    await talk(rows, 300, "Uzun javob. " * 800)
    assert await export_data(DILNOZA, Language.UZ) == ExportDue(is_new=True)
    assert await export_data(DILNOZA, Language.UZ) == ExportDue(is_new=False)
    payload = await rows.fetchval("SELECT convert_from(payload, 'UTF8') FROM pgqueuer.pgqueuer")
    assert json.loads(payload) == {"parent_id": PARENT_ID, "language": "uz"}
    carrier = Carrier()
    assert await SendLargeExport(carrier)(PARENT_ID, Language.UZ) == 2
    (document,), (page,) = carrier.documents("json"), carrier.documents("html")
    assert len(json.loads(document)["tables"]["dialogs"]) == 300
    assert page.count("Uzun javob. ") == 300 * 800
    assert len(document) > AT_ONCE_BYTES / 2
    assert "2" in carrier.got[-1][2]


async def test_an_export_that_telegram_would_refuse_comes_in_parts_each_readable_alone(
    rows: asyncpg.Connection[asyncpg.Record],
) -> None:
    """durability 20"""
    await rows.execute(
        "INSERT INTO dialogs (parent_telegram_id, user_message, ai_reply, status, language, answered_at)"
        " SELECT $1, n::text, (SELECT string_agg(md5(n::text || m), ' ') FROM generate_series(1, 300) m),"
        " 'answered', 'uz', now() FROM generate_series(1, 400) n",
        DILNOZA,
    )
    carrier = Carrier()
    most = 1_000_000
    sent = await SendLargeExport(carrier, largest_bytes=most)(PARENT_ID, Language.RU)
    assert sent == len(carrier.got) >= 6
    assert all(len(content) < most + 300_000 for _, content, _ in carrier.got)
    parts = [json.loads(document) for document in carrier.documents("json")]
    assert [part["part"] for part in parts] == list(range(1, len(parts) + 1))
    told = [row["user_message"] for part in parts for row in part["tables"].get("dialogs", [])]
    assert told == [str(n) for n in range(1, 401)]
    for page in carrier.documents("html"):
        assert page.startswith("<!doctype html>")
        assert page.endswith("</body></html>\n")
        assert page.count("<section>") == page.count("</section>")


async def test_a_large_export_is_never_whole_in_memory(rows: asyncpg.Connection[asyncpg.Record]) -> None:
    """durability 20: six thousand answers, some 60 MB in two documents."""
    await talk(rows, 6_000, "Javob. " * 700)
    carrier = Carrier()
    tracemalloc.start()
    try:
        await SendLargeExport(carrier)(PARENT_ID, Language.UZ)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    held = sum(len(content) for _, content, _ in carrier.got)
    assert peak - held < 20_000_000


async def test_whoever_has_closed_the_chat_gets_nothing_and_nobody_tries_again(
    rows: asyncpg.Connection[asyncpg.Record],
) -> None:
    assert await SendLargeExport(Carrier(closed=True))(PARENT_ID, Language.UZ) == 0


async def test_what_arrived_is_not_sent_again_and_an_event_tells_what_is_missing(
    rows: asyncpg.Connection[asyncpg.Record],
) -> None:
    away = UnavailableError("telegram_unavailable")
    with pytest.raises(UnavailableError):
        await SendLargeExport(Carrier({0: away}))(PARENT_ID, Language.UZ)
    assert await SendLargeExport(Carrier({1: away}), patience_s=0.0)(PARENT_ID, Language.UZ) == 1
    assert await rows.fetchval("SELECT count(*) FROM event_logs WHERE event_name = 'data_export_incomplete'") == 1


async def test_a_later_archive_is_tried_again_until_telegram_takes_it(
    rows: asyncpg.Connection[asyncpg.Record],
) -> None:
    carrier = Carrier({1: UnavailableError("telegram_unavailable")}, failures=2)
    assert await SendLargeExport(carrier)(PARENT_ID, Language.UZ) == 2
    assert len({name for name, _, _ in carrier.got}) == len(carrier.got) == 2, "none comes twice"
    assert await rows.fetchval("SELECT count(*) FROM event_logs WHERE event_name = 'data_export_incomplete'") == 0


async def test_the_page_tells_a_borrower_that_it_is_they_who_were_let_in() -> None:
    lent = {"borrower_id": 2, "borrower_name": "Rustam", "platform_student_id": 7}
    assert "Rustam" in PagePieces(Language.EN, clock.now(), reader_id=1).row("lent_rights", lent, is_first=True)
    theirs = PagePieces(Language.EN, clock.now(), reader_id=2).row("lent_rights", lent, is_first=True)
    assert "Rustam" not in theirs
    assert t(Language.EN, "export-borrower-you") in theirs


async def test_an_order_tells_its_price_as_money_and_paid_days_are_no_gift() -> None:
    order = {"amount_minor": 9_900_000, "currency": "UZS", "status": "pending"}
    page = PagePieces(Language.RU, clock.now())
    assert format_money("ru", 99_000) in page.row("orders", order, is_first=True)
    assert "990 Stars" in page.row("orders", {**order, "amount_minor": 990, "currency": "XTR"}, is_first=True)
    assert "платёж" in page.row("subscription_grants", {"days": 30, "reason": "payment"}, is_first=True)
    assert "сломался отчёт" in page.row("subscription_grants", {"reason": "сломался отчёт"}, is_first=True)
    assert "отменена" in page.row("stars_subscriptions", {"renewal": "cancelled"}, is_first=True)


@pytest.mark.parametrize("language", Language)
async def test_a_consent_tells_what_it_is_for(language: Language) -> None:
    page = PagePieces(language, clock.now())
    told = [page.row("consents", {"kind": kind}, is_first=True) for kind in ConsentKind]
    words = [t(language, f"export-word-{kind.value.replace('_', '-')}") for kind in ConsentKind]
    assert all(word in one for word, one in zip(words, told, strict=True))


async def test_of_whom_everything_was_erased_nothing_is_made(rows: asyncpg.Connection[asyncpg.Record]) -> None:
    await rows.execute("DELETE FROM parents")
    carrier = Carrier()
    assert await SendLargeExport(carrier)(PARENT_ID, Language.UZ) == 0
    assert carrier.got == []
