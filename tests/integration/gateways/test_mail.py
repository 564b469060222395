"""Letters over a real SMTP server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from mentorium_core.identity.model import (
    MAIL_NOT_HANDED_OVER,
    InlinePicture,
    Mail,
    MailboxRefusedError,
    MailRefusedError,
)
from mentorium_gateways.mail import SmtpMailer
from mentorium_kit.errors import ConfigurationError, OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_sandbox.servers.process import free_port
from tests.fixtures.patience import HANGS_AFTER_S

SENDER = "Mentorium <no-reply@mentorium.io>"
LETTER = Mail("dilnoza@example.uz", "Код: kirish oʻzbekcha", "Kod 123456", "<p>Kod <b>123456</b></p>")


class PostOffice:
    """Takes letters; `refusal` is what it says instead, once it is set."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refusal: str | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusal is not None:
            return self.refusal
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
def url(office: PostOffice) -> Iterator[str]:
    port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


async def test_a_letter_arrives_as_text_and_html(office: PostOffice, url: str) -> None:
    await SmtpMailer(url, SENDER).send(LETTER)
    (letter,) = office.letters
    assert office.recipients == ["dilnoza@example.uz"]
    assert (letter["From"], letter["To"], letter["Subject"]) == (SENDER, LETTER.to, LETTER.subject)
    assert letter["Message-ID"].endswith("@mentorium.io>")
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().strip() == LETTER.text
    assert html.get_content().strip() == LETTER.html


async def test_an_international_domain_goes_over_the_wire_in_ascii(office: PostOffice, url: str) -> None:
    await SmtpMailer(url, SENDER).send(replace(LETTER, to="dilnoza@почта.рф"))
    assert office.recipients == ["dilnoza@xn--80a1acny.xn--p1ai"]


async def test_nobody_slips_a_header_in(office: PostOffice, url: str) -> None:
    for wrong in (
        Mail("a@example.uz\r\nBcc: b@example.uz", "s", "t", "h"),
        Mail("a@example.uz", "s\r\nBcc: b@example.uz", "t", "h"),
        Mail("a@example.uz", "s", "t", "h", unsubscribe_url="https://x/\r\nBcc: b@example.uz"),
    ):
        with pytest.raises(RefusedError):
            await SmtpMailer(url, SENDER).send(wrong)
    assert office.letters == []


@pytest.mark.parametrize(
    "name",
    ["=?utf-8?q?x=0D=0ABcc:_evil@example.com=0D=0A=0D=0AAnother_letter?=", "=?utf-8?q?Bcc=0A?=", "=?utf-8?b?Qm9v?="],
)
async def test_a_subject_is_not_read_as_an_encoded_word(office: PostOffice, url: str, name: str) -> None:
    """A child's name is anybody's text: decoded it could end the headers and go on as a letter of its own."""
    await SmtpMailer(url, SENDER).send(replace(LETTER, subject=f"{name}: oʻqish haftasi"))
    (letter,) = office.letters
    assert str(letter["Subject"]).split() == f"{name}: oʻqish haftasi".replace("=?", "= ?").split()  # it is folded
    assert letter["Bcc"] is None
    text = letter.get_body(("plain",))
    assert text is not None
    assert text.get_content().strip() == LETTER.text


@pytest.mark.parametrize(
    "refusal",
    [
        "451 try later",
        "554 5.7.1 not from you",
        "550 5.7.26 not authenticated",
        "550 5.1.8 whose is the sender's domain",
    ],
)
async def test_a_refused_letter_is_said_to_be(office: PostOffice, url: str, refusal: str) -> None:
    office.refusal = refusal
    with pytest.raises(UnavailableError) as error:
        await SmtpMailer(url, SENDER).send(LETTER)
    assert error.value.code == "mail_unavailable"
    assert "dilnoza" not in str(error.value)


