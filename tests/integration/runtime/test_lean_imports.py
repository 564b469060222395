"""A process of ours leaves out what a library would import for nothing; whoever else imports us gets all of it."""

from __future__ import annotations

import subprocess
import sys

LEFT_OUT = {"rich", "httpcore", "watchfiles", "click", "multiprocessing"}


def _loads(argv: str) -> set[str]:
    """Nothing of the process is run."""
    script = (
        f"import sys\nsys.argv = {argv}\nimport mentorium_bot.webhook_app\nprint(*filter(sys.modules.get, sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


def test_a_process_of_ours_does_without() -> None:
    modules = _loads("['-m']")
    assert "uvicorn.server" in modules
    assert not LEFT_OUT & modules


def test_whoever_else_imports_us_has_it() -> None:
    assert _loads("['script.py']") >= LEFT_OUT
