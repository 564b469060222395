"""The fault `read_only`: a database that refuses to write, as after a failover to a replica or with a full disk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import asyncpg

from mentorium_sandbox.faults import READ_ONLY, Faults
from mentorium_sandbox.supervised_processes import say

_TRY_AGAIN_S = 0.5
_SETTLE_S = 5.0
_AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE client_port = ANY($1) AND datname = $2"


@dataclass(slots=True)
class ReadOnlySwitch:
    """Keeps one database in the state that the faults want.

    The default of the product's role is set in this database, by the owner over a line of its own, and the product's
    sessions are ended, as a failover ends them; so also when the fault is over. Others write on.
    `owner` and `product` are DSNs of the same database; `ports`: what the product's sessions come from now.
    """

    target: str
    owner: str
    product: str
    faults: Faults
    ports: Callable[[], Sequence[int]]
    _is_on: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.faults.on_change.append(self._changed.set)
        self.faults.settling.append(self.settle)

    async def keep(self) -> None:
        """Follow the faults until it is cancelled; while the server is away it is tried again."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._follow()
            except _AWAY:
                self._changed.set()
                await asyncio.sleep(_TRY_AGAIN_S)

    async def settle(self) -> None:
        """Follow the faults now; with the server away that is left to `keep`."""
        with contextlib.suppress(*_AWAY):
            async with asyncio.timeout(_SETTLE_S):
                await self._follow()

    async def release(self) -> None:
        """Let it write again, whatever the faults say: for the end, while the server still runs."""
        with contextlib.suppress(*_AWAY):
            async with self._one_at_a_time:
                if self._is_on:
                    await self._set(on=False)

    async def _follow(self) -> None:
        async with self._one_at_a_time:
            wanted = self.faults.is_on(self.target, READ_ONLY)
            if wanted != self._is_on:
                await self._set(on=wanted)
                say(f"{self.target} {'is read-only' if wanted else 'takes writing again'}")

    async def _set(self, *, on: bool) -> None:
        await let_write(self.owner, self.product, on=not on)
        self._is_on = on
        connection = await _connect(self.owner)
        try:
            await connection.execute(_END_SESSIONS, list(self.ports()), _database(self.owner), timeout=_SETTLE_S)
        finally:
            connection.terminate()


async def let_write(owner: str, product: str, *, on: bool) -> None:
    """Set or lift the default of the product's role, which its new sessions begin with. Harmless for an unknown role.

    Raises what asyncpg and the network raise.
    """
    connection = await _connect(owner)
    try:
        role = unquote(urlsplit(product).username or "")
        if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
            return
        where = f"ALTER ROLE {_quoted(role)} IN DATABASE {_quoted(_database(owner))}"
        what = "RESET default_transaction_read_only" if on else "SET default_transaction_read_only = on"
        await connection.execute(f"{where} {what}")
    finally:
        connection.terminate()


async def _connect(owner: str) -> asyncpg.Connection[asyncpg.Record]:
    """A session that may write although the database's default says otherwise."""
    return await asyncpg.connect(owner, timeout=_SETTLE_S, server_settings={"default_transaction_read_only": "off"})


def _database(dsn: str) -> str:
    return unquote(urlsplit(dsn).path.lstrip("/"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
