"""The way in by a code that is mailed: asking for it, mailing it, typing it.

Asking and typing do the same work whether the address is known or not, and whoever types it learns nothing of that;
the mail is a job of its own, stored in the same commit as the code that is awaited.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.i18n import t
from mentorium_core.identity.hashing import hash_code, pseudonym
from mentorium_core.identity.model import (
    Child,
    EmailCodeRefusal,
    EmailCodeRefusedError,
    EmailRefusal,
    EmailRefusedError,
    LinkClaim,
    Mail,
    Mailer,
    ParentView,
)
from mentorium_core.identity.one_time_code import (
    CODE_LIFE,
    DAY,
    MOST_TRIES,
    CodeRequests,
    check_request_limits,
    derive_code,
    judge_attempt,
    normalise_code,
    normalise_email,
)
from mentorium_core.identity.queries import list_viewable_children
from mentorium_core.identity.rules import CLAIM_LIFE
from mentorium_db import get_session, platform_connection
from mentorium_db.jobs import enqueue
from mentorium_db.repositories import EmailCodeRepository, LearnerRepository, ParentRepository
from mentorium_db.repositories.platform import PlatformRepository
from mentorium_domain.enums import CodeAttemptKind, JobKind, Language, LinkSource
from mentorium_kit import clock
from mentorium_observability import EventLogService


@dataclass(frozen=True, slots=True)
class RequestEmailCode:
    """`secret` keys the marks of codes and counters. `job` mails the code."""

    secret: bytes = field(repr=False)
    job: JobKind = JobKind.MAIL_CODE

    async def __call__(self, parent: ParentView, email: str) -> None:
        """A code is awaited from now on, and no earlier one. EmailRefused where the address or a limit forbids it."""
        address = normalise_email(email)
        if address is None:
            raise EmailRefusedError(EmailRefusal.MALFORMED)
        now = clock.now()
        async with get_session() as session:
            stored = await ParentRepository(session).lock(parent.parent_id)
            codes = EmailCodeRepository(session)
            subjects = await self._check_limits(codes, parent, address, now, linked=stored.email == address)
            await codes.note(subjects, CodeAttemptKind.REQUEST, now)
            code = derive_code(self.secret, parent.telegram_id, address, now)
            mark = hash_code(self.secret, parent.telegram_id, address, code)
            await codes.await_code(parent.parent_id, email=address, mark=mark, now=now, expires_at=now + CODE_LIFE)
            job = {"parent_id": parent.parent_id, "asked_at": now.isoformat()}
            await enqueue(session, self.job, job, dedup_key=f"{self.job}:{parent.parent_id}:{now.isoformat()}")
            await EventLogService.log_user_action("email_code_requested", parent.telegram_id)

    async def _check_limits(
        self, codes: EmailCodeRepository, parent: ParentView, address: str, now: datetime, *, linked: bool
    ) -> list[str]:
        """The subjects under which this request counts. EmailRefused where it is one too many."""
        email, user = pseudonym(self.secret, "email", address), _user(self.secret, parent)
        both = pseudonym(self.secret, "email_and_telegram", f"{address}\0{parent.telegram_id}")
        asked = await codes.attempts([email, user, both], CodeAttemptKind.REQUEST, now - DAY)
        failed = await codes.attempts([user], CodeAttemptKind.FAILURE, now - DAY)
        check_request_limits(CodeRequests(asked[user], asked[email], asked[both], failed[user], linked), now)
        return [email, user, both]


@dataclass(frozen=True, slots=True)
class MailCode:
    """`secret` is the one that `RequestEmailCode` was made with. `to_anybody`: whom the platform may not know."""

    mailer: Mailer
    secret: bytes = field(repr=False)
    to_anybody: bool = False

    async def __call__(self, parent_id: int, asked_at: datetime) -> bool:
        """Mail the code that was asked for then, if it is still awaited and exactly one guardian has verified the
        address; whether it was mailed.

        Run again, it mails the same digits. UnavailableError if platform, mail server or our database do not answer.
        """
        now = clock.now()
        async with get_session() as session:
            parent = await ParentRepository(session).get(parent_id)
            awaited = await EmailCodeRepository(session).awaited(parent_id)
        if parent is None or awaited is None or awaited.created_at != asked_at or awaited.expires_at <= now:
            return False
        if not self.to_anybody and not await _is_one_guardians(awaited.email):
            return False
        code = derive_code(self.secret, parent.telegram_id, awaited.email, asked_at)
        await self.mailer.send(_letter(awaited.email, code, parent.language))
        return True


async def _is_one_guardians(email: str) -> bool:
    async with platform_connection() as connection:
        return len(await PlatformRepository(connection).guardians_by_verified_email(email)) == 1


@dataclass(frozen=True, slots=True)
class ConfirmEmailCode:
    """`secret` is the one that `RequestEmailCode` was made with.

    What is right is used up by `link_children`, in the unit that links: whoever is killed between them types it again.
    """

    secret: bytes = field(repr=False)

    async def __call__(self, parent: ParentView, code: str) -> LinkClaim:
        """What the right code proves. EmailCodeRefusedError, or UnavailableError of the platform.

        The platform is asked one question, whether it knows the address or not: a slow one tells nobody which.
        """
        async with get_session() as session:
            awaited = await EmailCodeRepository(session).awaited(parent.parent_id)
            email = awaited.email if awaited is not None else None
        if email is None:
            raise EmailCodeRefusedError(EmailCodeRefusal.NONE_AWAITED)
        async with platform_connection() as connection:
            guardians = await PlatformRepository(connection).guardians_by_verified_email(email)
        async with get_session() as session:
            refusal, tries_left = await self.judge(session, parent, email, code, known=len(guardians) == 1)
        if refusal is not None:
            raise EmailCodeRefusedError(refusal, tries_left)
        return LinkClaim(
            guardian_id=guardians[0].guardian_id,
            source=LinkSource.EMAIL,
            expires_at=clock.now() + CLAIM_LIFE,
            email=email,
        )

    async def judge(
        self, session: AsyncSession, parent: ParentView, email: str, code: str, *, known: bool
    ) -> tuple[EmailCodeRefusal | None, int]:
        """Why not, and how many tries are left; a wrong one is counted. It joins the open unit."""
        codes, now = EmailCodeRepository(session), clock.now()
        stored = await ParentRepository(session).lock(parent.parent_id)
        awaited = await codes.awaited(parent.parent_id)
        if awaited is None or awaited.email != email:
            return EmailCodeRefusal.NONE_AWAITED, 0
        user = _user(self.secret, parent)
        failures = (await codes.attempts([user], CodeAttemptKind.FAILURE, now - DAY))[user]
        mark = hash_code(self.secret, parent.telegram_id, email, normalise_code(code) or "")
        right = hmac.compare_digest(mark, stored.registration_code or "") and known
        refusal = judge_attempt(
            tries=awaited.tries,
            failures_today=len(failures),
            expires_at=awaited.expires_at,
            right=right,
            now=now,
        )
        if refusal is None:
            return None, 0
        tries_left = MOST_TRIES - awaited.tries - 1
        if tries_left >= 0 and not right:
            await codes.count_try(parent.parent_id)
            await codes.note([user], CodeAttemptKind.FAILURE, now)
        await EventLogService.log_user_action("email_code_refused", parent.telegram_id, reason=refusal)
        return refusal, max(tries_left, 0) if refusal is EmailCodeRefusal.WRONG else 0


async def is_code_awaited(parent: ParentView) -> bool:
    """Whether a code was mailed that has not been used up; it may have expired."""
    async with get_session() as session:
        return await EmailCodeRepository(session).awaited(parent.parent_id) is not None


async def find_children_linked_by_code(parent: ParentView) -> tuple[Child, ...] | None:
    """Whose link a code has made within its life; None where none did. Typed or delivered once more it is told this.

    UnavailableError if the platform does not answer.
    """
    since = clock.now() - CODE_LIFE
    async with get_session() as session:
        guardians = await LearnerRepository(session).guardians_linked_by(parent.parent_id, LinkSource.EMAIL, since)
    return await list_viewable_children(guardians) if guardians else None


def _user(secret: bytes, parent: ParentView) -> str:
    return pseudonym(secret, "telegram", str(parent.telegram_id))


def _letter(address: str, code: str, language: Language) -> Mail:
    minutes = int(CODE_LIFE.total_seconds()) // 60
    text = t(language, "mail-code-text", code=code, minutes=minutes)
    html = t(language, "mail-code-html", code=code, minutes=minutes)
    return Mail(to=address, subject=t(language, "mail-code-subject"), text=text, html=html)
