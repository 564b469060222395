"""Proving who a parent is, consent, and the link to the children that follows from both.

The platform is read before a unit of work is opened, never inside one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.i18n import t
from mentorium_core.identity.linking import link_child
from mentorium_core.identity.model import (
    CONSENT_TEXT_KEY,
    CONSENT_VERSION,
    Child,
    ContactRefusal,
    ContactRefusedError,
    EmailCodeRefusal,
    EmailCodeRefusedError,
    LinkClaim,
    LinkCodeRefusal,
    LinkCodeRefusedError,
    RegistrationResult,
)
from mentorium_core.identity.queries import list_viewable_children, view_of
from mentorium_core.identity.rules import CLAIM_LIFE, normalise_phone, open_link_code
from mentorium_core.inbox.commands import forget_updates_of
from mentorium_db import get_session, platform_connection
from mentorium_db.models import Parent
from mentorium_db.repositories import ConsentRepository, EmailCodeRepository, LearnerRepository, ParentRepository
from mentorium_db.repositories.platform import PlatformRepository
from mentorium_domain.enums import ConsentKind, Language, LinkSource
from mentorium_kit import clock
from mentorium_kit.errors import AccessDeniedError, NotFoundError
from mentorium_observability import EventLogService


@dataclass(frozen=True, slots=True)
class CheckLinkCode:
    """`old_key` is accepted beside `key` while the platform changes from one to the other."""

    key: str = field(repr=False)
    old_key: str | None = field(default=None, repr=False)

    async def __call__(self, payload: str, telegram_id: int) -> LinkClaim:
        """What the deep link proves to this Telegram user. A used one still proves it to whoever used it: their update
        may have been delivered again. LinkCodeRefused, or UnavailableError if the platform does not answer.
        """
        now = clock.now()
        code = open_link_code(payload, [self.key, self.old_key] if self.old_key else [self.key], now)
        async with get_session() as session:
            use = await LearnerRepository(session).use_of_link_code(code.nonce)
            if use is None and now >= code.expires_at:
                raise LinkCodeRefusedError(LinkCodeRefusal.EXPIRED)
            if use is not None and use.parent_telegram_id != telegram_id:
                raise LinkCodeRefusedError(LinkCodeRefusal.USED)
        async with platform_connection() as connection:
            platform = PlatformRepository(connection)
            guardian = await platform.guardian_by_id(code.guardian_id)
            if guardian is None or guardian.status != "active":
                raise LinkCodeRefusedError(LinkCodeRefusal.UNKNOWN_GUARDIAN)
        return LinkClaim(
            guardian_id=code.guardian_id,
            source=LinkSource.DEEP_LINK,
            expires_at=now + CLAIM_LIFE,
            nonce=code.nonce.hex(),
        )


async def check_contact(phone: str, contact_user_id: int | None, sender_id: int) -> LinkClaim:
    """What a shared contact proves. Only the sender's own counts, and only a phone the platform has verified.

    ContactRefused, or UnavailableError if the platform does not answer.
    """
    if contact_user_id != sender_id:
        raise ContactRefusedError(ContactRefusal.NOT_OWN)
    number = normalise_phone(phone)
    if number is None:
        raise ContactRefusedError(ContactRefusal.UNKNOWN)
    async with platform_connection() as connection:
        guardians = await PlatformRepository(connection).guardians_by_verified_phone(number)
    if len(guardians) != 1:
        raise ContactRefusedError(ContactRefusal.AMBIGUOUS if guardians else ContactRefusal.UNKNOWN)
    guardian_id = guardians[0].guardian_id
    return LinkClaim(
        guardian_id=guardian_id,
        source=LinkSource.CONTACT,
        expires_at=clock.now() + CLAIM_LIFE,
        phone=number,
    )


async def decline_consent(telegram_id: int) -> None:
    """Nothing of this person is kept: neither what they have just sent, nor what still waits of them."""
    async with get_session():
        await forget_updates_of(telegram_id)


async def give_consent(telegram_id: int, language: Language, claim: LinkClaim | None) -> RegistrationResult:
    """Write the parent, their consent and, with a claim, guardian and children: all of it or nothing.

    Errors as of `link_children`.
    """
    children = await _children_of_claim(claim)
    now = clock.now()
    async with get_session() as session:
        parent = await ParentRepository(session).add(telegram_id, language=language, now=now)
        await ParentRepository(session).set_language(parent.id, language, now)
        text_hash = hashlib.sha256(t(language, CONSENT_TEXT_KEY).encode()).hexdigest()
        await ConsentRepository(session).add(
            parent.id, ConsentKind.DATA_PROCESSING, CONSENT_VERSION, text_hash, language, now
        )
        await EventLogService.log_user_action("consent", telegram_id, version=CONSENT_VERSION, language=language)
        if claim is not None:
            children = await _link(session, parent, claim, children, now)
        await session.refresh(parent)
        return RegistrationResult(await view_of(session, parent), children)


async def link_children(telegram_id: int, claim: LinkClaim) -> RegistrationResult:
    """Link the claim's guardian and all children they may view, where consent stands.

    Repeated by the same parent with the same deep link it changes nothing, and says whom of them is linked still.

    LinkCodeRefused if the deep link has been used or the claim has run out meanwhile, EmailCodeRefusedError if the
    code has been used, AccessDeniedError without consent, UnavailableError if the platform does not answer.
    """
    children = await _children_of_claim(claim)
    now = clock.now()
    async with get_session() as session:
        parent = await ParentRepository(session).get_by_telegram_id(telegram_id)
        if parent is None or not await ConsentRepository(session).has_current(parent.id, ConsentKind.DATA_PROCESSING):
            raise AccessDeniedError("consent_missing")
        children = await _link(session, parent, claim, children, now)
        await session.refresh(parent)
        return RegistrationResult(await view_of(session, parent), children)


async def change_language(telegram_id: int, language: Language) -> None:
    """NotFoundError before consent."""
    async with get_session() as session:
        parent = await ParentRepository(session).get_by_telegram_id(telegram_id)
        if parent is None:
            raise NotFoundError("parent_unknown")
        await ParentRepository(session).set_language(parent.id, language, clock.now())


async def _children_of_claim(claim: LinkClaim | None) -> tuple[Child, ...]:
    """Rights are asked anew: they may have changed since the claim was checked."""
    if claim is None:
        return ()
    if clock.now() >= claim.expires_at:
        raise LinkCodeRefusedError(LinkCodeRefusal.EXPIRED)
    return await list_viewable_children([claim.guardian_id])


async def _link(
    session: AsyncSession, parent: Parent, claim: LinkClaim, children: Sequence[Child], now: datetime
) -> tuple[Child, ...]:
    """The linked children."""
    learners = LearnerRepository(session)
    if claim.nonce is not None:
        nonce = bytes.fromhex(claim.nonce)
        if not await learners.claim_link_code(nonce, claim.guardian_id, parent.telegram_id, now):
            return await _linked_before(learners, parent, nonce, children)
    if claim.source is LinkSource.EMAIL and claim.email is not None:
        # Of two who type the right code at the same moment one gets past here. The parent is locked before the code, as
        # where a try is counted.
        await ParentRepository(session).lock(parent.id)
        if not await EmailCodeRepository(session).use_up(parent.id, claim.email):
            raise EmailCodeRefusedError(EmailCodeRefusal.NONE_AWAITED)
    event = "children_linked" if parent.registration_completed else "registration"
    await learners.add_guardian(parent.id, claim.guardian_id, claim.source, now)
    for child in children:
        await link_child(session, parent.id, child, claim.source, now)
    await ParentRepository(session).complete_registration(parent.id, now, phone=claim.phone, email=claim.email)
    await EventLogService.log_user_action(event, parent.telegram_id, source=claim.source, linked=len(children))
    return tuple(children)


async def _linked_before(
    learners: LearnerRepository, parent: Parent, nonce: bytes, children: Sequence[Child]
) -> tuple[Child, ...]:
    """What a used deep link has linked; it links nobody anew whom its owner has left since."""
    use = await learners.use_of_link_code(nonce)
    if use is None or use.parent_telegram_id != parent.telegram_id:
        raise LinkCodeRefusedError(LinkCodeRefusal.USED)
    linked = {learner.platform_student_id for learner in await learners.list_for_parent(parent.id)}
    still = tuple(child for child in children if child.student_id in linked)
    if children and not still:
        raise LinkCodeRefusedError(LinkCodeRefusal.USED)
    return still
