"""What is told of alerts, in each language: short, every title whole or cut, and one thing to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from mentorium_core.alerts.model import Telling
from mentorium_core.alerts.texts import LEFT_TO_A_LINE, line_of, text_of
from mentorium_core.i18n import utf16_length
from mentorium_domain.alerts import StoredAlert
from mentorium_domain.enums import AlertKind, Language
from mentorium_kit.clock import TASHKENT

NOW = datetime(2026, 12, 2, 18, tzinfo=TASHKENT)
TITLES = {"titles": ["Promptlar", "Промпты", "Prompts"]}
DETAILS: dict[AlertKind, dict[str, Any]] = {
    AlertKind.COURSE_FINISHED: TITLES,
    AlertKind.FULL_SCORE: TITLES,
    AlertKind.MILESTONE: {**TITLES, "share": 50},
    AlertKind.AWARD: TITLES,
    AlertKind.COMMENT: {"author": "Nodira", "body": "Yaxshi. Хорошо. Good."},
    AlertKind.MATERIAL: TITLES,
    AlertKind.DUE: {**TITLES, "due_at": "2026-12-04T00:00:00+05:00"},
    AlertKind.IDLE: {"since": "2026-11-25", "days": 7, "stage": 7},
}


def telling(kind: AlertKind, language: Language, count: int = 1, **more: Any) -> Telling:
    alert = StoredAlert(
        id=1,
        parent_id=1,
        telegram_id=7,
        language=language,
        student_id=70,
        guardian_id=1,
        kind=kind,
        fact_key="x",
        happened_at=NOW,
        due_at=NOW,
        expires_at=NOW + timedelta(days=1),
        details={**DETAILS[kind], **more},
    )
    return Telling((alert,) * count, "x")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", AlertKind)
def test_each_kind_in_each_language(kind: AlertKind, language: Language) -> None:
    text, line = text_of(telling(kind, language), "Aziza"), line_of(telling(kind, language))
    named = {"uz": "Promptlar", "ru": "Промпты", "en": "Prompts"}[language]
    assert (named in text) == ("titles" in DETAILS[kind])
    assert (named in line) == (kind in LEFT_TO_A_LINE), "the report tells all others by itself"
    assert "{" not in text + line
    assert "Aziza" in text
    assert len(text) <= 250
    assert "\n" not in line


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", AlertKind)
def test_nothing_is_too_long_for_telegram(kind: AlertKind, language: Language) -> None:
    long = {"titles": ["🚀" * 5_000] * 3} if "titles" in DETAILS[kind] else {"body": "🚀" * 5_000, "author": "N" * 999}
    told = text_of(telling(kind, language, count=30, **long), "A" * 100, "🚀" * 5_000)
    assert utf16_length(told) <= 4_096
    assert utf16_length(line_of(telling(kind, language, count=30, **long))) <= 1_024


def test_midnight_is_the_day_before() -> None:
    assert "3 December" in text_of(telling(AlertKind.DUE, Language.EN), "Aziza")


def test_an_idle_child_has_a_next_step() -> None:
    assert "“The neuron”" in text_of(telling(AlertKind.IDLE, Language.EN), "Aziza", "The neuron")
