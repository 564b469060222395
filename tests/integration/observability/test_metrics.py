"""The metrics carry the specification's names, and one process answers for all that share a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy.exc import OperationalError

from mentorium_kit.errors import RefusedError, UnavailableError
from mentorium_observability.metrics import error_type, render_metrics
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


def test_processes_that_share_a_folder_are_answered_for_together(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "made" / "by-us")}
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=HANGS_AFTER_S,
        ).stdout
        for code in (COUNT_IN_ONE_PROCESS, ANSWER_IN_ANOTHER)
    ]
    assert 'telegram_commands_total{command="start"} 3.0' in outputs[1]
    assert "bot_uptime_seconds 5.0" not in outputs[1], "whoever set it is dead"
    assert "process_resident_memory_bytes" in outputs[1]


def test_the_folder_may_stand_in_the_env_file(tmp_path: Path) -> None:
    """operators A10"""
    (tmp_path / ".env").write_text(f"PROMETHEUS_MULTIPROC_DIR={tmp_path / 'metrics'}\n")
    environment = {name: value for name, value in os.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    shown = _output_of(ANSWER_IN_ANOTHER, environment, tmp_path)
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


def _output_of(code: str, environment: dict[str, str], folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout


def test_an_empty_variable_means_no_sharing() -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": ""}
    shown = subprocess.run(
        [sys.executable, "-c", ANSWER_IN_ANOTHER],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=HANGS_AFTER_S,
    ).stdout
    assert 'telegram_commands_total{command="start"} 2.0' in shown
