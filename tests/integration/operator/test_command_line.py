"""One form for all subcommands: they are listed, say what is wrong, and import only what they use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mentorium_operator.main import SUBCOMMANDS, main

_IDLE = {
    "grant": {"aiogram", "fastapi", "openai", "typst", "alembic"},
    "extend": {"aiogram", "fastapi", "openai", "typst", "alembic"},
    "refund": {"aiogram", "fastapi", "openai", "typst", "alembic"},
    "reports": {"aiogram", "fastapi", "openai", "alembic"},
    "migrate": {"aiogram", "fastapi", "openai", "typst", "redis", "aiohttp"},
    "backup": {"aiogram", "fastapi", "openai", "typst", "redis", "aiohttp", "alembic"},
    "restore": {"aiogram", "fastapi", "openai"},
    "roles": {"aiogram", "fastapi", "openai", "typst", "redis", "aiohttp", "alembic"},
    "verify": {"aiogram", "fastapi", "openai", "typst"},
    "inbox": {"aiogram", "fastapi", "openai", "typst", "redis", "aiohttp", "alembic"},
    "doctor": {"aiogram", "fastapi", "openai", "typst"},
}
_SHOW_IMPORTS = """
import os, sys
from mentorium_operator.main import main
for subcommand in sys.argv[1:]:
    if os.fork() == 0:
        try:
            main([subcommand, "--help"])
        finally:
            print("\\nimported:", *sorted({name.partition(".")[0] for name in sys.modules}), flush=True)
            os._exit(0)
    os.wait()
    print("\\0", flush=True)
"""


def test_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in SUBCOMMANDS)


TOO_LONG = ["reports", "run", "weekly", "--parent", "9" * 23]


@pytest.mark.parametrize(
    "words", [[], ["obey"], ["grant", "1"], ["reports", "run", "daily"], ["migrate", "down"], TOO_LONG]
)
def test_a_wrong_call_has_a_status_of_its_own(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: mentorium" in capsys.readouterr().err


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """What each of them says: forked from a process that has imported what they all share."""
    command = [sys.executable, "-c", _SHOW_IMPORTS, *SUBCOMMANDS]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return dict(zip(SUBCOMMANDS, ended.stdout.split("\0"), strict=False))


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_a_subcommand_imports_what_it_uses(shown: dict[str, str], subcommand: str) -> None:
    assert f"usage: mentorium {subcommand}" in shown[subcommand]
    imported = set(shown[subcommand].partition("\nimported:")[2].split())
    assert "mentorium_operator" in imported
    assert imported & _IDLE[subcommand] == set()


def test_what_nobody_can_take_is_said_in_one_line() -> None:
    """A full disk, and a reader that has had enough (`mentorium doctor | head -1`)."""
    read, write = os.pipe()
    os.close(read)
    doctor = [sys.executable, "-m", "mentorium_operator", "doctor"]
    with os.fdopen(write, "w") as unread, Path("/dev/full").open("w") as full:
        said = [subprocess.run(doctor, stdout=to, stderr=subprocess.PIPE, text=True, cwd="/") for to in (unread, full)]
    assert [one.returncode for one in said] == [1, 1]
    assert [one.stderr for one in said] == ["", "failed: OSError (No space left on device)\n"]
