"""Prometheus' own tools judge what we ship for it: rules and their tests, configurations, and our metrics."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.sandbox import Sandbox
from tests.fixtures.instances import ROOT, UNPACKED
from tests.fixtures.own_metrics import PROCESSES, own_metrics

FOLDER: Final = ROOT / "deploy" / "prometheus"
RULES: Final = sorted(str(file) for file in (FOLDER / "rules").glob("*.yml"))
TESTS: Final = sorted(str(file) for file in (FOLDER / "tests").glob("*.yml"))


def program(name: str) -> str:
    """AssertionError where there is none."""
    found = shutil.which(name) or shutil.which(name, path=UNPACKED / "usr" / "bin")
    assert found is not None, f"there is no {name} here: sh scripts/system.sh"
    return found


def said_by(*words: str, given: str | None = None) -> tuple[int, str]:
    """Exit status, and all that was said."""
    done = subprocess.run(
        [program(words[0]), *words[1:]],
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=FOLDER,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_rules_are_well_formed() -> None:
    status, said = said_by("promtool", "check", "rules", *RULES)
    assert status == 0, said
    assert said.count("SUCCESS") == len(RULES)


def test_each_alert_fires_when_it_should_and_else_does_not() -> None:
    status, said = said_by("promtool", "test", "rules", *TESTS)
    assert status == 0, said
    assert said.count("SUCCESS") == len(TESTS) == len(RULES)


def test_the_tests_of_the_rules_can_fail(tmp_path: Path) -> None:
    """An alert that never fires fails its test."""
    shutil.copytree(FOLDER / "tests", tmp_path / "tests")
    shutil.copytree(FOLDER / "rules", tmp_path / "rules")
    file = tmp_path / "rules" / "answers.yml"
    text = file.read_text(encoding="utf-8")
    assert "> 8\n" in text
    file.write_text(text.replace("> 8\n", "> 800\n"), encoding="utf-8")
    status, said = said_by("promtool", "test", "rules", str(tmp_path / "tests" / "answers.yml"))
    assert status != 0
    assert "MentoriumFirstWordsSlow" in said


def test_the_configurations_are_well_formed() -> None:
    status, said = said_by("promtool", "check", "config", "prometheus.yml")
    assert status == 0, said
    assert f"{len(RULES)} rule files found" in said
    status, said = said_by("amtool", "check-config", "alertmanager.yml")
    assert status == 0, said


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return own_metrics(tmp_path_factory.mktemp("metrics"))


@pytest.mark.parametrize("process", PROCESSES)
def test_promtool_has_nothing_to_say_of_a_processs_metrics(told: dict[str, str], process: str) -> None:
    assert said_by("promtool", "check", "metrics", given=told[process]) == (0, "")


async def test_nor_of_all_of_them_together_while_they_are_at_work(page_sandbox: Sandbox) -> None:
    """Of bot, webhook app and worker, as port 8001 tells it where they share a folder."""
    parent = await page_sandbox.parent("en")
    await parent.register(await page_sandbox.child("Diyor", "Karimov"))
    shown = await page_sandbox.get_text((await page_sandbox.state())["urls"]["metrics"])
    for process in ("bot", "webhook-app", "worker"):
        assert f'mentorium_build_info{{process="{process}"' in shown
    assert 'platform_contract_seen_at_seconds{version="1.' in shown
    assert said_by("promtool", "check", "metrics", given=shown) == (0, "")


def test_promtool_does_object_to_what_is_wrong() -> None:
    status, said = said_by("promtool", "check", "metrics", given="# TYPE mistakes counter\nmistakes 1\n")
    assert status != 0
    assert "mistakes" in said
