"""Two bots of other people's making, on clients that know nothing of us, live on the Telegram stand-in as they are."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from mentorium_sandbox.client import FakeParent, Press
from mentorium_sandbox.client_people import DEFAULT_WAIT_S
from sandbox_tests.telegram.pictures import png
from tests.e2e.sandbox import Sandbox, free_port, running_sandbox

_HERE = Path(__file__).parent
_PROGRAMS = {
    "python-telegram-bot": (sys.executable, str(_HERE / "ptb_bot.py")),
    "grammY": ("node", str(_HERE / "grammy" / "bot.mjs")),
}


@dataclass(frozen=True, slots=True)
class Talk:
    """A fake user in the chat with a foreign bot."""

    sandbox: Sandbox
    parent: FakeParent
    token: str
    mode: str

    async def say(self, *, wait_s: float = 10, **message: object) -> list[Any]:
        return await self.parent.send(wait_s=wait_s, **message)

    async def press(self, message: Any, button: str, wait_s: float = DEFAULT_WAIT_S) -> Press:
        return await self.parent.press(button, message=message, wait_s=wait_s)

    async def api(self, method: str) -> Any:
        """A call with the bot's own token, beside its client."""
        async with self.sandbox.http.get(f"{self.sandbox.url}/bot{self.token}/{method}") as answer:
            return await answer.json()


@pytest_asyncio.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path_factory.mktemp("foreign") / "sandbox") as sandbox:
        yield sandbox


