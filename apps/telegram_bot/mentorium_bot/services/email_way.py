"""Registration by a mailed code; the worker mails it, so that the answer's time tells nothing of the address."""

from __future__ import annotations

from dataclasses import dataclass

from mentorium_core.identity.email import ConfirmEmailCode, RequestEmailCode


@dataclass(frozen=True, slots=True)
class EmailWay:
    request: RequestEmailCode
    confirm: ConfirmEmailCode
