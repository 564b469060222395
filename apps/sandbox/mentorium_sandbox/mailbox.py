"""The mail server's stand-in: takes every letter, shows them to programs and to people."""

from __future__ import annotations

import asyncio
import base64
import html
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from mentorium_sandbox.faults import Fault, Faults

_MOST_LETTERS = 1_000
_LARGEST_LETTER = 10 * 1024 * 1024
_SILENCE_S = 120.0
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
article { border: 1px solid #8884; border-radius: .75rem; padding: 1rem 1.25rem; margin: 1rem 0; }
h2 { font-size: 1.1rem; margin: 0; } p.from { opacity: .7; margin: 0 0 .75rem; }
pre { white-space: pre-wrap; font: inherit; margin: 0; }
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """As it arrived; `time` is the sandbox's, ISO 8601 with offset. `html` is None in a letter of text alone; pictures
    stand in it as data. `unsubscribe`: the URL of List-Unsubscribe, where one POST is announced to end letters.
    """

    seq: int
    time: str
    to: str
    subject: str
    text: str
    html: str | None
    unsubscribe: str | None = None

    def described(self) -> dict[str, Any]:
        told = {"seq": self.seq, "time": self.time, "to": self.to, "subject": self.subject, "text": self.text}
        more = {"html": self.html, "unsubscribe": self.unsubscribe}
        return {**told, **{name: value for name, value in more.items() if value is not None}}


class Mailbox:
    """Keeps the newest letters, oldest first. `arrived` is called at each one."""

    def __init__(self, now: Callable[[], datetime], faults: Faults, arrived: Callable[[], None] = lambda: None) -> None:
        self._now = now
        self._faults = faults
        self._arrived = arrived
        self._seq = 0
        self._letters: deque[Letter] = deque(maxlen=_MOST_LETTERS)
        self._server: asyncio.Server | None = None

    @property
    def letters(self) -> tuple[Letter, ...]:
        return tuple(self._letters)

    @property
    def port(self) -> int:
        """Where it takes letters. Raises RuntimeError before `open`."""
        if self._server is None:
            raise RuntimeError("the mailbox is not open")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def open(self, host: str) -> None:
        """Take letters from now on, on a port that was free."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._talk, host, 0)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    def _talk(self) -> asyncio.BaseProtocol:
        if self._faults.is_down("smtp"):
            return _Closed()
        return SMTP(self, hostname="sandbox", ident="Mentorium sandbox", data_size_limit=_LARGEST_LETTER)

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        fault = self._faults.take("smtp", "DATA")
        refusal = _refusal(fault)
        if refusal is not None:
            return refusal
        if fault is not None and fault.kind == "timeout":
            await asyncio.sleep(_SILENCE_S)
        else:
            self._keep(envelope)
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(self._faults.slow_s)
        if fault is not None and fault.kind in {"drop_response", "timeout", "down"} and server.transport is not None:
            server.transport.abort()  # type: ignore[attr-defined]
        return "250 OK"

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self._seq += 1
        self._letters.append(
            Letter(
                self._seq,
                self._now().isoformat(),
                ", ".join(address or "" for address in envelope.rcpt_tos),
                str(message["Subject"] or ""),
                _part(message, "plain") or "",
                _with_pictures(message, _part(message, "html")),
                _unsubscribe_url(message),
            )
        )
        self._arrived()


class _Closed(asyncio.Protocol):
    """Nobody is at home."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.abort()  # type: ignore[attr-defined]


def _refusal(fault: Fault | None) -> str | None:
    match fault.kind if fault is not None else None:
        case "status_429":
            return "451 4.7.1 Too many letters, try again later"
        case "status_500":
            return "554 5.3.0 Something went wrong here"
        case _:
            return None


def _part(message: EmailMessage, kind: str) -> str | None:
    body = message.get_body((kind,))
    if body is None:
        return None
    content = body.get_content()
    return content if isinstance(content, str) else None


def _with_pictures(message: EmailMessage, page: str | None) -> str | None:
    """The HTML as a browser can show it: what it names as `cid:` is put in."""
    for part in message.walk() if page is not None else ():
        name = str(part["Content-ID"] or "").strip("<>")
        if name and part.get_content_maintype() == "image":
            content = part.get_payload(decode=True)
            data = base64.b64encode(content if isinstance(content, bytes) else b"").decode()
            page = (page or "").replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{data}")
    return page


def _unsubscribe_url(message: EmailMessage) -> str | None:
    """RFC 8058: the header, and beside it the one that says what a POST means."""
    url = str(message["List-Unsubscribe"] or "").strip()
    one_click = str(message["List-Unsubscribe-Post"] or "").strip() == "List-Unsubscribe=One-Click"
    return url[1:-1] if one_click and url.startswith("<") and url.endswith(">") else None


def routes(mailbox: Mailbox) -> list[web.AbstractRouteDef]:
    """GET /sandbox/mailbox for programs, GET /mailbox for people, /mailbox/<seq> for the HTML of one letter."""

    async def letters(_: web.Request) -> web.StreamResponse:
        return web.json_response({"messages": [letter.described() for letter in mailbox.letters]})

    async def page(_: web.Request) -> web.StreamResponse:
        return web.Response(text=_page(mailbox.letters), content_type="text/html")

    async def letter(request: web.Request) -> web.StreamResponse:
        found = next((one for one in mailbox.letters if str(one.seq) == request.match_info["seq"]), None)
        if found is None or found.html is None:
            raise web.HTTPNotFound
        policy = "sandbox allow-popups; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        return web.Response(text=found.html, content_type="text/html", headers={"Content-Security-Policy": policy})

    return [
        web.get("/sandbox/mailbox", letters),
        web.get("/mailbox", page),
        web.get("/mailbox/{seq}", letter),
    ]


def _page(letters: tuple[Letter, ...]) -> str:
    shown = "".join(
        f"<article><h2>{html.escape(letter.subject)}</h2>"
        f'<p class="from">{html.escape(letter.to)}, {html.escape(letter.time)}</p>'
        f"<pre>{html.escape(letter.text)}</pre>{_ways(letter)}</article>"
        for letter in reversed(letters)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Mailbox of the sandbox</title><style>{_STYLE}</style></head>"
        f"<body><h1>Mailbox</h1>{shown or '<p>No letter has come yet.</p>'}</body></html>"
    )


def _ways(letter: Letter) -> str:
    """What a mail program offers beside the text."""
    ways = []
    if letter.html is not None:
        ways.append(f'<a href="/mailbox/{letter.seq}" target="_blank" rel="noopener">as HTML</a>')
    if letter.unsubscribe is not None:
        ways.append(f'<a href="{html.escape(letter.unsubscribe)}" target="_blank" rel="noopener">unsubscribe</a>')
    return f'<p class="from">{" · ".join(ways)}</p>' if ways else ""
