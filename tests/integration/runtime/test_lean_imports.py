"""A process of ours leaves out what a library would import for nothing; whoever else imports us gets all of it."""

from __future__ import annotations

import subprocess
import sys


def _loads_rich(argv: str) -> bool:
    """Nothing of the process is run."""
    script = f"import sys\nsys.argv = {argv}\nimport mentorium_bot.webhook_app\nprint(bool(sys.modules.get('rich')))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return ended.stdout.strip() == "True"


def test_a_process_of_ours_does_without() -> None:
    assert not _loads_rich("['-m']")


def test_whoever_else_imports_us_has_it() -> None:
    assert _loads_rich("['script.py']")
