"""The client of the control API: scripts a running sandbox over HTTP, whoever started it and wherever it runs.

    async with SandboxClient.connect("http://127.0.0.1:8080") as sandbox:
        await sandbox.wait_until_ready()
        parent = await sandbox.parent("en")
        await parent.register(await sandbox.child("Aziza", "Karimova"))
        print(plain_text(await parent.say("How did the week go?")))

Messages are Telegram's own Message objects as dictionaries, with `text_plain` beside them. Whatever the sandbox
refuses raises SandboxCallError; while nobody listens at the URL, aiohttp's ClientConnectionError comes through.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp

Json = dict[str, Any]
DEFAULT_WAIT_S = 20.0
_LOOK_AGAIN_S = 0.1
_LONGEST_CALL_S = 180.0
_NAMES = itertools.count(1)


class SandboxCallError(Exception):
    """A control call that was refused: which one, the HTTP status, and the answer's body as it was read."""

    def __init__(self, method: str, path: str, status: int, body: object) -> None:
        super().__init__(f"{method} /sandbox/{path}: {status} {body}")
        self.method = method
        self.path = path
        self.status = status
        self.body = body


class ButtonNotFoundError(LookupError):
    """No message of the chat has the button that was to be pressed."""


@dataclass(frozen=True, slots=True)
class Health:
    """Whether everything serves, and what each part says of itself: `ok`, or in a word what is wrong."""

    ready: bool
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClockMove:
    """Where the simulated clock stands now (aware), and the names of the jobs that ran on the way."""

    now: datetime
    ran: Sequence[str]


