"""Delivering updates to a bot's own address, as Telegram's server does.

After WebhookActor.cpp of telegram-bot-api: one queue a chat (or user, for presses), its head alone in flight; anything
but 2xx is tried again at once, then after 2, 4, 8 ... seconds; an update is given up when it has grown too old.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.updates import Ticket, UpdateQueue

Json = dict[str, Any]
Answer = Callable[[Parameters], Awaitable[None]]
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_USUAL_CONNECTIONS = 40
_READ_TIMEOUT_S = 60.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 2.0, (60.0, 120.0)
_LONGEST_RETRY_AFTER_S = 3600.0
_DAY_S, _SHORT_LIFE_S = 86_400.0, 150.0
_SHORT_LIVED = frozenset({"callback_query", "inline_query", "pre_checkout_query", "shipping_query"})
_NEVER_IN_REPLY = re.compile(r"(get.*|setwebhook|deletewebhook|close|logout)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """What setWebhook asked for. Raises ApiError 400 where Telegram would not take it."""

    url: str
    secret: str = ""
    max_connections: int = _USUAL_CONNECTIONS

    @classmethod
    def of(cls, parameters: Parameters) -> Address:
        url, secret = parameters.text("url"), parameters.text("secret_token")
        try:
            parts = urlsplit(url)
            host = parts.hostname
        except ValueError as error:
            raise bad_request("bad webhook: invalid webhook URL specified") from error
        if not host or parts.scheme not in {"http", "https"}:
            raise bad_request("bad webhook: invalid webhook URL specified")
        if parts.scheme == "http" and host not in _LOOPBACK:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        wanted = parameters.integer("max_connections", _USUAL_CONNECTIONS)
        return cls(url, secret, min(max(wanted, 1), 100) if wanted else _USUAL_CONNECTIONS)


@dataclass(slots=True)
class Webhook:
    """One bot's deliveries. `pace` stretches the pauses; `answer` carries out a call that a response holds."""

    address: Address
    queue: UpdateQueue
    answer: Answer
    pace: float = 1.0
    last_error: str | None = None
    last_error_at: int = 0
    _lanes: dict[Hashable, deque[Ticket]] = field(default_factory=dict)
    _workers: set[asyncio.Task[None]] = field(default_factory=set)
    _runner: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._runner = asyncio.create_task(self._run(), name="webhook")

    def stop(self) -> None:
        """Deliver nothing more. What was not taken goes on waiting."""
        if self._runner is not None:
            self._runner.cancel()

    async def _run(self) -> None:
        gate = asyncio.Semaphore(self.address.max_connections)
        connector = aiohttp.TCPConnector(limit=self.address.max_connections)
        try:
            async with aiohttp.ClientSession(connector=connector) as http:
                while True:
                    for ticket in self.queue.take_for_webhook():
                        self._put(ticket, http, gate)
                    await self.queue.changed.wait(_DAY_S)
        finally:
            for worker in self._workers:
                worker.cancel()

    def _put(self, ticket: Ticket, http: aiohttp.ClientSession, gate: asyncio.Semaphore) -> None:
        lane = lane_of(ticket.update)
        if (waiting := self._lanes.get(lane)) is not None:
            waiting.append(ticket)
            return
        self._lanes[lane] = deque([ticket])
        worker = asyncio.create_task(self._work(lane, http, gate), name="webhook lane")
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _work(self, lane: Hashable, http: aiohttp.ClientSession, gate: asyncio.Semaphore) -> None:
        waiting = self._lanes[lane]
        while waiting:
            await self._deliver(waiting[0], http, gate)
            self.queue.settle(waiting.popleft())
        del self._lanes[lane]

    async def _deliver(self, ticket: Ticket, http: aiohttp.ClientSession, gate: asyncio.Semaphore) -> None:
        """Until it is taken, or has grown too old."""
        given_up = time.monotonic() + _life_of(ticket.update) * self.pace
        attempt = 0
        while True:
            async with gate:
                pause = await self._try(ticket.update, http, attempt)
            if pause is None or time.monotonic() + pause > given_up:
                return
            attempt += 1
            await asyncio.sleep(pause)

    async def _try(self, update: Json, http: aiohttp.ClientSession, attempt: int) -> float | None:
        """None when it was taken, else how long to wait before the next try."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.address.secret} if self.address.secret else {}
        timeout = aiohttp.ClientTimeout(total=None, sock_read=_READ_TIMEOUT_S, sock_connect=10)
        asked: float | None = None
        try:
            async with http.post(
                self.address.url, json=update, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                if 200 <= response.status < 300:
                    await self._carry_out(response)
                    return None
                self._fail(f"Wrong response from the webhook: {response.status} {response.reason}")
                asked = _seconds(response.headers.get("Retry-After"))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            refused = isinstance(error, aiohttp.ClientConnectorError)
            self._fail("Connection refused" if refused else "Read timeout expired")
        return (asked if asked is not None else pause_after(attempt)) * self.pace

    async def _carry_out(self, response: aiohttp.ClientResponse) -> None:
        """A response may hold one call, of which the bot never hears again."""
        try:
            parameters = await _parameters_in(response)
        except (ValueError, aiohttp.ClientError):
            return
        name = parameters.values.pop("method", None)
        if isinstance(name, str) and not _NEVER_IN_REPLY.fullmatch(name):
            parameters.values["method"] = name
            await self.answer(parameters)

    def _fail(self, text: str) -> None:
        self.last_error, self.last_error_at = text, int(time.time())


def lane_of(update: Json) -> Hashable:
    """The queue an update belongs to: presses and payments do not wait for the messages of their user."""
    kind = next((key for key in update if key != "update_id"), "")
    content = update.get(kind)
    if not isinstance(content, dict):
        return kind
    user = content["from"].get("id") if isinstance(content.get("from"), dict) else None
    if kind == "callback_query":
        return "press", user
    if kind in {"pre_checkout_query", "shipping_query"}:
        return "payment", user
    chat = content.get("chat")
    return ("chat", chat.get("id")) if isinstance(chat, dict) and "message_id" in content else kind


def pause_after(attempt: int) -> float:
    """Seconds before the next try, after so many that failed before: none, 2, 4, 8 ... up to a minute or two."""
    if attempt == 0:
        return 0.0
    longest = random.uniform(*_LONGEST_PAUSE_S)
    return min(_FIRST_PAUSE_S * 2.0 ** min(attempt - 1, 10), longest)


def _life_of(update: Json) -> float:
    return _SHORT_LIFE_S if _SHORT_LIVED & update.keys() else _DAY_S


def _seconds(text: str | None) -> float | None:
    return min(float(text), _LONGEST_RETRY_AFTER_S) if text is not None and text.isdigit() else None


async def _parameters_in(response: aiohttp.ClientResponse) -> Parameters:
    if response.content_type.startswith("multipart/"):
        parameters = Parameters()
        await parameters.read_parts(aiohttp.MultipartReader.from_response(response))
        return parameters
    body = await response.read()
    if response.content_type == "application/x-www-form-urlencoded":
        return Parameters(dict(parse_qsl(body.decode(), keep_blank_values=True)))
    values = json.loads(body) if body.strip() else {}
    return Parameters(values if isinstance(values, dict) else {})
