"""The lanes are what they say: the rules' needs no server."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.specification import ROOT

_COLLECT = (sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:schemathesis", "-p", "no:cacheprovider")


def test_the_rules_lane_imports_no_server() -> None:
    ended = subprocess.run([*_COLLECT, "tests/unit"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == pytest.ExitCode.OK, ended.stderr
