"""Each process tells of what it does, from its start, and of nothing that others do: their 0 would be a lie."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from tests.fixtures.own_metrics import PROCESSES, own_metrics

_LANGUAGE_MODEL: Final = frozenset(
    ("ai_circuit_open", "ai_report_guard_total", "ai_request_duration_seconds", "ai_requests_total")
) | {"ai_tokens_used_total"}
OWN: Final = {
    "bot": _LANGUAGE_MODEL
    | {
        *("ai_answer_guard_total", "ai_fallback_answers_total", "answer_first_words_seconds", "crisis_messages_total"),
        *("inbox_updates_total", "payments_total", "telegram_commands_total", "telegram_messages_total"),
        "telegram_update_duration_seconds",
    },
    "webhook": {"inbox_updates_total", "payments_total", "webhook_duration_seconds"},
    "worker": _LANGUAGE_MODEL
    | {
        *("alerts_total", "card_charges_total", "dead_feed_checks_total", "idle_checks_stopped_total", "jobs_total"),
        *("notification_delivery_lag_seconds", "notifications_total", "payments_total", "stars_disagreements_total"),
    },
}
PAYMENTS: Final = {"bot": {"telegram_stars"}, "webhook": {"payme", "click"}, "worker": {"payme", "click"}}
_OF_ANY_PROCESS: Final = re.compile(r"(?:process|python)_\w+|errors_total")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("metrics")
    return own_metrics(folder)


def _families(text: str) -> set[str]:
    names = re.findall(r"^(\w+)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE), re.MULTILINE)
    families = {re.sub(r"_(?:bucket|count|sum)$", "", name) for name in names}
    return {name for name in families if not _OF_ANY_PROCESS.fullmatch(name)}


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_tells_of_its_own_from_the_start_and_of_nothing_else(told: dict[str, str], process: str) -> None:
    """operators D"""
    assert _families(told[process]) == OWN[process]
    assert set(re.findall(r'^payments_total\{provider="(\w+)"', told[process], re.MULTILINE)) == PAYMENTS[process]


@pytest.mark.parametrize("process", PROCESSES)
def test_every_kind_of_error_stands_at_0_from_the_start(told: dict[str, str], process: str) -> None:
    found = re.findall(r'^errors_total\{error_type="(\w+)"\} 0\.0$', told[process], re.MULTILINE)
    assert sorted(found) == ["api", "database", "internal", "payment"]
    assert "_created" not in told[process]