@dataclass(frozen=True, slots=True)
class Press:
    """What the bot did when a button was pressed. `callback_answer` is None where the press was not answered."""

    replies: list[Json]
    edited: list[Json]
    callback_answer: Json | None
    url: str | None
    web_app: Json | str | None

    @property
    def shown(self) -> list[Json]:
        """The messages that changed, then those that are new."""
        return [*self.edited, *self.replies]

    @property
    def callback_text(self) -> str | None:
        """What the press was answered with over the chat, if with words."""
        return (self.callback_answer or {}).get("text")


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as its user sees it: the messages, oldest first, and the streamed drafts that are open."""

    messages: list[Json]
    drafts: list[Json]


@dataclass(slots=True)
class SandboxClient:
    """A running sandbox at `url` (without a path), spoken to over `http`; most callers want `connect`."""

    url: str
    http: aiohttp.ClientSession

    @staticmethod
    @asynccontextmanager
    async def connect(url: str) -> AsyncIterator[SandboxClient]:
        """A client with an HTTP session of its own. It connects at the first call, so the sandbox may be starting."""
        timeout = aiohttp.ClientTimeout(total=_LONGEST_CALL_S)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as http:
            yield SandboxClient(url.rstrip("/"), http)

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """One control call, `path` without `/sandbox/`; the JSON that it answers. Raises SandboxCallError."""
        async with self.http.request(method, f"{self.url}/sandbox/{path}", json=body) as answer:
            told = await _read(answer)
            if answer.status >= 400:
                raise SandboxCallError(method, path, answer.status, told)
            return told

    # The sandbox itself

    async def health(self) -> Health:
        """How it is. Raises SandboxCallError only for answers that are no health at all."""
        async with self.http.get(f"{self.url}/sandbox/health") as answer:
            told = await _read(answer)
            if answer.status not in (200, 503) or not isinstance(told, dict):
                raise SandboxCallError("GET", "health", answer.status, told)
            return Health(answer.status == 200, told["parts"])

    async def wait_until_ready(self, timeout_s: float = 120.0) -> None:
        """Wait until every part serves, also while nobody listens yet. Raises TimeoutError naming what does not."""
        missing: object = "nobody listens"
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    try:
                        health = await self.health()
                    except aiohttp.ClientConnectionError:
                        pass
                    else:
                        if health.ready:
                            return
                        missing = {name: state for name, state in health.parts.items() if state != "ok"}
                    await asyncio.sleep(_LOOK_AGAIN_S)
        except TimeoutError as error:
            raise TimeoutError(f"{self.url} is not ready after {timeout_s:g} s: {missing}") from error

    async def state(self) -> Any:
        """Now, users, the bot, URLs, DSNs of the databases and keys, as GET /sandbox/state tells them."""
        return await self.call("GET", "state")

    async def now(self) -> datetime:
        """The simulated clock's time, aware."""
        return datetime.fromisoformat((await self.state())["now"])

    async def advance_clock(self, duration: str) -> ClockMove:
        """Move the clock on by an ISO 8601 duration such as P1DT1H; returns when all that fell due is done."""
        return await self._move_clock({"advance": duration})

    async def move_clock_to(self, moment: datetime) -> ClockMove:
        """Move the clock on to a moment (aware, not in its past); returns when all that fell due is done."""
        return await self._move_clock({"to": moment.isoformat()})

    async def _move_clock(self, body: Json) -> ClockMove:
        told = await self.call("POST", "clock", body)
        return ClockMove(datetime.fromisoformat(told["now"]), told["ran"])

    async def tell_part(self, name: str, action: str) -> None:
        """kill, stop or start a part: bot, webhook, worker, bot_db, redis. A killed one is restarted by itself."""
        await self.call("POST", f"parts/{name}", {"action": action})

    @asynccontextmanager
    async def fault(self, target: str, kind: str, **more: object) -> AsyncIterator[None]:
        """A fault while the block runs, with `match`, `times`, `rate`, `retry_after`; its end clears all faults."""
        await self.call("POST", "faults", {"target": target, "kind": kind, **more})
        try:
            yield
        finally:
            await self.clear_faults()

    async def clear_faults(self) -> None:
        await self.call("DELETE", "faults")

    # People and the school

    async def parent(
        self, language: str = "en", *, first_name: str | None = None, phone: str | None = None
    ) -> FakeParent:
        """A new fake Telegram user, who has not said anything yet."""
        body = {"first_name": first_name or f"Parent{next(_NAMES)}", "language_code": language}
        user = await self.call("POST", "users", {**body, "phone": phone} if phone else body)
        return FakeParent(self, user["id"], language)

    async def parents(self, count: int, *, registered: bool = False) -> list[int]:
        """The Telegram ids of so many new users at once; registered ones have a child and have agreed."""
        ids: list[int] = (await self.call("POST", "users/bulk", {"count": count, "registered": registered}))["ids"]
        return ids

    async def child(self, first_name: str, last_name: str, **guardian: str) -> Child:
        """A new child of the school with a fresh deep link; `guardian`: email, phone, full_name.

        A guardian of a known e-mail or phone gets one more child.
        """
        full = {"full_name": f"Guardian{next(_NAMES)} {last_name}", **guardian}
        made = await self.call(
            "POST", "platform/students", {"first_name": first_name, "last_name": last_name, "guardian": full}
        )
        return Child(self, made["student_id"], made["guardian_id"], made["link_code"], first_name, full["full_name"])

    async def link(self, guardian_id: int) -> str:
        """A fresh deep-link payload of this guardian, as the platform's button makes it."""
        payload: str = (await self.call("POST", "platform/links", {"guardian_id": guardian_id}))["payload"]
        return payload

    # What the stand-ins saw

    async def letters(self) -> list[Json]:
        """The letters in the mailbox, as GET /sandbox/mailbox tells them."""
        letters: list[Json] = (await self.call("GET", "mailbox"))["messages"]
        return letters

    async def sentry_events(self) -> list[Json]:
        """The events that arrived at the Sentry sink."""
        events: list[Json] = (await self.call("GET", "sentry"))["events"]
        return events

    async def bot_calls(self, method: str | None = None, *, after: int = 0, bot: int | None = None) -> list[Json]:
        """The journal of Bot API calls after a sequence number, oldest first."""
        asked = {"method": method, "after": after, "bot": bot}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        calls: list[Json] = (await self.call("GET", f"calls?{query}"))["calls"]
        return calls

    async def last_bot_call(self) -> int:
        """The sequence number of the newest Bot API call, 0 where there was none."""
        calls = await self.bot_calls()
        return int(calls[-1]["seq"]) if calls else 0

    async def model_requests(self, after: int = 0) -> list[Json]:
        """The requests that the language model was sent, oldest first."""
        requests: list[Json] = (await self.call("GET", f"openai?after={after}"))["requests"]
        return requests

    async def script_model(self, **script: object) -> None:
        """Script the model's next answers; the fields are those of POST /sandbox/openai/script: `text`, `match`..."""
        await self.call("POST", "openai/script", script)

    async def clear_model_scripts(self) -> None:
        await self.call("DELETE", "openai/script")

    async def file(self, file_id: str) -> bytes:
        """A file that was sent in a chat. Raises SandboxCallError for an unknown one."""
        path = f"files/{file_id}"
        async with self.http.get(f"{self.url}/sandbox/{path}") as answer:
            if answer.status != 200:
                raise SandboxCallError("GET", path, answer.status, await _read(answer))
            return await answer.read()


