"""What the staff reads: who is in despair, and what was set aside, counted."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mentorium_core.i18n import has_text, t, utf16_length
from mentorium_core.mentor.crisis.answer import crisis_answer
from mentorium_core.mentor.crisis.model import CrisisSign, HelpLines
from mentorium_core.staff.model import StaffEvent
from mentorium_core.staff.rules import staff_messages
from mentorium_domain.enums import CrisisKind, CrisisSource, Language
from mentorium_domain.language import DEFAULT_LANGUAGE

NOW = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)


def event(number: int, name: str, telegram_id: int | None = None, **details: object) -> StaffEvent:
    return StaffEvent(number, name, telegram_id, details, NOW)


def test_a_parent_in_despair_is_named_by_number_and_reachable() -> None:
    (message,) = staff_messages([event(1, "crisis_own_despair", 100_000_001, source="lexicon", language="ru")])
    assert "tg://user?id=100000001" in message.text
    assert t(DEFAULT_LANGUAGE, "staff-event-crisis_own_despair") in message.text
    assert "00:30" in message.text, "the zone of Tashkent"
    assert message.event_ids == [1]


def test_a_flood_is_one_message_and_despair_stands_apart() -> None:
    events = [event(n, "update_set_aside", bot_id=7, update_id=n, reason="killed") for n in range(400)]
    events += [event(400, "job_held", job="make_reports", code="x"), event(401, "crisis_danger", 5, language="uz")]
    crisis, others = staff_messages(events)
    assert crisis.event_ids == [401]
    assert sorted(others.event_ids) == list(range(401))
    assert ": 400" in others.text
    assert "update_id=0" in others.text
    assert "update_id=3" not in others.text
    assert "job=make_reports" in others.text


def test_no_message_is_longer_than_telegram_takes_and_none_is_lost() -> None:
    events = [event(n, f"odd_{n % 97}", details="x" * 900) for n in range(300)]
    events += [event(300 + n, "crisis_despair", n, language="ru") for n in range(100)]
    messages = list(staff_messages(events))
    assert all(utf16_length(message.text) <= 4_096 for message in messages)
    assert sorted(number for message in messages for number in message.event_ids) == list(range(400))


def test_events_about_money_that_need_a_person_have_words_of_their_own() -> None:
    names = ("stars_disagree", "stars_balance_disagrees", "books_disagree", "refund_failed", "stars_not_returned")
    for name in (*names, "paid_broadcast_disagrees", "paid_broadcast_refused"):
        assert has_text(DEFAULT_LANGUAGE, f"staff-event-{name}")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", CrisisKind)
def test_the_answer_is_whole_in_each_language(language: Language, kind: CrisisKind) -> None:
    sign = CrisisSign(kind, CrisisSource.LEXICON)
    with_lines = crisis_answer(language, sign, HelpLines(["Line +998710000000", "103"], "a@b.uz", staff_hears=True))
    assert with_lines.startswith(t(language, f"crisis-{kind}"))
    assert "Line +998710000000\n103" in with_lines
    assert "a@b.uz" in with_lines
    assert t(language, "crisis-staff") in with_lines
    assert utf16_length(with_lines) < 2_500
    without = crisis_answer(language, sign, HelpLines((), "a@b.uz", staff_hears=False))
    assert t(language, "crisis-no-lines") in without
    assert t(language, "crisis-staff") not in without, "nothing is promised that nobody does"
    assert has_text(DEFAULT_LANGUAGE, f"staff-event-crisis_{kind}")


def test_no_catalogue_holds_an_address_or_a_telephone_number_of_ours() -> None:
    locales = Path(__file__).parents[4] / "packages" / "core" / "mentorium_core" / "i18n" / "locales"
    texts = {path: path.read_text(encoding="utf-8") for path in locales.rglob("*.ftl")}
    assert len(texts) > 50
    assert [path.name for path, text in texts.items() if "@mentorium" in text or "+998" in text] == []


def test_what_calls_for_a_person_is_an_event_of_the_system() -> None:
    """The staff hears of events that are errors or worse: each is written by `log_system`, none by hand."""
    root = Path(__file__).parents[4] / "packages" / "core"
    severe = [
        call
        for path in root.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and any(word.arg == "severity" for word in call.keywords)
    ]
    written_by = {call.func.attr for call in severe if isinstance(call.func, ast.Attribute)}
    assert written_by == {"log_system"}
