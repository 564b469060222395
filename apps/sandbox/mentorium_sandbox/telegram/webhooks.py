"""Delivering updates to a bot's own address, as Telegram's server does.

After WebhookActor.cpp of telegram-bot-api: one queue a chat (or user, for presses), its head alone in flight; anything
but 2xx is tried again at once, then after 2, 4, 8 ... seconds; an update is given up when it has grown too old.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from mentorium_sandbox.faults import Faults
from mentorium_sandbox.telegram.errors import ApiError, bad_request
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.update_kinds import lane_of
from mentorium_sandbox.telegram.updates import Ticket, UpdateQueue

Json = dict[str, Any]
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS = frozenset({None, 443, 80, 88, 8443})
_USUAL_CONNECTIONS, _MOST_CONNECTIONS = 40, 100
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10.0, sock_read=60.0)
_LONGEST_PAUSE_S = (60.0, 120.0)
_LONGEST_RETRY_AFTER_S = 3600.0
_LOOK_AGAIN_S = 0.2
_GONE = 410
_GONE_FOR_GOOD = timedelta(hours=23)
_NEVER_IN_REPLY = re.compile(r"get.*|setwebhook|deletewebhook|close|logout", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Address:
    """What setWebhook asked for. Raises ApiError 400 where Telegram would not take it."""

    url: str
    secret: str = ""
    max_connections: int = _USUAL_CONNECTIONS

    @classmethod
    def of(cls, parameters: Parameters) -> Address:
        url, secret = parameters.text("url"), parameters.text("secret_token")
        _check_url(url)
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        wanted = parameters.integer("max_connections") or _USUAL_CONNECTIONS
        return cls(url, secret, min(max(wanted, 1), _MOST_CONNECTIONS))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """`answer` carries out a call that a response holds; `gone` is told once the bot has said so for long enough.

    `pace` stretches or shrinks the pauses; a fault that names `webhook`, or `down`, hits deliveries.
    """

    now: Callable[[], datetime]
    answer: Callable[[Parameters], Awaitable[None]]
    gone: Callable[[], None]
    faults: Faults
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A try that came to nothing; `retry_after` is what the bot asked for, in seconds."""

    text: str
    status: int | None = None
    retry_after: float = 0.0


@dataclass(slots=True)
class Webhook:
    """One bot's deliveries."""

    address: Address
    queue: UpdateQueue
    circumstances: Circumstances
    last_failure: str | None = None
    last_failure_at: datetime | None = None
    _lanes: dict[Hashable, deque[Ticket]] = field(default_factory=dict)
    _workers: set[asyncio.Task[None]] = field(default_factory=set)
    _runner: asyncio.Task[None] | None = None
    _gone_since: datetime | None = None

    def start(self) -> None:
        self._runner = asyncio.create_task(self._run(), name="webhook")

    def stop(self) -> None:
        """Deliver nothing more. What was not taken goes on waiting."""
        self.queue.deliver_to(None)
        for task in (*self._workers, *([self._runner] if self._runner is not None else [])):
            task.cancel()

    async def _run(self) -> None:
        """Hold the connections, until it is cancelled."""
        gate = asyncio.Semaphore(self.address.max_connections)
        connector = aiohttp.TCPConnector(limit=self.address.max_connections)
        async with aiohttp.ClientSession(connector=connector, timeout=_TIMEOUT) as http:
            self.queue.deliver_to(lambda ticket: self._put(ticket, http, gate))
            await asyncio.get_running_loop().create_future()

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
            self.queue.wait_until_answered(waiting.popleft())
        del self._lanes[lane]

    async def _deliver(self, ticket: Ticket, http: aiohttp.ClientSession, gate: asyncio.Semaphore) -> None:
        """Until it is taken, or has grown too old."""
        failures = 0
        while True:
            async with gate:
                failure = await self._try(ticket.update, http)
            self._note(failure)
            if failure is None:
                return
            pause = failure.retry_after or pause_after(failures)
            failures = max(failures, 1) if failure.retry_after else failures + 1
            if self.circumstances.now() + timedelta(seconds=pause) > ticket.expires_at:
                return
            await asyncio.sleep(pause * self.circumstances.pace)

    async def _try(self, update: Json, http: aiohttp.ClientSession) -> Failure | None:
        faults = self.circumstances.faults
        while faults.is_down("telegram"):
            await asyncio.sleep(_LOOK_AGAIN_S)
        fault = faults.take("telegram", "webhook", background=True)
        if fault is None:
            return await self._send(update, http)
        if fault.kind == "slow":
            await asyncio.sleep(faults.slow_s)
            return await self._send(update, http)
        if fault.kind == "drop_response":
            await self._send(update, http)
        return Failure("Read timeout expired")

    async def _send(self, update: Json, http: aiohttp.ClientSession) -> Failure | None:
        secret = self.address.secret
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        try:
            async with http.post(self.address.url, json=update, headers=headers, allow_redirects=False) as response:
                if not 200 <= response.status < 300:
                    text = f"Wrong response from the webhook: {response.status} {response.reason}"
                    return Failure(text, response.status, _seconds(response.headers.get("Retry-After", "")))
                await self._carry_out(response)
                return None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Failure(_in_telegrams_words(error))

    async def _carry_out(self, response: aiohttp.ClientResponse) -> None:
        """A response may hold one call, of which the bot never hears again; anything else in it is of no interest."""
        try:
            parameters = await _parameters_in(response)
        except (ValueError, ApiError, aiohttp.ClientError, RecursionError):
            return
        name = parameters.values.get("method")
        if isinstance(name, str) and not _NEVER_IN_REPLY.fullmatch(name):
            await self.circumstances.answer(parameters)

    def _note(self, failure: Failure | None) -> None:
        """Remember the last failure; who answers 410 for 23 hours is left alone."""
        if failure is not None:
            self.last_failure, self.last_failure_at = failure.text, self.circumstances.now()
        if failure is None or failure.status != _GONE:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self.circumstances.now()
        elif self.circumstances.now() - self._gone_since > _GONE_FOR_GOOD:
            self.circumstances.gone()


def pause_after(failures: int) -> float:
    """Seconds before the next try, after so many that failed before: none, 2, 4, 8 ... up to a minute or two."""
    return 0.0 if failures == 0 else min(2.0 ** min(failures, 10), random.uniform(*_LONGEST_PAUSE_S))


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise bad_request("bad webhook: invalid webhook URL specified") from error
    if not host or parts.scheme not in ("http", "https") or any(letter.isspace() for letter in url):
        raise bad_request("bad webhook: invalid webhook URL specified")
    if host in _LOOPBACK:
        return
    if parts.scheme == "http":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _in_telegrams_words(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "Failed to resolve host: Name or service not known"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return "SSL error {error:0A000086:SSL routines::certificate verify failed}"
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return "Connection timed out"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "Connection refused"
    return "Read timeout expired" if isinstance(error, TimeoutError) else "Connection closed"


def _seconds(text: str) -> float:
    return min(float(text), _LONGEST_RETRY_AFTER_S) if text.isascii() and text.isdigit() else 0.0


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