@pytest_asyncio.fixture(
    scope="module",
    params=[(name, mode) for name in _PROGRAMS for mode in ("polling", "webhook")],
    ids="-".join,
)
async def talk(world: Sandbox, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    name, mode = request.param
    token = f"{710_000_000 + secrets.randbelow(10_000_000)}:{secrets.token_hex(17)}"
    parent = await world.parent(first_name="Akmal", phone=_phone())
    parent.bot = int(token.partition(":")[0])
    async with _running(_PROGRAMS[name], world.url, token, mode):
        yield Talk(world, parent, token, mode)


def _phone() -> str:
    return f"+99890{secrets.randbelow(10**7):07}"


@asynccontextmanager
async def _running(program: tuple[str, ...], api_root: str, token: str, mode: str) -> AsyncIterator[None]:
    """The bot, from its first sign of life to its end."""
    own = {"API_ROOT": api_root, "TOKEN": token, "MODE": mode, "PORT": str(free_port()), "SECRET": secrets.token_hex(8)}
    process = await asyncio.create_subprocess_exec(
        *program, env={**os.environ, **own}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    said = b""
    while b"ready" not in said:
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        assert line, said.decode()
        said += line
    reader = asyncio.create_task(process.stdout.read())
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        sys.stdout.write((await reader).decode())


def _formatted(message: Any) -> dict[str, str]:
    """Kind of formatting -> the text that has it; the server splits what is nested, so pieces are joined."""
    raw = message["text"].encode("utf-16-le")
    found: dict[str, str] = {}
    for entity in message.get("entities", []):
        piece = raw[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
        found[entity["type"]] = found.get(entity["type"], "") + piece
    return found


async def test_html(talk: Talk) -> None:
    (message,) = await talk.say(text="/html")
    assert message["text"] == "bold italic link a < b"
    assert _formatted(message) == {
        "bold": "bold",
        "italic": "italic",
        "underline": "al",
        "text_link": "link",
        "code": "a < b",
    }
    assert next(e["url"] for e in message["entities"] if e["type"] == "text_link") == "https://example.uz/a?b=1&c=2"


async def test_markdown(talk: Talk) -> None:
    (message,) = await talk.say(text="/markdown")
    assert message["text"] == "bold italic hidden code 1.5"
    assert _formatted(message) == {"bold": "bold", "italic": "italic", "spoiler": "hidden", "code": "code"}


async def test_inline_keyboard_and_edit(talk: Talk) -> None:
    (message,) = await talk.say(text="/keyboard")
    pressed = await talk.press(message, "One")
    assert pressed.callback_answer is not None
    assert pressed.callback_text == "One it is"
    assert pressed.callback_answer["show_alert"] is True
    (edited,) = pressed.edited
    assert edited["text"] == "chosen: one"
    assert edited["message_id"] == message["message_id"]
    assert edited["edit_date"] >= edited["date"]
    assert edited["reply_markup"]["inline_keyboard"] == [[{"text": "Again", "callback_data": "two"}]]
    silent = await talk.press(edited, "two", wait_s=5)  # what says nothing is waited for as long as is told
    assert silent.callback_answer is not None


async def test_contact(talk: Talk) -> None:
    (asked,) = await talk.say(text="/contact")
    assert asked["reply_markup"]["keyboard"][0][0]["request_contact"] is True
    (own,) = await talk.say(contact=True)
    assert own["text"].endswith("own true")
    (foreign,) = await talk.say(contact={"phone_number": "+998900000000", "user_id": 5, "first_name": "Who"})
    assert foreign["text"] == "number +998900000000 own false"


async def test_delete(talk: Talk) -> None:
    (told,) = await talk.say(text="/delete")
    assert int(told["text"].split()[1]) not in [message["message_id"] for message in await talk.parent.messages()]


async def test_photo_up(talk: Talk) -> None:
    (message,) = await talk.say(text="/photo")
    assert message["caption"] == "one pixel"
    assert (message["photo"][-1]["width"], message["photo"][-1]["height"]) == (1, 1)


async def test_photo_down(talk: Talk) -> None:
    picture = png(320, 200)
    (message,) = await talk.say(photo_base64=base64.b64encode(picture).decode())
    assert message["text"] == f"photo 320x200 of {len(picture)} bytes"


async def test_draft(talk: Talk) -> None:
    before = await talk.sandbox.last_bot_call()
    (message,) = await talk.say(text="/draft")
    assert message["text"] == "thought"
    drafts = await talk.sandbox.bot_calls("sendMessageDraft", after=before)
    assert [call["params"]["text"] for call in drafts] == ["thin", "thinking"]


async def test_invoice(talk: Talk) -> None:
    (message,) = await talk.say(text="/invoice")
    assert message["invoice"]["title"] == "Monthly"
    assert message["invoice"]["currency"] == "XTR"
    assert message["invoice"]["total_amount"] == 250
    assert message["reply_markup"]["inline_keyboard"][0][0]["pay"] is True


async def test_too_many_requests(talk: Talk) -> None:
    async with talk.sandbox.fault("telegram", "status_429", match="sendChatAction", times=1, retry_after=7):
        (message,) = await talk.say(text="/flood")
    assert message["text"] == "429 Too Many Requests: retry after 7 7"


async def test_error_texts(talk: Talk) -> None:
    answer = await talk.say(text="/wrong")
    errors = [line.removeprefix("400 Bad Request: ") for line in answer[-1]["text"].splitlines()]
    # python-telegram-bot shows an error without its first words and in small letters
    assert [error.lower() for error in errors] == [
        "message is not modified: specified new message content and reply markup are exactly the same as a current"
        " content and reply markup of the message",
        "message is too long",
        "chat not found",
        "message to delete not found",
        "message to edit not found",
        "can't parse entities: can't find end tag corresponding to start tag \"b\"",
        "button_data_invalid",
        "query is too old and response timeout expired or query id is invalid",
    ]


async def test_a_refused_webhook_is_delivered_again(talk: Talk) -> None:
    replies = await talk.say(text="/refuse", wait_s=20)
    assert [message["text"] for message in replies] == ["came again"]


async def test_webhook_and_polling_exclude_each_other(talk: Talk) -> None:
    info = (await talk.api("getWebhookInfo"))["result"]
    assert bool(info["url"]) is (talk.mode == "webhook")
    if info["url"]:
        assert await talk.api("getUpdates") == {
            "ok": False,
            "error_code": 409,
            "description": "Conflict: can't use getUpdates method while webhook is active;"
            " use deleteWebhook to delete the webhook first",
        }
