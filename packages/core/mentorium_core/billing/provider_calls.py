"""The audit log of payment providers: what one asked and what it was answered, kept for disputes, without secrets."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy.exc import IntegrityError

from mentorium_db import driver_connection, get_driver
from mentorium_db.repositories import ProviderCallRepository
from mentorium_domain.enums import PaymentStatus, ProviderName, WebhookStatus
from mentorium_kit import clock
from mentorium_kit.retry import retry_conflicts

LONGEST_TEXT: Final = 16_000
_LONGEST_LOOKED_AT: Final = 8 * LONGEST_TEXT
"""A statement of a busy month has megabytes: nobody else waits until it has been read for what is not kept of it."""
HIDDEN: Final = "***"
_NAMES: Final = (
    r"(?:[a-z_]*(?:password|secret|token|sign_string|authorization)|card_number|number|expire|expire_date|sms_code)"
)
_IN_JSON: Final = re.compile(rf'("{_NAMES}"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|[^\s",}}\]]+)', re.IGNORECASE)
_IN_FORM: Final = re.compile(rf"((?:^|[&?]){_NAMES}=)[^&\s]*", re.IGNORECASE)
_CARD: Final = re.compile(r"(?<![0-9A-Za-z_-])[2-9][0-9]{3}([ -]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?![0-9A-Za-z_-])")
"""Sixteen digits that stand alone: Uzcard, Humo, Visa, MasterCard. An id or milliseconds have another length."""
_DIGEST: Final = re.compile(r"[0-9a-f]{32,}", re.IGNORECASE)
"""A signature (MD5 and longer), also where a caller put it into another field. No id of ours or theirs is as long."""


@dataclass(frozen=True, slots=True)
class ProviderExchange:
    """What came in (or went out): `request` as it was written; `secrets`: what must stand nowhere, wherever it is.

    `remote`: the caller's address.
    """

    provider: ProviderName
    method: str
    request: str = field(repr=False)
    remote: str | None = None
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """`text` is the whole answer. `order`: the public id of the order it was about. `became`: what a payment has become
    by this call, to be counted once that is committed; None where nothing changed, as when a call is repeated.
    `status`: of the call, whatever it was about; a refusal by our rules is an answer.
    """

    text: str
    order: str | None = None
    became: PaymentStatus | None = None
    status: WebhookStatus = WebhookStatus.ANSWERED


def without_card_numbers(text: str) -> str:
    """Whatever may be a card's number made unreadable."""
    return _CARD.sub(HIDDEN, text)


def without_secrets(text: str, secrets: tuple[str, ...] = ()) -> str:
    """Passwords, tokens, signatures and whatever may be a card made unreadable; cut to 16,000 characters.

    It holds nothing that PostgreSQL could not keep as text.
    """
    if len(text) > _LONGEST_LOOKED_AT:  # what is cut in two at its end is kept by neither cut
        text = text[: _LONGEST_LOOKED_AT - LONGEST_TEXT]
    readable = text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    for secret in secrets:
        if secret:
            readable = readable.replace(secret, HIDDEN)
    readable = _IN_JSON.sub(rf'\1"{HIDDEN}"', readable)
    readable = _IN_FORM.sub(rf"\1{HIDDEN}", readable)
    return _DIGEST.sub(HIDDEN, without_card_numbers(readable))[:LONGEST_TEXT]


async def keep_exchange(exchange: ProviderExchange, answered: Answered, took_ms: int) -> None:
    """Write it down. It joins an open unit of work: what changed money stands if and only if this does."""
    async with get_driver(alone=True) as driver:
        await ProviderCallRepository(driver).add(
            exchange.provider,
            without_secrets(exchange.method)[:50],
            request=without_secrets(exchange.request, exchange.secrets),
            answer=without_secrets(answered.text, exchange.secrets),
            took_ms=took_ms,
            now=clock.now(),
            order_public_id=answered.order,
            remote=exchange.remote[:64] if exchange.remote is not None else None,
        )


async def answer_in_one_commit(
    exchange: ProviderExchange,
    answering: Callable[[], Awaitable[Answered]],
    took_ms: Callable[[], int],
    *,
    only_reads: bool = False,
) -> Answered:
    """What `answering` changes, and that it was asked and answered, in one commit.

    Where it `only_reads` there is nothing to be kept together: it needs no transaction.

    `answering` says a refusal as an answer, since an error undoes everything. Where another call was first at the same
    moment (a deadlock, or a row that is unique), it is asked anew, and finds what stands. Errors as of `get_session`.
    """

    async def once() -> Answered:
        async with driver_connection(writes=True) if only_reads else get_driver():
            answered = await answering()
            await keep_exchange(exchange, answered, took_ms())
        return answered

    try:
        return await retry_conflicts(once)
    except IntegrityError:
        return await retry_conflicts(once)
