"""The control API is what its table says: each call, field and kind is there."""

from __future__ import annotations

import base64
import copy
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from mentorium_sandbox import school
from mentorium_sandbox.__main__ import command_line
from mentorium_sandbox.app import build_app
from mentorium_sandbox.faults import KINDS
from mentorium_sandbox.sandbox import Sandbox
from mentorium_sandbox.settings import Settings
from mentorium_sandbox.telegram.bot import Bot
from mentorium_sandbox.telegram.conversation import Conversation
from mentorium_sandbox.tills import Tills
from sandbox_tests import control_api_table as said
from sandbox_tests.control_api_table import TABLE, Call

_COURSE = "neural-networks-start"
_NOT_HERE = (404, 405, 501)


def settings(folder: Path, *, webhook: bool = False) -> Settings:
    return Settings(
        folder=folder,
        port=8080,
        headless=True,
        fresh=False,
        telegram_limits=False,
        webhook=webhook,
        foreign_bot_db=None,
        foreign_platform_db=None,
        foreign_redis=None,
    )


@dataclass(slots=True)
class Control:
    """The sandbox's application, with a school and without the product; `names`: what the table leaves open."""

    app: web.Application
    sandbox: Sandbox
    url: str
    http: ClientSession
    names: Mapping[str, Any]

    async def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        path = path.replace("{id}", str(self.names["{id}"]))
        async with self.http.request(method, f"{self.url}/sandbox{path}", json=self._filled(body)) as answer:
            return answer.status, await answer.json()

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(each) for key, each in value.items()}
        return self.names.get(value, value) if isinstance(value, str) else value


@pytest_asyncio.fixture
async def control(tmp_path: Path, platform_dsn: str) -> AsyncIterator[Control]:
    sandbox = Sandbox.prepare(settings(tmp_path / "sandbox"))
    nobody = replace(sandbox.merchant(), webhook_url=lambda: "http://127.0.0.1:9", patience_s=0.0)
    sandbox.tills = Tills(nobody)
    sandbox.school.dsn = sandbox.databases.platform = platform_dsn
    await school.seed(platform_dsn, students=2, now=sandbox.clock.now())
    app = build_app(sandbox)
    async with TestServer(app, host="127.0.0.1") as server, ClientSession() as http:
        user = sandbox.telegram.add_user("Dilnoza", "uz", "+998901112233")
        control = Control(app, sandbox, str(server.make_url("")).rstrip("/"), http, {"{id}": user.id})
        made = (await control("POST", "/platform/students", said.CHILD))[1]
        control.names = {
            "{id}": user.id,
            "{student}": made["student_id"],
            "{guardian}": made["guardian_id"],
            "{course}": _COURSE,
            "{bot}": sandbox.keys.bot_id,
            "{payme_link}": _payme_link(sandbox),
            "{click_link}": _click_link(sandbox),
        }
        bot = sandbox.telegram.bot()
        chat = sandbox.telegram.conversation(bot, user.id)
        assert chat is not None
        question = {"message_id": 1, "date": 1, "chat": user.as_chat(), "from": bot.as_user(), "text": "Til?"}
        chat.add(question, outgoing=True)
        control.names = {**control.names, **_sold(bot, chat)}
        yield control


def _payme_link(sandbox: Sandbox) -> str:
    text = f"m={sandbox.keys.payme_merchant_id};ac.order_id=mnt234567abcdefg;a=9900000"
    return f"{sandbox.settings.url}/payme/{base64.b64encode(text.encode()).decode()}"


def _click_link(sandbox: Sandbox) -> str:
    keys = sandbox.keys
    return (
        f"{sandbox.settings.url}/click/services/pay?service_id={keys.click_service_id}"
        f"&merchant_id={keys.click_merchant_id}&amount=99000.00&transaction_param=mnt234567abcdefg"
    )


def _sold(bot: Bot, chat: Conversation) -> dict[str, Any]:
    """An invoice in the chat, one as a link, and a subscription that the user has paid for."""
    offered = {"title": "Monthly", "description": "One month", "payload": "order", "currency": "XTR"}
    bill = {"message_id": 2, "date": 1, "chat": chat.user.as_chat(), "from": bot.as_user(), "invoice": {**offered}}
    chat.add(bill, outgoing=True)
    bot.stars.add_invoice("2", offered, amount=990)
    link = bot.stars.add_invoice(None, offered, amount=990, period=2_592_000)
    payment = bot.stars.add_payment(chat.user.id, "order", 990, datetime.now(UTC))
    payment.subscription = payment.charge_id
    bot.stars.add_subscription(payment, bot.stars.add_invoice(None, offered, amount=990, period=2_592_000))
    return {"{invoice}": 2, "{link}": f"https://t.me/${link.place}", "{charge}": payment.charge_id}


