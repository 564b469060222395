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
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp

from mentorium_sandbox.client_people import (
    ButtonNotFoundError,
    Chat,
    Child,
    FakeParent,
    Press,
    StarsPaid,
    callback_buttons,
    plain_text,
)

__all__ = [
    "ButtonNotFoundError",
    "Chat",
    "Child",
    "ClockMove",
    "FakeParent",
    "Health",
    "Press",
    "SandboxCallError",
    "SandboxClient",
    "StarsPaid",
    "callback_buttons",
    "plain_text",
]
Json = dict[str, Any]
_LOOK_AGAIN_S = 0.3  # each look makes the databases and all parts answer: 30 ms of the processor
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

    async def kill_part(self, part: str) -> None:
        """End a part as kill -9 or a power cut would; it is started again by itself."""
        await self.tell_part(part, "kill")

    async def stop_part(self, part: str) -> None:
        """Stop a part in order (SIGTERM); returns when it has ended. It stays away until `start_part`."""
        await self.tell_part(part, "stop")

    async def start_part(self, part: str) -> None:
        """Let a part that was stopped run again; `wait_until_ready` waits until it serves."""
        await self.tell_part(part, "start")

    @asynccontextmanager
    async def part_away(self, part: str) -> AsyncIterator[None]:
        """A part that is stopped while the block runs."""
        await self.stop_part(part)
        try:
            yield
        finally:
            await self.start_part(part)

    async def set_fault(self, target: str, kind: str, **more: object) -> int:
        """Switch a fault on, with `match`, `times`, `rate`, `retry_after`; its id. It is in force on return."""
        fault_id: int = (await self.call("POST", "faults", {"target": target, "kind": kind, **more}))["id"]
        return fault_id

    async def clear_fault(self, fault_id: int) -> None:
        """Switch this fault off and no other; harmless where it is used up."""
        await self.call("DELETE", f"faults/{fault_id}")

    async def clear_faults(self) -> None:
        """Switch every fault off."""
        await self.call("DELETE", "faults")

    @asynccontextmanager
    async def fault(self, target: str, kind: str, **more: object) -> AsyncIterator[None]:
        """A fault while the block runs, with `match`, `times`, `rate`, `retry_after`; other faults stay."""
        fault_id = await self.set_fault(target, kind, **more)
        try:
            yield
        finally:
            await self.clear_fault(fault_id)

    async def fault_for(self, seconds: float, target: str, kind: str, **more: object) -> None:
        """A fault for so many seconds of real time; returns when it is over."""
        async with self.fault(target, kind, **more):
            await asyncio.sleep(seconds)

    async def faults(self) -> list[Json]:
        """The faults that are on, oldest first; `times` is what is left of them."""
        on: list[Json] = (await self.call("GET", "faults"))["faults"]
        return on

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

    async def child(self, first_name: str, last_name: str, *, course: str | None = None, **guardian: str) -> Child:
        """A new child of the school with a fresh deep link; `guardian`: email, phone, full_name.

        A guardian of a known e-mail or phone gets one more child. `course`: its slug; None for the school's first.
        """
        full = {"full_name": f"Guardian{next(_NAMES)} {last_name}", **guardian}
        asked: Json = {"first_name": first_name, "last_name": last_name, "guardian": full}
        made = await self.call("POST", "platform/students", {**asked, "courses": [course]} if course else asked)
        return Child(self, made["student_id"], made["guardian_id"], made["link_code"], first_name, full["full_name"])

    async def link(self, guardian_id: int) -> str:
        """A fresh deep-link payload of this guardian, as the platform's button makes it."""
        payload: str = (await self.call("POST", "platform/links", {"guardian_id": guardian_id}))["payload"]
        return payload

    # The tills

    async def pay_at_payme(self, link: str, outcome: str = "ok", *, card: str | None = None) -> list[Json]:
        """The till that this checkout link opens: ok, decline, twice, lost_answer, cancel_after, timeout.

        The calls that PayMe made to our webhook: `method`, `request`, `status` (None where no answer came), `answer`.
        """
        return await self._pay("payme", link, outcome, card)

    async def pay_at_click(self, link: str, outcome: str = "ok", *, card: str | None = None) -> list[Json]:
        """As `pay_at_payme`, at Click."""
        return await self._pay("click", link, outcome, card)

    async def _pay(self, till: str, link: str, outcome: str, card: str | None) -> list[Json]:
        body = {"link": link, "outcome": outcome, **({"card": card} if card is not None else {})}
        calls: list[Json] = (await self.call("POST", f"{till}/pay", body))["calls"]
        return calls

    async def refund_at_payme(self, order_id: str) -> list[Json]:
        """The refund button of the merchant's cabinet at PayMe; the calls that PayMe made."""
        calls: list[Json] = (await self.call("POST", "payme/refund", {"order_id": order_id}))["calls"]
        return calls

    async def add_card(self, **card: object) -> Json:
        """A fake card: `number`, `expire` (MMYY), `balance` in tiyin, `phone`, `kind`; all may be left out."""
        told: Json = await self.call("POST", "payme/cards", card)
        return told

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


async def _read(answer: aiohttp.ClientResponse) -> object:
    """The answer's JSON, or its text where it is none."""
    return await answer.json() if answer.content_type == "application/json" else await answer.text()