@pytest.mark.parametrize("refusal", ["554 no", "550 5.1.1 nobody by this name"])
async def test_a_letter_that_will_never_be_taken_is_told_apart(office: PostOffice, url: str, refusal: str) -> None:
    office.refusal = refusal
    with pytest.raises(MailRefusedError) as error:
        await SmtpMailer(url, SENDER).send(LETTER)
    assert "dilnoza" not in str(error.value)


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        ("550 5.1.1 nobody by this name", "550 5.1.1"),
        ("556 5.1.10 takes no mail", "556 5.1.10"),
        ("552 5.2.2 full", "552 5.2.2"),
        ("550 nobody by this name", None),
        ("554 5.1.100 of no meaning", None),
        ("554 5.6.0 a letter of that kind", None),
    ],
)
async def test_a_refusal_that_names_the_mailbox_says_so(
    office: PostOffice, url: str, refusal: str, reason: str | None
) -> None:
    office.refusal = refusal
    with pytest.raises(MailRefusedError) as error:
        await SmtpMailer(url, SENDER).send(LETTER)
    assert isinstance(error.value, MailboxRefusedError) == (reason is not None)
    assert error.value.context["reason"] == (reason or refusal[:3])


async def test_a_server_that_falls_silent_behind_the_letter_leaves_it_in_doubt() -> None:
    """Before its content was sent nothing can have arrived; after that nobody knows."""
    for in_data, expected in ((False, UnavailableError), (True, OutcomeUnknownError)):

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, in_data: bool = in_data) -> None:
            writer.write(b"220 here\r\n")
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"RCPT" and not in_data:
                    break
                writer.write({b"DATA": b"354 go on\r\n"}.get(verb, b"250 OK\r\n"))
                if verb == b"DATA":
                    await reader.readuntil(b"\r\n.\r\n")
                    break
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(expected):
            await SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER).send(LETTER)
        server.close()


