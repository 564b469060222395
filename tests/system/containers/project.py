"""A checkout with an `.env`, and the product's own commands in it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from tests.system.containers.engine import BRIDGE, Engine
from tests.system.containers.images import BASE
from tests.system.containers.packages import run

ROOT: Final = Path(__file__).parents[3]
IMAGE: Final = "mentorium-chat-bot:0.4.0"
HOST: Final = "host.docker.internal"
_AS_CONTAINERS_SAY: Final = re.compile(rb"\bhost: " + re.escape(HOST.encode()), re.IGNORECASE)
_OF_OUR_MAKE: Final = ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "ARGS", "SYSTEM_WORKERS")
_CERTIFICATES: Final = Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"))


def as_typed(environment: Mapping[str, str]) -> dict[str, str]:
    """Without what the `make` that runs these tests hands on to those below it: nobody at a terminal has that."""
    return {name: value for name, value in environment.items() if name not in _OF_OUR_MAKE}


@dataclass(frozen=True, slots=True)
class Project:
    """`folder` is the checkout."""

    engine: Engine
    folder: Path

    async def make(self, target: str, **variables: str) -> str:
        """What `make target` says. AssertionError where it fails."""
        given = [f"{name}={value}" for name, value in variables.items()]
        command = ("make", "--no-print-directory", target, *given)
        return await asyncio.to_thread(run, *command, cwd=self.folder, env=as_typed(self.engine.environment))

    async def shell(self, lines: str) -> str:
        """What these lines say, typed one after the other in the checkout. AssertionError where one fails."""
        environment = as_typed(self.engine.environment)
        return await asyncio.to_thread(run, "sh", "-euc", lines, cwd=self.folder, env=environment)

    async def compose(self, *arguments: str) -> str:
        return await asyncio.to_thread(self.engine.docker, "compose", *arguments, cwd=self.folder)

    async def refused(self, *arguments: str) -> str:
        """What `docker compose` says when it fails, which it has to."""
        done = await asyncio.to_thread(
            subprocess.run,
            ["docker", "compose", *arguments],
            cwd=self.folder,
            env=self.engine.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode != 0, done.stdout
        return str(done.stdout + done.stderr)

    async def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of the newest container of the service."""
        (identity,) = (await self.compose("ps", "--all", "--quiet", service)).split()
        found: dict[str, Any] = json.loads(self.engine.docker("inspect", identity))[0]
        return found

    async def sql(self, statement: str) -> str:
        """Of the bot's database, as its owner."""
        psql = (
            "psql",
            "--host=/var/run/postgresql",
            "--username=mentorium_bot",
            "--tuples-only",
            "--no-align",
            "--command",
            statement,
        )
        return (await self.compose("exec", "-T", "postgres", *psql)).strip()


def check_out(engine: Engine, folder: Path, settings: Mapping[str, str]) -> Project:
    """The files of this checkout that git knows, or would, and the template with these settings filled in."""
    files = run("git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0")
    for name in filter(None, files):
        if name.startswith(("tests/", "benchmarks/")) or not (ROOT / name).exists():
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    lines = (folder / ".env.template").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.partition("=")[0] not in settings]
    filled = [f"{name}='{value}'" for name, value in settings.items()]
    (folder / ".env").write_text("\n".join([*kept, *filled]) + "\n", encoding="utf-8")
    return Project(engine, folder)


def build_arguments(folder: Path, note: str) -> str:
    """ARGS of `make docker-build` on a machine without a registry. `note` stands in the secret pip.conf."""
    index = os.environ.get("PIP_INDEX_URL") or _index_of_pip()
    settings = folder / "pip.conf"
    settings.write_text(f"# {note}\n[global]\ntimeout = 180\n" + (f"index-url = {index}\n" if index else ""))
    secrets = f"--secret id=pip_conf,src={settings} --secret id=ca_bundle,src={_CERTIFICATES}"
    return f"--quiet --network host --build-arg BASE={BASE} {secrets}"


def _index_of_pip() -> str:
    asked = subprocess.run(
        [ROOT / ".poetry/bin/pip", "config", "get", "global.index-url"], capture_output=True, text=True
    )
    return asked.stdout.strip()


def seen_from_containers(url: str) -> str:
    """The same address of this machine, by the name under which containers know it."""
    parts = urlsplit(url)
    who = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    return urlunsplit(parts._replace(netloc=f"{who}{HOST}:{parts.port}"))


@asynccontextmanager
async def reachable_from_containers(*ports: int) -> AsyncIterator[None]:
    """What listens on 127.0.0.1 alone is reached at the bridge's address, too, on the same port."""

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65_536):
                # The sandbox answers as localhost alone (a guard against DNS rebinding).
                writer.write(_AS_CONTAINERS_SAY.sub(b"Host: localhost", piece))
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def forwarding(port: int) -> Any:
        async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                writer.close()
                return
            await asyncio.gather(pipe(reader, inner_writer), pipe(inner_reader, writer))

        return forward

    servers = [await asyncio.start_server(forwarding(port), BRIDGE, port) for port in ports]
    try:
        yield
    finally:
        for server in servers:
            server.close()