@dataclass(slots=True)
class FakeParent:
    """A fake Telegram user in the private chat with a bot: ours, unless `bot` is the id of another.

    Each call returns when the bot is done, or after `wait_s` without a sign of it; `last` is what the last one brought.
    """

    sandbox: SandboxClient
    id: int
    language: str = "en"
    bot: int | None = None
    last: list[Json] = field(default_factory=list)

    async def send(self, *, wait_s: float = DEFAULT_WAIT_S, **message: object) -> list[Json]:
        """Send one of `text`, `contact`, `voice_base64`, `photo_base64`, `sticker`; the bot's replies."""
        self.last = (await self._do("messages", **message, wait_s=wait_s))["replies"]
        return self.last

    async def say(self, text: str, *, wait_s: float = DEFAULT_WAIT_S) -> list[Json]:
        """Type words or a command; the bot's replies."""
        return await self.send(text=text, wait_s=wait_s)

    async def start(self, payload: str | None = None, *, wait_s: float = DEFAULT_WAIT_S) -> list[Json]:
        """Press Start, by a deep link with `payload` where one is given; the bot's replies."""
        self.last = (await self._do("start", payload=payload, wait_s=wait_s))["replies"]
        return self.last

    async def press(self, button: str, *, message: Json | None = None, wait_s: float = DEFAULT_WAIT_S) -> Press:
        """Press a button by its text or callback data, on the newest message that has it unless one is given.

        Raises ButtonNotFoundError where no message has it.
        """
        if message is None:
            message = await self._message_with(button)
        press = Press(**await self._do("press", message_id=message["message_id"], button=button, wait_s=wait_s))
        self.last = press.shown
        return press

    async def stop(self, *, wait_s: float = DEFAULT_WAIT_S) -> list[Json]:
        """Press Stop on the streamed draft; the bot's replies."""
        self.last = (await self._do("stop", wait_s=wait_s))["replies"]
        return self.last

    async def block(self) -> None:
        await self._do("block")

    async def unblock(self) -> None:
        await self._do("unblock")

    async def grant(self, tariff: str = "monthly") -> None:
        """Give a subscription by the product's operator command."""
        await self._do("grant", tariff=tariff)

    async def agree(self, payload: str | None = None) -> list[Json]:
        """Press Start, choose the language, and consent; what the bot showed last."""
        await self.start(payload)
        await self.press(f"lang:{self.language}")
        return (await self.press("consent:yes")).shown

    async def register(self, child: Child, *, tariff: str | None = "monthly") -> None:
        """Come in by the child's deep link, consent, and be given the tariff, if any."""
        await self.agree(child.link_code)
        if tariff is not None:
            await self.grant(tariff)

    async def chat(self) -> Chat:
        """The whole chat as it stands."""
        path = f"users/{self.id}/chat" + (f"?bot={self.bot}" if self.bot is not None else "")
        told = await self.sandbox.call("GET", path)
        return Chat(told["messages"], told["drafts"])

    async def messages(self) -> list[Json]:
        """The messages of the chat, oldest first."""
        return (await self.chat()).messages

    async def _do(self, action: str, **body: object) -> Any:
        given = {name: value for name, value in {**body, "bot": self.bot}.items() if value is not None}
        return await self.sandbox.call("POST", f"users/{self.id}/{action}", given)

    async def _message_with(self, button: str) -> Json:
        messages = await self.messages()
        for message in reversed(messages):
            if button in _labels(message):
                return message
        raise ButtonNotFoundError(f"no message offers {button}: {[_labels(message) for message in messages]}")


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the demo school with its guardian and a deep link that connects the two once."""

    sandbox: SandboxClient
    student_id: int
    guardian_id: int
    link_code: str
    first_name: str
    guardian_name: str

    async def did(self, kind: str, **what: object) -> None:
        """Something happens at school: lesson, attempt, award, comment, activity_day, enrollment, material."""
        await self.sandbox.call("POST", "platform/activity", {"student_id": self.student_id, "kind": kind, **what})

    async def set_visible(self, *, can_view: bool) -> None:
        """Give or take the guardian's right to see this child; takes effect at once."""
        who = {"guardian_id": self.guardian_id, "student_id": self.student_id}
        await self.sandbox.call("POST", "platform/rights", {**who, "can_view": can_view})


def callback_buttons(message: Json) -> list[str]:
    """The callback data on a message, in order."""
    return [button["callback_data"] for button in _inline_buttons(message) if "callback_data" in button]


def plain_text(messages: Sequence[Json]) -> str:
    """What one reads in these messages."""
    return "\n".join(message["text_plain"] for message in messages if message.get("text_plain"))


def _labels(message: Json) -> list[str]:
    return [*callback_buttons(message), *(button["text"] for button in _inline_buttons(message))]


def _inline_buttons(message: Json) -> list[Json]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


async def _read(answer: aiohttp.ClientResponse) -> object:
    """The answer's JSON, or its text where it is none."""
    return await answer.json() if answer.content_type == "application/json" else await answer.text()
