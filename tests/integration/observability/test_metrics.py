"""The metrics carry the specification's names, and one process answers for all that share a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter
from sqlalchemy.exc import OperationalError

from mentorium_kit.deadline import DeadlineExceededError
from mentorium_kit.errors import OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_observability.metrics import error_type, from_the_start, render_metrics
from scripts.metrics_page import PAGE, page
from tests.fixtures.patience import HANGS_AFTER_S

NAMES = (
    "telegram_messages_total",
    "telegram_commands_total",
    "telegram_active_users",
    "ai_requests_total",
    "ai_request_duration_seconds",
    "ai_tokens_used_total",
    "errors_total",
    "bot_uptime_seconds",
)
COUNT_IN_ONE_PROCESS = """
from mentorium_observability.metrics import bot_uptime, errors, render_metrics, telegram_commands
telegram_commands.labels(command="start").inc()
bot_uptime.set(5)
"""
ANSWER_IN_ANOTHER = """
from mentorium_observability.metrics import render_metrics, telegram_commands
telegram_commands.labels(command="start").inc(2)
print(render_metrics().decode())
"""
SHOW = "print(render_metrics().decode())"


def test_every_metric_of_the_specification_that_exists_so_far_is_there() -> None:
    shown = render_metrics().decode()
    for name in NAMES:
        assert f"# TYPE {name} " in shown


def test_errors_are_told_apart() -> None:
    assert error_type(UnavailableError("bot_db_unavailable")) == "database"
    assert error_type(UnavailableError("platform_db_unavailable")) == "database"
    assert error_type(UnavailableError("ai_unavailable")) == "api"
    assert error_type(OperationalError("select", None, Exception())) == "database"
    assert error_type(ConnectionResetError()) == "internal"
    assert error_type(RefusedError("no")) == "internal"


def test_a_deadline_is_no_fault_of_ours() -> None:
    """operators D"""
    assert error_type(DeadlineExceededError("deadline_exceeded")) == "api"
    assert error_type(OutcomeUnknownError("bot_db_outcome_unknown")) == "database"


def test_series_that_are_known_before_are_there_from_the_start() -> None:
    """operators D: a rate misses the first step of what was not there."""
    counter = Counter("tried_total", "", ("one", "two"), registry=(registry := CollectorRegistry()))
    from_the_start(counter, one=("a", "b"), two=("c",))
    assert [registry.get_sample_value("tried_total", {"one": one, "two": "c"}) for one in "ab"] == [0.0, 0.0]
    assert REGISTRY.get_sample_value("errors_total", {"error_type": "internal"}) is not None


def test_a_process_tells_nothing_of_what_is_not_its_own(tmp_path: Path) -> None:
    """operators D: worker and webhook app told of an uptime and of active users of 0."""
    shown = _output_of(ANSWER_IN_ANOTHER, _alone(), tmp_path)
    assert "telegram_active_users 0" not in shown
    assert "bot_uptime_seconds 0" not in shown
    assert "telegram_polled_at_seconds 0" not in shown
    assert "bot_uptime_seconds 5.0" in _output_of(f"{COUNT_IN_ONE_PROCESS}{SHOW}", _alone(), tmp_path)


def test_the_page_of_metrics_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run .venv/bin/python scripts/metrics_page.py"


def test_processes_that_share_a_folder_are_answered_for_together(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "made" / "by-us")}
    _output_of(COUNT_IN_ONE_PROCESS, environment, tmp_path)
    shown = _output_of(ANSWER_IN_ANOTHER, environment, tmp_path)
    assert 'telegram_commands_total{command="start"} 3.0' in shown
    assert "bot_uptime_seconds 5.0" not in shown, "whoever set it is dead"
    assert "process_resident_memory_bytes" in shown


def test_the_folder_may_stand_in_the_env_file(tmp_path: Path) -> None:
    """operators A10"""
    (tmp_path / ".env").write_text(f"PROMETHEUS_MULTIPROC_DIR={tmp_path / 'metrics'}\n")
    shown = _output_of(ANSWER_IN_ANOTHER, _alone(), tmp_path)
    assert 'telegram_commands_total{command="start"} 2.0' in shown
    assert any((tmp_path / "metrics").glob("counter_*.db"))


def test_files_of_dead_processes_are_gone_and_what_they_counted_is_not(tmp_path: Path) -> None:
    """operators A10"""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(3):
        _output_of(COUNT_IN_ONE_PROCESS, environment, tmp_path)
    shown = [_output_of(ANSWER_IN_ANOTHER, environment, tmp_path) for _ in range(2)]
    assert 'telegram_commands_total{command="start"} 5.0' in shown[0]
    assert 'telegram_commands_total{command="start"} 7.0' in shown[1]
    files = sorted(path.name for path in tmp_path.glob("*.db"))
    assert len([name for name in files if name.startswith("counter")]) == 2, "the archive, and the last one's own"


def test_an_empty_variable_means_no_sharing(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": ""}
    assert 'telegram_commands_total{command="start"} 2.0' in _output_of(ANSWER_IN_ANOTHER, environment, tmp_path)


def _alone() -> dict[str, str]:
    """An environment in which no folder is shared."""
    return {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}


def _output_of(code: str, environment: dict[str, str], folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=HANGS_AFTER_S,
    ).stdout
