"""The locked production dependencies as pip reads them, with their hashes; Python's own library is all it needs.

    python3 scripts/production_requirements.py [EXTRA ...] > requirements.txt
    pip install --no-deps --require-hashes --requirement requirements.txt

EXTRA: `voice` or `espeak` (pyproject.toml). Exit status 2 where an extra is not known, or the lock is of another form.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

LOCK: Final = Path("poetry.lock")
_GROUP: Final = "main"
_FORM: Final = "2.1"
_MISUSE: Final = 2
_OF_EXTRA: Final = re.compile(r'extra == "([^"]+)"')
_ALWAYS, _NEVER = 'python_version >= "3"', 'python_version < "3"'


def requirements(lock: dict[str, Any], extras: Iterable[str] = ()) -> Iterator[str]:
    """A line a package. ValueError where the lock cannot be read as meant."""
    if lock["metadata"]["lock-version"] != _FORM:
        raise ValueError(f"{LOCK} is of form {lock['metadata']['lock-version']}, this reads {_FORM}")
    wanted = frozenset(extras)
    if unknown := sorted(wanted - lock["extras"].keys()):
        raise ValueError(f"no extra {', '.join(unknown)}: there are {', '.join(sorted(lock['extras']))}")
    for package in lock["package"]:
        if _GROUP in package["groups"]:
            yield _line(package, wanted)


def _line(package: dict[str, Any], extras: frozenset[str]) -> str:
    marker = package.get("markers", "")
    if isinstance(marker, dict):
        marker = marker.get(_GROUP, "")
    marker = _OF_EXTRA.sub(lambda found: _ALWAYS if found[1] in extras else _NEVER, marker)
    hashes = "".join(f" --hash={file['hash']}" for file in package["files"])
    return f"{package['name']}=={package['version']}{f' ; {marker}' if marker else ''}{hashes}"


if __name__ == "__main__":
    try:
        locked = tomllib.loads(LOCK.read_text(encoding="utf-8"))
        sys.stdout.write("\n".join(requirements(locked, sys.argv[1:])) + "\n")
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(_MISUSE)
