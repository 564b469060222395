"""`make audit`: are holes known in the locked production dependencies? Asks PyPI's list of them, by pip-audit.

Every version and hash is taken from poetry.lock, extras included; nothing is installed. Exit status 0: none is known;
1: some are, and stand in the table; 2: it could not be asked, and nothing is known.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from scripts.production_requirements import LOCK, requirements

SERVICE: Final = "pypi"
HOLES, NOT_ASKED = 1, 2
_AUDITOR: Final = Path(sys.executable).parent / "pip-audit"


def audit(listed: Path, *more: str) -> tuple[list[dict[str, Any]], str]:
    """What it says of each package, or the last line of why it could not ask."""
    words = [str(_AUDITOR), "--requirement", str(listed), "--require-hashes", "--disable-pip", "--progress-spinner=off"]
    words += ["--vulnerability-service", SERVICE, "--format", "json", *more]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    # its own exit status is 0, too, where it could ask of nothing
    try:
        found = json.loads(done.stdout)["dependencies"]
    except ValueError:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        return [], lines[-1]
    return found, ""


def judge(packages: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """The exit status, and the lines to be said. Of a package that the index does not know, nothing is known."""
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    if len(unknown) == len(packages):
        return NOT_ASKED, ["Nothing is known: the index that pip-audit asks tells no holes of any package."]
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in: {', '.join(hole['fix_versions']) or 'none yet'}"
        for one in packages
        for hole in one.get("vulns", [])
    ]
    lines = [*holes, f"{len(packages) - len(unknown)} packages asked, {len(holes)} holes known"]
    lines += [f"not known to the index: {', '.join(unknown)}"] if unknown else []
    return HOLES if holes else NOT_ASKED if unknown else 0, lines


def main(words: list[str]) -> int:
    if not _AUDITOR.exists():
        sys.stderr.write(f"{_AUDITOR} is not installed: `make audit` installs it\n")
        return NOT_ASKED
    lock = tomllib.loads(LOCK.read_text(encoding="utf-8"))
    with TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text("\n".join(requirements(lock, lock["extras"])) + "\n", encoding="utf-8")
        packages, failure = audit(listed, *words)
    if failure:
        sys.stderr.write(f"Nothing is known, pip-audit ended: {failure[:200]}\n")
        return NOT_ASKED
    status, lines = judge(packages)
    (sys.stderr if status else sys.stdout).write("\n".join(lines) + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