def _routes(app: web.Application) -> set[str]:
    return {
        f"{route.method} {route.resource.canonical.removeprefix('/sandbox')}"
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/sandbox/") and route.method != "HEAD"
    }


def _named(call: Call) -> str:
    path = call.path.partition("?")[0]
    return f"{call.method} /parts/{{name}}" if path.startswith("/parts/") else f"{call.method} {path}"


def _with(body: Mapping[str, Any], name: str, value: object) -> dict[str, Any]:
    """The body with another value in this field; a dot leads into an object."""
    changed = copy.deepcopy(dict(body))
    place, *within = name.split(".")
    if within:
        changed[place] = {**changed[place], within[0]: value}
    else:
        changed[place] = value
    return changed


async def test_every_call_is_served(control: Control) -> None:
    served, wanted = _routes(control.app), {_named(call) for call in TABLE}
    assert not wanted - served
    assert served - wanted == said.BESIDES


def test_every_kind_of_fault_is_there() -> None:
    assert KINDS == said.FAULTS
    assert frozenset[str]().union(*KINDS.values()) == said.FAULT_KINDS


@pytest.mark.parametrize("call", TABLE, ids=lambda call: f"{call.method} {call.path} {','.join(call.body)}"[:70])
async def test_a_call_answers_what_is_said_of_it_and_reads_each_field(control: Control, call: Call) -> None:
    """A field is read where a value that cannot be meant is refused by its name."""
    for name, wrong in call.wrong.items():
        status, told = await control(call.method, call.path, _with(call.body, name, wrong))
        last = name.rpartition(".")[2]
        assert 400 <= status < 500, (name, status, told)
        assert last in told["error"], (name, told)
    if call.answers is not None:
        status, told = await control(call.method, call.path, call.body or None)
        assert status in ((200, 503) if call.path == "/health" else (200,)), told
        assert call.answers <= told.keys()


async def test_a_call_of_no_table_is_refused(control: Control) -> None:
    for path in ("/users/{id}/rob", "/payme/rob", "/click/cards"):
        assert (await control("POST", path, {}))[0] in _NOT_HERE, path


async def test_parts_and_their_actions(control: Control) -> None:
    """Without a product none has been started: 409 to each that there is."""
    for part in said.PARTS:
        for action in said.PART_ACTIONS:
            assert (await control("POST", f"/parts/{part}", {"action": action}))[0] == 409
    assert (await control("POST", "/parts/moon", {"action": "kill"}))[0] == 404


async def test_the_state_has_all_its_names(control: Control) -> None:
    _, state = await control("GET", "/state")
    for place, names in said.STATE.items():
        assert names <= (state[place] if place else state).keys(), place
    assert state["bot"]["mode"] == "polling"
    assert state["urls"]["telegram"] is state["urls"]["mini_app"] is state["urls"]["admin"] is None


async def test_what_is_listed_has_its_fields(control: Control) -> None:
    token = control.sandbox.keys.telegram_token
    async with control.http.post(f"{control.url}/bot{token}/sendMessage", json={"chat_id": 1, "text": "?"}) as answer:
        assert answer.status == 400
    _, calls = await control("GET", "/calls")
    assert calls["calls"][-1].keys() >= said.CALL_ENTRY
    asked = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Salom"}]}
    key = {"Authorization": "Bearer sk-test"}
    async with control.http.post(f"{control.url}/openai/v1/chat/completions", json=asked, headers=key) as answer:
        assert answer.status == 200
    _, requests = await control("GET", "/openai")
    assert requests["requests"][-1].keys() == said.REQUEST_ENTRY


async def test_a_user_speaks_with_a_further_bot(control: Control) -> None:
    async with control.http.post(f"{control.url}/bot123456:another-secret/getMe") as answer:
        assert answer.status == 200
    status, _ = await control("POST", "/users/{id}/messages", {"text": "Salom", "wait_s": 0, "bot": 123456})
    assert status == 200
    _, ours = await control("GET", "/users/{id}/chat")
    _, theirs = await control("GET", "/users/{id}/chat?bot=123456")
    assert [message["text_plain"] for message in theirs["messages"]] == ["Salom"]
    assert [message["text_plain"] for message in ours["messages"]] == ["Til?", "Monthly\nOne month"]


async def test_a_foreign_platform_is_left_alone(control: Control) -> None:
    control.sandbox.school.foreign = True
    for call in TABLE:
        if call.path.startswith("/platform/"):
            wanted = 200 if call.path == "/platform/links" else 409
            assert (await control(call.method, call.path, call.body))[0] == wanted, call.path


def test_the_command_line_has_its_options() -> None:
    spoken = command_line().format_help()
    assert [option for option in said.COMMAND_LINE if option not in spoken] == []