@asynccontextmanager
async def answering(
    answers: Mapping[str, bytes | None], tells: tuple[str, asyncio.Event] | None = None
) -> AsyncIterator[str]:
    """The URL of a server that answers each verb, and CONTENT, like this; None: it hangs up. It tells of one verb."""

    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            verb = line[:4].decode().strip().upper()
            answer = answers.get(verb, b"354 go on\r\n" if verb == "DATA" else b"250 OK\r\n")
            if answer == b"354 go on\r\n":
                writer.write(answer)
                await reader.readuntil(b"\r\n.\r\n")
                verb, answer = "CONTENT", answers.get("CONTENT", b"250 OK\r\n")
            if tells is not None and tells[0] == verb:
                tells[1].set()
            if answer is None:
                break
            writer.write(answer)

    async def serve_to_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):  # the client may hang up before it has read all
            await serve(reader, writer)
        writer.close()
        ended.set()

    server = await asyncio.start_server(serve_to_the_end, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with asyncio.timeout(HANGS_AFTER_S):
            await ended.wait()
    finally:
        server.close()


@pytest.mark.parametrize("answer", [None, b"garbage\r\n", b"421 4.3.2 closing\r\n"])
async def test_what_hangs_up_before_the_content_has_not_got_it(answer: bytes | None) -> None:
    """It is tried again: in doubt it would never be."""
    async with answering({"DATA": answer}) as url:
        with pytest.raises(UnavailableError):
            await SmtpMailer(url, SENDER).send(LETTER)


@pytest.mark.parametrize("answer", [None, b"garbage\r\n", b"2x0 OK\r\n", b"x" * 600_000 + b"\r\n", b"354 again\r\n"])
async def test_an_answer_to_the_content_that_says_nothing_leaves_it_in_doubt(answer: bytes | None) -> None:
    """Sent again it may come twice, and again, for days."""
    async with answering({"CONTENT": answer}) as url:
        with pytest.raises(OutcomeUnknownError):
            await SmtpMailer(url, SENDER).send(LETTER)


@pytest.mark.parametrize(("verb", "says"), [("RCPT", (MAIL_NOT_HANDED_OVER,)), ("CONTENT", ())])
async def test_a_process_that_ends_knows_what_it_has_not_handed_over(verb: str, says: tuple[str, ...]) -> None:
    """A deploy while the mail server hangs leaves no letter in doubt that never left."""
    asked = asyncio.Event()

    async def send(url: str) -> object:
        try:
            await SmtpMailer(url, SENDER).send(LETTER)
        except asyncio.CancelledError as error:
            return error.args
        return None

    async with answering({verb: b"250-and so on"}, (verb, asked)) as url, asyncio.TaskGroup() as group:
        sending = group.create_task(send(url))
        await asked.wait()
        sending.cancel()
        assert await sending == says


async def test_a_deadline_around_a_letter_is_kept() -> None:
    async def send(url: str) -> None:
        async with asyncio.timeout(0.3):
            await SmtpMailer(url, SENDER).send(LETTER)

    async with answering({"RCPT": b"250-and so on"}) as url:
        with pytest.raises(TimeoutError):
            await send(url)


async def test_content_that_is_taken_in_other_words_is_taken() -> None:
    """It raises nothing, so nobody sends it again."""
    content = asyncio.Event()
    answers = {"CONTENT": b"252 will try\r\n", "QUIT": b"garbage\r\n"}
    async with answering(answers, ("CONTENT", content)) as url:
        await SmtpMailer(url, SENDER).send(LETTER)
    assert content.is_set()


async def test_a_line_of_one_full_stop_ends_no_letter(office: PostOffice, url: str) -> None:
    words = "first\n.\n..\n.last\nend"
    await SmtpMailer(url, SENDER).send(replace(LETTER, text=words))
    (letter,) = office.letters
    text = letter.get_body(("plain",))
    assert text is not None
    assert text.get_content().split() == words.split()


async def test_a_picture_stands_in_the_letter_and_one_click_ends_letters(office: PostOffice, url: str) -> None:
    picture, link = InlinePicture("p@mentorium", "png", b"\x89PNG..."), "https://bot.example.uz/mail/unsubscribe/7.x"
    page = '<img src="cid:p@mentorium">'
    await SmtpMailer(url, SENDER).send(replace(LETTER, html=page, picture=picture, unsubscribe_url=link))
    (letter,) = office.letters
    assert letter["List-Unsubscribe"] == f"<{link}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (shown,) = [part for part in letter.walk() if part.get_content_maintype() == "image"]
    assert (shown["Content-ID"], shown.get_content_disposition()) == ("<p@mentorium>", "inline")
    assert shown.get_payload(decode=True) == picture.content
    assert letter.get_body(("html",)).get_content().strip() == page  # type: ignore[union-attr]
    assert letter.get_content_type() == "multipart/alternative"


async def test_nobody_listens() -> None:
    with pytest.raises(UnavailableError):
        await SmtpMailer(f"smtp://127.0.0.1:{free_port()}", SENDER).send(LETTER)


async def test_name_and_password(office: PostOffice) -> None:
    seen: list[LoginPassword] = []

    def authenticate(_s: Any, _session: Any, _e: Any, _mechanism: Any, data: LoginPassword) -> AuthResult:
        seen.append(data)
        # not handled: the server itself answers 535, where it would leave the client waiting
        return AuthResult(success=data.password == b"p@ss:word", handled=False)

    port = free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port, authenticator=authenticate, auth_require_tls=False)
    controller.start()
    try:
        await SmtpMailer(f"smtp://bot:p%40ss%3Aword@127.0.0.1:{port}", SENDER).send(LETTER)
        with pytest.raises(UnavailableError):
            await SmtpMailer(f"smtp://bot:wrong@127.0.0.1:{port}", SENDER).send(LETTER)
    finally:
        controller.stop()
    assert [login.login for login in seen][:1] == [b"bot"]
    assert len(office.letters) == 1


async def test_a_password_goes_to_no_other_machine_in_the_clear(office: PostOffice) -> None:
    """Whoever sits between may say that the server knows no STARTTLS, and would read password and codes."""
    seen: list[LoginPassword] = []

    def authenticate(_s: Any, _session: Any, _e: Any, _mechanism: Any, data: LoginPassword) -> AuthResult:
        seen.append(data)
        return AuthResult(success=True)

    port = free_port()
    controller = Controller(office, hostname="127.0.0.2", port=port, authenticator=authenticate, auth_require_tls=False)
    controller.start()
    try:
        mailer = SmtpMailer(f"smtp://bot:password@127.0.0.2:{port}", SENDER)
        for ask in (mailer.send(LETTER), mailer.check()):
            with pytest.raises(UnavailableError) as caught:
                await ask
            assert caught.value.context["reason"] == "STARTTLS is not offered"
    finally:
        controller.stop()
    assert (seen, office.letters) == ([], [])


@pytest.mark.parametrize("url", ["http://mail.example.uz", "smtp://", "mail.example.uz:25"])
def test_what_is_no_mail_server(url: str) -> None:
    with pytest.raises(ConfigurationError):
        SmtpMailer(url, SENDER)
