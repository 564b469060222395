"""The lanes are what they say: the rules' needs no server, and several processes share them file by file."""

from __future__ import annotations

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


def _run(*arguments: str) -> str:
    ended = subprocess.run([*_PYTEST, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == pytest.ExitCode.OK, ended.stdout + ended.stderr
    return ended.stdout
