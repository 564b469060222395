"""Registration by a mailed code.

The mail goes out after the answer in the chat, so that neither what is said nor how long it takes tells whether an
address is known. For the same reason nobody is told that a mail could not be sent: it is only tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from mentorium_core.identity.email import ConfirmEmailCode, MailCode, RequestEmailCode
from mentorium_core.identity.model import CodeRequest, Language, LinkClaim, ParentView
from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

PAUSES_S: Final = (2.0, 10.0, 30.0)
"""Between the tries to send one mail: a code lives ten minutes, and the parent waits for it."""

logger = get_logger(__name__)


class EmailWay:
    def __init__(
        self,
        nursery: Nursery,
        request: RequestEmailCode,
        mail: MailCode,
        confirm: ConfirmEmailCode,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        self._nursery = nursery
        self._request = request
        self._mail = mail
        self._confirm = confirm
        self._pauses_s = pauses_s
        self._in_hand = 0

    @property
    def busy(self) -> int:
        """Mails that are still to be sent."""
        return self._in_hand

    async def request(self, parent: ParentView, address: str) -> CodeRequest:
        """Note that a code is wanted. EmailRefused where it is no address, or too soon, or too often."""
        return await self._request(parent, address)

    def mail_later(self, request: CodeRequest, language: Language) -> None:
        """Send the mail, if there is one to send, beside whatever follows."""
        self._in_hand += 1
        self._nursery.start(self._send(request, language), name="mail-code")

    async def confirm(self, parent: ParentView, code: str) -> LinkClaim:
        """What the six digits prove. EmailCodeRefused, or UnavailableError if the platform does not answer."""
        return await self._confirm(parent, code)

    async def _send(self, request: CodeRequest, language: Language) -> None:
        try:
            for pause_s in (*self._pauses_s, None):
                if await self._sent(request, language) or pause_s is None:
                    return
                await asyncio.sleep(pause_s)
        finally:
            self._in_hand -= 1

    async def _sent(self, request: CodeRequest, language: Language) -> bool:
        try:
            await self._mail(request, language)
        except UnavailableError as error:
            count_error(error)
            logger.warning("code_not_mailed", code=error.code)
            return False
        return True
