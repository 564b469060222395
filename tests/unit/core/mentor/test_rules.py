from __future__ import annotations

from datetime import date

import pytest

from mentorium_core.mentor.rules import PeriodName, names_a_stranger, period_named, reply_language
from mentorium_domain.enums import Language

UZ, RU, EN = Language.UZ, Language.RU, Language.EN


@pytest.mark.parametrize("usual", Language)
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Oʻtgan hafta oʻqish qanday oʻtdi?", UZ),
        ("O'tgan hafta qanday o'qidi", UZ),
        ("Testlar-chi, yaxshimi, qalay?", UZ),
        ("Ўтган ҳафта қандай ўқиди?", UZ),
        ("Бу хафта дарслари кандай?", UZ),
        ("60 фоиз яхшими", UZ),
        ("мактабда хафа килишяпти", UZ),
        ("Мы с мужем разводимся", RU),
        ("I want a refund", EN),
        ("Как прошла учёба на прошлой неделе?", RU),
        ("А что с тестами?", RU),
        ("Расскажите, пожалуйста, об успехах", RU),
        ("kak dela u moego rebenka", RU),
        ("How did studying go last week?", EN),
        ("And what about the tests?", EN),
        ("thank you", EN),
    ],
)
def test_a_message_clearly_in_a_language_is_answered_in_it(text: str, language: Language, usual: Language) -> None:
    assert reply_language(text, usual) is language


@pytest.mark.parametrize("usual", Language)
@pytest.mark.parametrize(
    "text",
    ["", "OK", "Aziza?", "Азиза", "👍", "2026", "test", "???", "https://a.example/how-is-my-child", "t.me/the_child"],
)
def test_anything_else_is_answered_in_the_usual_one(text: str, usual: Language) -> None:
    assert reply_language(text, usual) is usual


@pytest.mark.parametrize(
    ("name", "first_day", "last_day"),
    [
        (PeriodName.THIS_WEEK, date(2026, 11, 30), date(2026, 12, 1)),
        (PeriodName.LAST_WEEK, date(2026, 11, 23), date(2026, 11, 29)),
        (PeriodName.THIS_MONTH, date(2026, 12, 1), date(2026, 12, 1)),
        (PeriodName.LAST_MONTH, date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
def test_periods(name: PeriodName, first_day: date, last_day: date) -> None:
    period = period_named(name, date(2026, 12, 1))
    assert (period.first_day, period.last_day) == (first_day, last_day)


@pytest.mark.parametrize(
    ("question", "is_stranger"),
    [
        ("⟦C3⟧ qanday oʻqiyapti?", True),
        ("Как дела у ⟦C3:gen⟧?", True),
        ("How are ⟦C3⟧ and ⟦C1⟧?", False),
        ("How is ⟦C2⟧ning week?", False),
        ("⟦A1⟧ asks about ⟦N1⟧", False),
        ("How was the week?", False),
        ("⟦C12⟧?", True),
        ("⟦P1⟧ning haftasi qanday oʻtdi?", True),
        ("Как ⟦P1⟧ и ⟦C1⟧?", False),
    ],
)
def test_a_child_who_is_no_longer_the_parents_is_a_stranger(question: str, is_stranger: bool) -> None:
    """parents C: figures of another child under a name that was unlinked"""
    assert names_a_stranger(question, {"C1", "C2"}) is is_stranger
