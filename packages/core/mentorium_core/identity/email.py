"""The way in by a code that is mailed: asking for it, mailing it, typing it.

The three do the same work whether the address is known or not, and whoever types it learns nothing of that.
"""

from __future__ import annotations

import hmac
import secrets

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.i18n import t
from mentorium_core.identity.codes import (
    CODE_LIFE,
    DAY,
    MOST_TRIES,
    judge_try,
    mark_of_code,
    may_ask,
    normalise_code,
    normalise_email,
    subject_of,
)
from mentorium_core.identity.model import (
    CodeRequest,
    EmailCodeRefusal,
    EmailCodeRefused,
    EmailRefusal,
    EmailRefused,
    Language,
    LinkClaim,
    LinkSource,
    Mail,
    Mailer,
    ParentView,
)
from mentorium_core.identity.service import CLAIM_LIFE, named, viewable
from mentorium_db import get_session, platform_connection
from mentorium_db.enums import CodeDeed
from mentorium_db.repositories import LinkCodeRepository, ParentRepository
from mentorium_db.repositories.platform import PlatformRepository
from mentorium_kit import clock
from mentorium_observability import EventLogService


class RequestEmailCode:
    """`secret` keys the marks of codes and counters."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    async def __call__(self, parent: ParentView, email: str) -> CodeRequest:
        """A code is awaited from now on, and no earlier one. EmailRefused where the address or a limit forbids it."""
        address = normalise_email(email)
        if address is None:
            raise EmailRefused(EmailRefusal.MALFORMED)
        code, now = f"{secrets.randbelow(10**6):06d}", clock.now()
        subjects = [subject_of(self._secret, "email", address), _user(self._secret, parent)]
        async with get_session() as session:
            await ParentRepository(session).lock(parent.parent_id)
            codes = LinkCodeRepository(session)
            asked = await codes.attempts(subjects, CodeDeed.REQUEST, now - DAY)
            failed = await codes.attempts(subjects[1:], CodeDeed.FAILURE, now - DAY)
            may_ask(asked[subjects[0]], asked[subjects[1]], failed[subjects[1]], now)
            await codes.forget_before(now - DAY)
            await codes.note(subjects, CodeDeed.REQUEST, now)
            mark = mark_of_code(self._secret, parent.telegram_id, address, code)
            await codes.await_code(parent.parent_id, email=address, mark=mark, now=now, expires_at=now + CODE_LIFE)
            await EventLogService.log_user_action("email_code_requested", parent.telegram_id)
        return CodeRequest(parent.telegram_id, address, code)


class MailCode:
    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def __call__(self, request: CodeRequest, language: Language) -> None:
        """Mail the code if exactly one guardian has verified the address.

        To be run after the chat has been answered: its time must tell nothing. UnavailableError if platform or mail
        server do not answer.
        """
        async with platform_connection() as connection:
            guardians = await PlatformRepository(connection).guardians_by_verified_email(request.email)
        if len(guardians) == 1:
            await self._mailer.send(_letter(request, language))


class ConfirmEmailCode:
    """`secret` is the one that `RequestEmailCode` was made with."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    async def __call__(self, parent: ParentView, code: str) -> LinkClaim:
        """What the right code proves; it is used up. EmailCodeRefused, or UnavailableError of the platform."""
        async with get_session() as session:
            awaited = await LinkCodeRepository(session).awaited(parent.parent_id)
            email = awaited.email if awaited is not None else None
        if email is None:
            raise EmailCodeRefused(EmailCodeRefusal.NONE_AWAITED)
        async with platform_connection() as connection:
            guardians = await PlatformRepository(connection).guardians_by_verified_email(email)
        students = await viewable([guardian.guardian_id for guardian in guardians])
        async with get_session() as session:
            refusal, tries_left = await self._judge(session, parent, email, code, known=len(guardians) == 1)
        if refusal is not None:
            raise EmailCodeRefused(refusal, tries_left)
        return LinkClaim(
            guardian_id=guardians[0].guardian_id,
            source=LinkSource.EMAIL,
            expires_at=clock.now() + CLAIM_LIFE,
            students=named(students),
            email=email,
        )

    async def _judge(
        self, session: AsyncSession, parent: ParentView, email: str, code: str, *, known: bool
    ) -> tuple[EmailCodeRefusal | None, int]:
        """Count the try or use the code up; of two who type it at the same moment one gets None."""
        codes, now = LinkCodeRepository(session), clock.now()
        stored = await ParentRepository(session).lock(parent.parent_id)
        awaited = await codes.awaited(parent.parent_id)
        if awaited is None or awaited.email != email:
            return EmailCodeRefusal.NONE_AWAITED, 0
        user = _user(self._secret, parent)
        failures = (await codes.attempts([user], CodeDeed.FAILURE, now - DAY))[user]
        mark = mark_of_code(self._secret, parent.telegram_id, email, normalise_code(code) or "")
        right = hmac.compare_digest(mark, stored.registration_code or "") and known
        refusal = judge_try(
            tries=awaited.tries,
            failures_today=len(failures),
            expires_at=awaited.expires_at,
            right=right,
            now=now,
        )
        if refusal is None:
            await codes.use_up(parent.parent_id)
            return None, 0
        tries_left = MOST_TRIES - awaited.tries - 1
        if tries_left >= 0 and not right:
            await codes.count_try(parent.parent_id)
            await codes.note([user], CodeDeed.FAILURE, now)
        await EventLogService.log_user_action("email_code_refused", parent.telegram_id, reason=refusal)
        return refusal, max(tries_left, 0) if refusal is EmailCodeRefusal.WRONG else 0


def _user(secret: bytes, parent: ParentView) -> str:
    return subject_of(secret, "telegram", str(parent.telegram_id))


def _letter(request: CodeRequest, language: Language) -> Mail:
    minutes = int(CODE_LIFE.total_seconds()) // 60
    text = t(language, "mail-code-text", code=request.code, minutes=minutes)
    html = t(language, "mail-code-html", code=request.code, minutes=minutes)
    return Mail(to=request.email, subject=t(language, "mail-code-subject"), text=text, html=html)
