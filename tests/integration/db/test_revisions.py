"""The migrations that a process knows, read without Alembic."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from mentorium_db.revisions import VERSIONS, known_revisions
from mentorium_kit.errors import ConfigurationError


def test_they_are_those_of_alembic() -> None:
    scripts = ScriptDirectory(str(VERSIONS.parent))
    known = known_revisions()
    assert known.newest == scripts.get_current_head()
    assert known.older | {known.newest} == {script.revision for script in scripts.walk_revisions()}
    assert known.newest not in known.older


def test_a_process_that_migrates_nothing_or_does_no_jobs_loads_nothing_for_it() -> None:
    """Jobs are done by the worker alone. The three are imported one after the other."""
    script = (
        "import sys, mentorium_bot.webhook_app; print(*sys.modules)\n"
        "import mentorium_bot.main; print(*sys.modules)\n"
        "import mentorium_reporting.main; print(*sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    webhook_app, bots, with_worker = (set(line.split()) for line in told.splitlines())
    assert "mentorium_db.jobs" in webhook_app
    assert not {"alembic", "pgqueuer", "croniter"} & bots
    assert "pgqueuer" in with_worker
    assert "alembic" not in with_worker


def written(folder: Path, **revisions: str) -> Path:
    folder.mkdir()
    for revision, before in revisions.items():
        (folder / f"{revision}.py").write_text(f'"""What."""\n\nrevision = "{revision}"\ndown_revision = {before}\n')
    return folder


def test_a_fork_and_what_is_no_migration_are_refused(tmp_path: Path) -> None:
    assert known_revisions(tmp_path).newest is None
    known = known_revisions(written(tmp_path / "line", a1="None", a2='"a1"', a3="'a2'"))
    assert (known.newest, sorted(known.older)) == ("a3", ["a1", "a2"])
    with pytest.raises(ConfigurationError, match="migrations_forked"):
        known_revisions(written(tmp_path / "fork", a1="None", a2='"a1"', a3='"a1"'))
    with pytest.raises(ConfigurationError, match="migration_malformed"):
        known_revisions(written(tmp_path / "other", a1="[]"))
