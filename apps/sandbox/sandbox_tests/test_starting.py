"""What a sandbox is started with: `--webhook`, kept keys, and one sandbox a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from mentorium_sandbox.app import build_app
from mentorium_sandbox.first_family import account_at_school, invite_parents
from mentorium_sandbox.sandbox import Sandbox
from mentorium_sandbox.settings import HOST, sole_owner
from mentorium_sandbox.supervised_processes import short_form
from sandbox_tests.telegram.own_server import OwnServer
from sandbox_tests.test_control_api_table import settings


async def test_the_product_is_told_where_and_by_which_secret(tmp_path: Path) -> None:
    sandbox = Sandbox.prepare(settings(tmp_path / "sandbox", webhook=True))
    await sandbox.mailbox.open(HOST)
    told = sandbox.environment()
    await sandbox.mailbox.close()
    assert told["BOT_MODE"] == "webhook"
    assert told["BOT_WEBHOOK_URL"] == "http://127.0.0.1:8001/webhooks/telegram"
    assert told["BOT_WEBHOOK_SECRET"] == sandbox.keys.webhook
    again = Sandbox.prepare(settings(tmp_path / "sandbox"))
    assert again.keys == sandbox.keys, "kept with the data"
    assert (again.mode, again.updates_url) == ("polling", None)


async def test_updates_come_in_order_with_the_secret_until_they_are_taken(tmp_path: Path) -> None:
    """A receiver in place of the webhook app, which at first cannot store anything."""
    sandbox = Sandbox.prepare(settings(tmp_path / "sandbox", webhook=True))
    sandbox.telegram.webhook_pace = 0.01
    own, refusals = OwnServer(), iter([503, 503])

    async def take(_: object) -> web.Response:
        return web.Response(status=next(refusals, 200))

    own.reply = take
    receiver = web.Application()
    receiver.router.add_post("/webhooks/telegram", own.hook)
    async with (
        TestServer(receiver, host="127.0.0.1") as listening,
        TestServer(build_app(sandbox), host="127.0.0.1") as server,
        ClientSession(str(server.make_url("/"))) as http,
    ):
        asked = {"url": str(listening.make_url("/webhooks/telegram")), "secret_token": sandbox.keys.webhook}
        async with http.post(f"/bot{sandbox.keys.telegram_token}/setWebhook", json=asked) as answer:
            assert answer.status == 200, await answer.text()
        async with http.get("/sandbox/state") as answer:
            state = await answer.json()
        assert state["bot"]["mode"] == "webhook"
        assert state["urls"]["telegram"] == f"{state['urls']['webhook']}/webhooks/telegram"
        user = sandbox.telegram.add_user("Dilnoza", "uz")
        for text in ("bir", "ikki", "uch"):
            said = {"text": text, "wait_s": 0}
            async with http.post(f"/sandbox/users/{user.id}/messages", json=said) as answer:
                assert answer.status == 200
        await own.until(lambda: len(own.taken) == 3)
        assert [update["message"]["text"] for update in own.taken] == ["bir", "ikki", "uch"]
        assert len(own.tried) == 5
        assert own.secrets == {sandbox.keys.webhook}


async def test_kept_keys_of_an_older_sandbox_are_completed(tmp_path: Path) -> None:
    first = Sandbox.prepare(settings(tmp_path / "sandbox"))
    file = tmp_path / "sandbox" / "keys.json"
    file.write_text(file.read_text().replace('"webhook"', '"forgotten"'))
    second = Sandbox.prepare(settings(tmp_path / "sandbox"))
    assert second.keys.telegram_token == first.keys.telegram_token
    assert second.keys.webhook not in ("", first.keys.webhook)


@pytest.mark.parametrize("fresh", [False, True])
async def test_a_second_sandbox_says_that_the_first_is_running_and_touches_nothing(tmp_path: Path, fresh: bool) -> None:
    first = settings(tmp_path / "sandbox")
    with sole_owner(first):
        running = Sandbox.prepare(first)  # held: its files beside the database go when it is collected
        before = sorted(first.folder.iterdir())
        with (
            pytest.raises(SystemExit, match=r"running at http://127\.0\.0\.1:8080/ already"),
            sole_owner(replace(first, fresh=fresh, port=8081)),
        ):
            pytest.fail("two of them work on one folder")
        assert sorted(first.folder.iterdir()) == before
    with sole_owner(replace(first, fresh=fresh)):
        assert (Sandbox.prepare(replace(first, fresh=fresh)).keys == running.keys) is not fresh


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"level": "warning", "logger": "apscheduler.scheduler", "event": "skipped: maximum number"}', None),
        ('{"level": "error", "logger": "asyncio", "event": "never retrieved"}', "bot: error: never retrieved"),
        (
            '{"level": "warning", "logger": "mentorium_runtime.probes", "event": "x", "code": "c"}',
            "bot: warning: x (code=c)",
        ),
        ('{"level": "info", "logger": "__main__", "event": "bot_started"}', None),
        ("Killed", "bot: Killed"),
    ],
)
def test_the_terminal_shows_our_warnings_and_no_librarys(line: str, shown: str | None) -> None:
    """Findings on README, parents F: a library's warnings among the first lines look like a fault."""
    assert short_form("bot", line.encode()) == shown


async def test_the_state_tells_the_address_of_each_demo_parent(tmp_path: Path) -> None:
    """Findings on README, parents F: nobody came in by e-mail without SQL."""
    sandbox = Sandbox.prepare(settings(tmp_path / "sandbox"))
    invite_parents(sandbox)
    emails = [account_at_school(sandbox, user_id)["email"] for user_id in sorted(sandbox.guardians)]
    assert emails == ["dilnoza.karimova@mail.example", "olga.ivanova@mail.example", "emma.brown@mail.example"]
    assert account_at_school(sandbox, 1) == {"guardian_id": None, "email": None}
