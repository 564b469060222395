"""A letter at a time over SMTP: `smtp://` (with STARTTLS where the server offers it) or `smtps://`."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
import idna

from mentorium_core.identity.model import Mail
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError, RefusedError, UnavailableError
from mentorium_kit.unit_of_work import refuse_inside

_TIMEOUT_S: Final = 15.0
_DEFAULT_PORTS: Final = {"smtp": 25, "smtps": 465}


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
        name, address = parseaddr(sender)
        self._sender = Address(name, addr_spec=address)

    async def send(self, mail: Mail) -> None:
        """UnavailableError `mail_unavailable` where the server did not take the letter; it is not tried again here.

        RefusedError `mail_address_malformed` for an address or a line that no letter can have.
        """
        refuse_inside("mail")
        try:
            letter = self._message(mail)
        except (ValueError, MessageError) as error:  # idna's errors are ValueErrors
            raise RefusedError("mail_address_malformed", reason=type(error).__name__) from error
        try:
            await aiosmtplib.send(
                letter,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls_from_the_start,
                timeout=_TIMEOUT_S,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UnavailableError("mail_unavailable", reason=type(error).__name__) from error

    async def check(self) -> None:
        """Come in as for a letter, and leave. UnavailableError `mail_unavailable` where the server does not let us."""
        refuse_inside("mail")
        try:
            async with aiosmtplib.SMTP(
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls_from_the_start,
                timeout=_TIMEOUT_S,
            ):
                return
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UnavailableError("mail_unavailable", reason=type(error).__name__) from error

    def _message(self, mail: Mail) -> EmailMessage:
        """Addresses go through the header registry, which refuses line breaks: nobody slips a header in."""
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = Address(addr_spec=_ascii(mail.to))
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = make_msgid(domain=self._sender.domain)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation answers, please
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message


def _ascii(address: str) -> str:
    """The address with an international domain in its ASCII form (IDNA 2008), which every server takes."""
    user, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{user}@{idna.encode(domain, uts46=True).decode()}"
