"""What one sandbox is started with: the command line, the environment, its folder and its ports."""

from __future__ import annotations

import argparse
import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

HOST = "127.0.0.1"
DEFAULT_PORT = 8080
STAFF_ID = 700_000_900
"""The Telegram id of a fake user in whose chat the staff read what parents ask about payments."""
_claims: dict[int, TextIO] = {}


@dataclass(frozen=True, slots=True)
class Settings:
    """Foreign servers are None where the sandbox brings its own.

    `direct`: the product reaches databases and Redis without the relays on which faults happen, as in production; those
    faults cannot be ordered then.
    """

    folder: Path
    port: int
    headless: bool
    fresh: bool
    telegram_limits: bool
    webhook: bool
    foreign_bot_db: str | None
    foreign_platform_db: str | None
    foreign_redis: str | None
    direct: bool = False

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def address_file(self) -> Path:
        """Where the running sandbox writes down its URL."""
        return self.folder / "address"

    @property
    def lock_file(self) -> Path:
        """Held by the sandbox that works on this folder."""
        return self.folder / "lock"


def free_port(wanted: int, taken: set[int]) -> int:
    """The wanted port, or the next one that nobody listens on; it is added to `taken`."""
    for port in range(wanted, wanted + 1000):
        if port not in taken and _is_free(port):
            taken.add(port)
            return port
    raise SystemExit(f"No free port between {wanted} and {wanted + 999}.")


def _is_free(port: int) -> bool:
    return _is_unbound(port) and _claim(port)


def _claim(port: int) -> bool:
    """Keep the port from other sandboxes of this machine until we end.

    Seconds pass between choosing a port and listening on it, in which another's process would answer in our name.
    """
    if port in _claims:
        return True
    try:
        lock = (Path(tempfile.gettempdir()) / f"mentorium-sandbox-port-{port}.lock").open("a", encoding="utf-8")
    except OSError:  # another account's, perhaps from long ago: that nobody listens there must do
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    _claims[port] = lock
    return True


def _is_unbound(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


@contextmanager
def sole_owner(settings: Settings) -> Iterator[None]:
    """Hold the folder; raises SystemExit, with everything untouched, where another sandbox works on it.

    The system lets go of the lock of a process that was killed.
    """
    settings.folder.mkdir(parents=True, exist_ok=True)
    with settings.lock_file.open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            address = settings.address_file
            where = f" at {address.read_text(encoding='utf-8').strip()}/" if address.exists() else ""
            raise SystemExit(
                f"A sandbox is running{where} already, on the data in {settings.folder}; it was left as it is.\n"
                "Stop it with Ctrl-C in its terminal, or start this one on data of its own: --data FOLDER."
            ) from error
        yield


def from_command_line(arguments: argparse.Namespace) -> Settings:
    """Choose ports and folder; a port asked for by name must be free, a default one gives way to the next."""
    taken: set[int] = set()
    if arguments.port is not None:
        if not _is_free(arguments.port):
            raise SystemExit(f"Port {arguments.port} is taken; choose another with --port.")
        taken.add(arguments.port)
    port = arguments.port or free_port(DEFAULT_PORT, taken)
    return Settings(
        folder=arguments.data.resolve(),
        port=port,
        headless=arguments.headless,
        fresh=arguments.fresh,
        telegram_limits=arguments.telegram_limits,
        webhook=arguments.webhook,
        foreign_bot_db=os.environ.get("BOT_DB_URL") or None,
        foreign_platform_db=os.environ.get("PLATFORM_DB_URL") or None,
        foreign_redis=os.environ.get("REDIS_URL") or None,
        direct=arguments.direct,
    )
