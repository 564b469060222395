"""The units of deploy/systemd: what systemd itself says of them, and that they start the processes that there are."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mentorium_operator.main import main as operator
from mentorium_runtime.process import MISUSE
from mentorium_runtime.setting_names import SETTING_NAMES
from tests.system.manifests import ROOT
from tests.system.processes import DRAINS_S, HANGING_UP_S, MODULES, PROCESSES

UNITS = ROOT / "deploy" / "systemd"
NAMES = sorted(path.name for path in UNITS.iterdir() if path.is_file())
SERVICES = [name for name in NAMES if name.endswith(".service")]
EXPOSURE_AT_MOST = 2.0
"""Of 10, as `systemd-analyze security` reckons it: whoever talks to the network has 1.4."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a machine on which our units, systemd's own, and a release are installed."""
    root = tmp_path_factory.mktemp("machine")
    shutil.copytree("/lib/systemd/system", root / "lib/systemd/system", symlinks=True)
    shutil.copytree(UNITS, root / "etc/systemd/system")
    release = root / "opt/mentorium/current/bin"
    release.mkdir(parents=True)
    for program in ("python", "mentorium"):
        (release / program).touch(mode=0o755)
    return root


def _settings(name: str) -> dict[str, list[str]]:
    """What holds for this unit, the drop-in that all share included; what is said twice has two values."""
    files = [UNITS / name]
    if name.endswith(".service"):
        files.append(UNITS / "mentorium-.service.d" / "common.conf")
    found: dict[str, list[str]] = {}
    for file in files:
        for key, value in re.findall(r"^(\w+)=(.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE):
            found.setdefault(key, []).append(value)
    return found


def _analyze(machine: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", words[0], f"--root={machine}", *words[1:]], capture_output=True, text=True
    )


def test_systemd_objects_to_nothing(machine: Path) -> None:
    done = _analyze(machine, "verify", *NAMES)
    assert (done.returncode, done.stderr) == (0, "")


def test_systemd_would_object(machine: Path) -> None:
    unit = machine / "etc/systemd/system/mentorium-misspelt.service"
    unit.write_text((UNITS / "mentorium-bot.service").read_text(encoding="utf-8").replace("KillSignal", "KilSignal"))
    assert "Unknown key 'KilSignal'" in _analyze(machine, "verify", unit.name).stderr


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_confined(machine: Path, service: str) -> None:
    threshold = f"--threshold={round(EXPOSURE_AT_MOST * 10)}"
    done = _analyze(machine, "security", "--offline=true", threshold, service)
    assert done.returncode == 0, done.stdout
    settings = _settings(service)
    assert settings["User"] == ["mentoriumbot"]
    assert settings["NoNewPrivileges"] == ["yes"]
    assert settings["ProtectSystem"] == ["strict"]
    assert settings["CapabilityBoundingSet"] == [""]
    assert re.fullmatch(r"\d+M", settings["MemoryMax"][0])


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_starts_without_shell_make_or_index_and_its_exit_status_is_heard(process: str) -> None:
    settings = _settings(f"mentorium-{process}.service")
    assert settings["ExecStart"] == [f"/opt/mentorium/current/bin/python -m {MODULES[process]}"]
    assert settings["Restart"] == ["always"]
    assert settings["RestartPreventExitStatus"] == [str(MISUSE)]
    assert settings["StartLimitIntervalSec"] == ["0"]  # else it would give up on a server that is away for long


@pytest.mark.parametrize("process", PROCESSES)
def test_there_is_time_to_finish_what_is_in_hand(process: str) -> None:
    settings = _settings(f"mentorium-{process}.service")
    assert settings["KillSignal"] == ["SIGTERM"]
    assert int(settings["TimeoutStopSec"][0]) >= DRAINS_S[process] + HANGING_UP_S


def test_the_target_brings_up_all_processes() -> None:
    assert set(_settings("mentorium.target")["Wants"][0].split()) == {f"mentorium-{one}.service" for one in PROCESSES}
    assert all(_settings(f"mentorium-{one}.service")["PartOf"] == ["mentorium.target"] for one in PROCESSES)


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_stands_in_a_unit_and_every_variable_is_a_setting(service: str) -> None:
    variables = [value.partition("=")[0] for value in _settings(service).get("Environment", [])]
    assert set(variables) <= SETTING_NAMES
    assert "/etc/mentorium/mentorium.env" in _settings(service)["EnvironmentFile"]


@pytest.mark.parametrize(("service", "command"), [("mentorium-migrations", "migrate"), ("mentorium-backup", "backup")])
def test_operators_commands_are_there(service: str, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = _settings(f"{service}.service")
    assert settings["Type"] == ["oneshot"]
    assert settings["ExecStart"] == [f"/opt/mentorium/current/bin/mentorium {command}"]
    with pytest.raises(SystemExit) as ended:
        operator([command, "--help"])
    assert ended.value.code == 0
