"""The mail server's stand-in, over plain SMTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import aiosmtplib
import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from mentorium_sandbox.clock import TASHKENT
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.mailbox import Mailbox, routes


@dataclass(frozen=True, slots=True)
class Post:
    mailbox: Mailbox
    faults: Faults
    url: str
    http: ClientSession

    async def send(self, subject: str = "Kod", text: str = "Kod 123456") -> None:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "a@example.uz", "b@example.uz", subject
        letter.set_content(text)
        letter.add_alternative(f"<p>{text}</p>", subtype="html")
        await aiosmtplib.send(letter, hostname="127.0.0.1", port=self.mailbox.port, timeout=5)


@pytest_asyncio.fixture
async def post() -> AsyncIterator[Post]:
    faults = Faults()
    mailbox = Mailbox(lambda: datetime.now(TASHKENT), faults)
    await mailbox.open("127.0.0.1")
    app = web.Application()
    app.add_routes(routes(mailbox))
    async with TestServer(app, host="127.0.0.1") as server, ClientSession() as http:
        yield Post(mailbox, faults, str(server.make_url("")).rstrip("/"), http)
    await mailbox.close()


async def test_a_letter_is_shown_to_programs_and_people(post: Post) -> None:
    await post.send("Oʻzbekcha: код", "<b>not bold</b> ʻ")
    async with post.http.get(f"{post.url}/sandbox/mailbox") as answer:
        (told,) = (await answer.json())["messages"]
    assert (told["seq"], told["to"], told["subject"]) == (1, "b@example.uz", "Oʻzbekcha: код")
    assert told["text"].strip() == "<b>not bold</b> ʻ"
    assert told["html"].strip().startswith("<p>")
    assert datetime.fromisoformat(told["time"]).tzinfo is not None
    async with post.http.get(f"{post.url}/mailbox") as answer:
        page = await answer.text()
    assert "&lt;b&gt;not bold" in page
    assert "<b>not bold" not in page


@pytest.mark.parametrize("kind", ["status_429", "status_500", "drop_response", "down"])
async def test_faults_show_to_the_sender_once(post: Post, kind: str) -> None:
    post.faults.add("smtp", kind, times=None)
    with pytest.raises((aiosmtplib.SMTPException, OSError)):
        await post.send()
    assert len(post.mailbox.letters) == (1 if kind == "drop_response" else 0)
    post.faults.clear()
    await post.send()
    assert post.mailbox.letters[-1].subject == "Kod"
