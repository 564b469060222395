"""Which migrations this code knows, read from their files as text.

Alembic would import each of them, and itself: a tenth of the CPU seconds in which a process starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from mentorium_kit.errors import ConfigurationError

VERSIONS: Final = Path(__file__).parent / "alembic" / "versions"
_REVISION: Final = re.compile(r"""^revision = ["'](\w+)["']$""", re.MULTILINE)
_REVISES: Final = re.compile(r"""^down_revision = (?:["'](\w+)["']|None)$""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class KnownRevisions:
    """`newest`: None where there is no migration; `older`: all that came before it."""

    newest: str | None
    older: frozenset[str]


@cache
def known_revisions(versions: Path = VERSIONS) -> KnownRevisions:
    """ConfigurationError where the files are not one line of migrations, each with its two lines as Alembic writes."""
    revises: dict[str, str | None] = {}
    for file in versions.glob("*.py"):
        source = file.read_text(encoding="utf-8")
        own, before = _REVISION.search(source), _REVISES.search(source)
        if own is None or before is None:
            raise ConfigurationError("migration_malformed", file=file.name)
        revises[own[1]] = before[1]
    older = frozenset(before for before in revises.values() if before is not None)
    newest = revises.keys() - older
    if len(newest) > 1:
        raise ConfigurationError("migrations_forked", newest=", ".join(sorted(newest)))
    return KnownRevisions(next(iter(newest), None), older)
