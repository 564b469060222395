"""A letter at a time over SMTP: `smtp://` (with STARTTLS where the server offers it) or `smtps://`.

A password goes to another machine by TLS alone: whoever sits between could say that there is no STARTTLS.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
import idna
from aiosmtplib.protocol import normalize_message_line_endings

from mentorium_core.identity.model import (
    MAIL_NOT_HANDED_OVER,
    InlinePicture,
    Mail,
    MailboxRefusedError,
    MailRefusedError,
)
from mentorium_kit import clock
from mentorium_kit.errors import (
    ConfigurationError,
    MentoriumError,
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
)
from mentorium_kit.unit_of_work import refuse_inside

_TIMEOUT_S: Final = 15.0
_OF_THE_MAILBOX: Final = re.compile(r"5\.(?:1\.(?:[1-6]|10)|2\.[12])\b")
"""No mailbox, no system of that name, moved, switched off, full (RFC 3463), no mail at all (RFC 7505)."""
_OF_OURS: Final = re.compile(r"5\.(?:7\.|1\.[78]\b)")
"""The server's policy; the address of the sender, which servers look at when they are told to whom a letter goes."""
_DEFAULT_PORTS: Final = {"smtp": 25, "smtps": 465}
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_STARTTLS: Final = "STARTTLS is not offered"


@dataclass(slots=True)
class _Progress:
    """How far a letter has come: once its content is sent, silence is no answer."""

    is_handed_over: bool = False
    is_taken: bool = False


class SmtpMailer:
    """`url`: smtp[s]://user:password@host:port, the parts before @ optional; `sender`: `Name <name@example.com>`."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise ConfigurationError("smtp_url_malformed")
        self._host, self._port = parts.hostname, parts.port or _DEFAULT_PORTS[parts.scheme]
        self._tls_from_the_start = parts.scheme == "smtps"
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        confidential = self._password is not None and self._host not in _THIS_MACHINE
        self._start_tls = True if confidential and not self._tls_from_the_start else None  # None: where it is offered
        name, address = parseaddr(sender)
        self._sender = Address(name, addr_spec=address)

    async def send(self, mail: Mail) -> None:
        """UnavailableError `mail_unavailable` where the server did not take the letter; it is not tried again here.
        OutcomeUnknownError `mail_unknown` where it was handed over and no answer came.

        RefusedError `mail_address_malformed` for an address or a line that no letter can have; MailRefusedError
        `mail_refused` where the server says that it will never take it, MailboxRefusedError where it names the mailbox
        as the reason, whose code then follows in `reason`. Cancelled before it was handed over, its
        CancelledError says MAIL_NOT_HANDED_OVER.
        """
        refuse_inside("mail")
        try:
            letter = self._message(mail)
        except (ValueError, MessageError) as error:  # idna's errors are ValueErrors
            raise RefusedError("mail_address_malformed", reason=type(error).__name__) from error
        progress = _Progress()
        try:
            async with self._connection() as server:
                try:
                    await self._hand_over(server, letter, progress)
                except asyncio.CancelledError:
                    server.close()  # whoever ends has no time for a good-bye
                    raise
        except asyncio.CancelledError as error:
            if progress.is_handed_over:
                raise
            raise asyncio.CancelledError(MAIL_NOT_HANDED_OVER) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            if progress.is_taken:  # what went wrong afterwards was the good-bye
                return
            raise _meaning(error, in_doubt=progress.is_handed_over) from error

    async def _hand_over(self, server: aiosmtplib.SMTP, letter: EmailMessage, progress: _Progress) -> None:
        raw = letter.as_bytes(policy=policy.SMTP.clone(cte_type="7bit"))
        await server.mail(self._sender.addr_spec)
        await server.rcpt(letter["To"].addresses[0].addr_spec)
        go_on = await server.execute_command(b"DATA")
        if go_on.code != aiosmtplib.SMTPStatus.start_input:
            raise aiosmtplib.SMTPDataError(go_on.code, go_on.message)
        await self._send_content(server, raw, progress)
        progress.is_taken = True

    async def _send_content(self, server: aiosmtplib.SMTP, raw: bytes, progress: _Progress) -> None:
        """What the library's `data` does after the server has said to go on: only from there on is silence a doubt."""
        assert server.protocol is not None
        progress.is_handed_over = True
        lines = normalize_message_line_endings(raw)  # the first one is a header, and begins with no full stop
        server.protocol.write(lines.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        taken = await server.protocol.read_response(timeout=_TIMEOUT_S)
        if not 200 <= taken.code < 300:
            raise aiosmtplib.SMTPDataError(taken.code, taken.message)

    async def check(self) -> None:
        """Come in as for a letter, and leave. UnavailableError `mail_unavailable` where the server does not let us."""
        refuse_inside("mail")
        try:
            async with self._connection():
                return
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UnavailableError("mail_unavailable", reason=_reason(error)) from error

    def _connection(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls_from_the_start,
            start_tls=self._start_tls,
            timeout=_TIMEOUT_S,
        )

    def _message(self, mail: Mail) -> EmailMessage:
        """Addresses go through the header registry, which refuses line breaks: nobody slips a header in."""
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=_ascii(mail.to))
        # else the registry decodes RFC 2047, line breaks and all
        message["Subject"] = mail.subject.replace("=?", "= ?")
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = make_msgid(domain=self._sender.domain)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation answers, please
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        if mail.picture is not None:
            _add_picture(message, mail.picture)
        if mail.unsubscribe_url is not None:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return message


def _add_picture(message: EmailMessage, picture: InlinePicture) -> None:
    """Beside the HTML, which shows it: multipart/related (RFC 2387)."""
    *_, page = message.iter_parts()
    assert isinstance(page, EmailMessage)
    page.add_related(
        picture.content,
        "image",
        picture.kind,
        cid=f"<{picture.name}>",
        disposition="inline",
        filename=f"mentorium.{picture.kind}",
    )


def _meaning(error: Exception, *, in_doubt: bool) -> MentoriumError:
    """What a failure says of the letter. A 5xx to an address or a letter is for good, but for the server's policy, 5.7
    (RFC 3463), and for 5.1.7 and 5.1.8, the sender's address; to a sender or a login, too, it says that our settings
    are wrong. What is neither yes nor no, nor SMTP at all,
    says nothing of a letter that was handed over: tried again, it might come again and again.
    """
    says_no = isinstance(error, aiosmtplib.SMTPResponseException) and 400 <= error.code < 600
    if isinstance(error, aiosmtplib.SMTPResponseException) and (says_no or not in_doubt):
        of_letter = isinstance(error, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
        if of_letter and 500 <= error.code < 600 and not _OF_OURS.match(error.message):
            if (mailbox := _OF_THE_MAILBOX.match(error.message)) is not None:
                return MailboxRefusedError("mail_refused", reason=f"{error.code} {mailbox[0]}")
            return MailRefusedError("mail_refused", reason=str(error.code))
        return UnavailableError("mail_unavailable", reason=str(error.code))
    if in_doubt:
        return OutcomeUnknownError("mail_unknown", reason=type(error).__name__)
    return UnavailableError("mail_unavailable", reason=_reason(error))


def _reason(error: Exception) -> str:
    """No word of the server's, which may quote a letter."""
    refused_tls = type(error) is aiosmtplib.SMTPException and "STARTTLS" in str(error)
    return _NO_STARTTLS if refused_tls else type(error).__name__


def _ascii(address: str) -> str:
    """The address with an international domain in its ASCII form (IDNA 2008), which every server takes."""
    user, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{user}@{idna.encode(domain, uts46=True).decode()}"
