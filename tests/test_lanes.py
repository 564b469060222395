"""The lanes are what they say: the rules' needs no server, and several processes share them file by file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict

import pytest

from tests.specification import ROOT

_PYTEST = (sys.executable, "-m", "pytest", "-p", "no:schemathesis", "-p", "no:cacheprovider")
_QUICK = [f"tests/unit/kit/test_{name}.py" for name in ("backoff", "clock", "retry", "trace")]
_SPREAD = ("-n", "2", "--dist", "loadscope", "--no-loadscope-reorder", "-v")


def test_the_rules_lane_imports_no_server() -> None:
    _run("tests/unit", "--collect-only", "-q")


def test_a_file_stays_in_one_process() -> None:
    processes = defaultdict(set)
    for process, file in re.findall(r"^\[(gw\d)\].* (tests/\S+)::", _run(*_QUICK, *_SPREAD), re.MULTILINE):
        processes[file].add(process)
    assert len(processes) > 2
    assert {len(seen_in) for seen_in in processes.values()} == {1}
    assert set.union(*processes.values()) == {"gw0", "gw1"}


def test_what_is_left_to_the_long_form_is_told_and_runs_where_it_is_asked_for() -> None:
    file, name = (
        "tests/integration/telegram_bot/test_starting.py",
        "test_a_wrong_password_role_or_database_ends_it_at_once",
    )
    short, by_name = (_run(asked_for, "--collect-only", "-q") for asked_for in (file, f"{file}::{name}"))
    assert "(3 deselected)" in short.splitlines()[-1]
    assert (short.count(name), by_name.count(name)) == (3, 6)


def test_what_has_a_long_form_is_run_in_it_by_make_soak() -> None:
    """But for the system's lane, which is run long by hand; what bears the mark `soak` is found by it."""
    written = re.search(r"^LONG := ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert written is not None
    named = (*written[1].replace("\\\n", " ").split(), "tests/system/")
    assert all((ROOT / place).exists() for place in named)
    imports_it = re.compile(r"^from tests\.fixtures\.long_form import .*\b(LONG|in_form)\b", re.MULTILINE)
    files = [path for folder in ("apps", "tests") for path in (ROOT / folder).rglob("test_*.py")]
    has_one = [path.relative_to(ROOT).as_posix() for path in files if imports_it.search(path.read_text("utf-8"))]
    assert len(has_one) > len(named)
    assert [file for file in has_one if not file.startswith(named)] == []


def _run(*arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "HARDSHIP_LONG"}
    ended = subprocess.run(
        [*_PYTEST, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == pytest.ExitCode.OK, ended.stdout + ended.stderr
    return ended.stdout
