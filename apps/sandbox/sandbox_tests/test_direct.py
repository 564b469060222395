"""A sandbox for measuring: the product reaches databases and Redis as in production, and no fault is promised there."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from mentorium_sandbox.__main__ import command_line
from mentorium_sandbox.clock import SandboxClock
from mentorium_sandbox.databases import Databases
from mentorium_sandbox.faults import RELAYED, Faults, routes
from mentorium_sandbox.settings import from_command_line

ADDRESS = "postgresql://somebody@127.0.0.1:5432/bot"


@pytest.mark.parametrize(("words", "direct"), [([], False), (["--direct"], True)])
async def test_addresses_are_the_servers_own_where_it_is_asked_for(
    tmp_path: Path, words: list[str], *, direct: bool
) -> None:
    settings = from_command_line(command_line().parse_args(["--data", str(tmp_path), *words]))
    databases = Databases(settings, SandboxClock(tmp_path / "clock"), Faults())
    databases.bot = databases.bot_for_product = databases.platform_for_product = databases.redis = ADDRESS
    await databases.open_relays()
    assert {databases.bot_for_product == ADDRESS, databases.redis_for_product == ADDRESS} == {direct}
    assert bool(databases.read_only_switches()) is not direct
    await databases.stop()


@pytest.mark.parametrize("target", sorted(RELAYED))
async def test_a_fault_that_cannot_happen_is_refused(target: str) -> None:
    app = web.Application()
    app.add_routes(routes(Faults(out_of_reach=RELAYED)))
    async with TestClient(TestServer(app)) as client:
        refused = await client.post("/sandbox/faults", json={"target": target, "kind": "down"})
        assert refused.status == 400
        assert "--direct" in await refused.text()
        assert (await client.post("/sandbox/faults", json={"target": "telegram", "kind": "down"})).status == 200
