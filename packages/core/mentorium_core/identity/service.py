"""Finding a parent, proving who they are, consent, and the children they may view at this moment.

The platform is read before a unit of work is opened, never inside one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.i18n import t
from mentorium_core.identity.model import (
    CONSENT_TEXT_KEY,
    CONSENT_VERSION,
    Child,
    ContactRefusal,
    ContactRefused,
    KnownNames,
    Language,
    LinkClaim,
    LinkCodeRefusal,
    LinkCodeRefused,
    LinkSource,
    NamedStudent,
    ParentView,
    Registration,
)
from mentorium_core.identity.rules import normalise_phone, read_link_code, split_name
from mentorium_db import get_session, platform_connection
from mentorium_db.enums import ConsentKind, Reach
from mentorium_db.models import Parent
from mentorium_db.repositories import ConsentRepository, LearnerRepository, ParentRepository
from mentorium_db.repositories.platform import PlatformRepository
from mentorium_kit import clock
from mentorium_kit.errors import AccessDeniedError, NotFoundError
from mentorium_observability import EventLogService

CLAIM_LIFE = timedelta(hours=1)
"""How long a checked proof waits for consent: long enough to read the text in peace."""


class FindParent:
    async def __call__(self, telegram_id: int) -> ParentView | None:
        """The parent with this Telegram id; None before consent."""
        async with get_session() as session:
            parent = await ParentRepository(session).get_by_telegram_id(telegram_id)
            return await view_of(session, parent) if parent is not None else None


class CheckLinkCode:
    """`old_key` is accepted beside `key` while the platform changes from one to the other."""

    def __init__(self, key: str, old_key: str | None = None) -> None:
        self._keys = [key, old_key] if old_key else [key]

    async def __call__(self, payload: str) -> LinkClaim:
        """What the deep link proves. LinkCodeRefused, or UnavailableError if the platform does not answer."""
        now = clock.now()
        code = read_link_code(payload, self._keys, now)
        async with get_session() as session:
            if await LearnerRepository(session).link_code_used(code.nonce):
                raise LinkCodeRefused(LinkCodeRefusal.USED)
        async with platform_connection() as connection:
            platform = PlatformRepository(connection)
            guardian = await platform.guardian_by_id(code.guardian_id)
            if guardian is None or guardian.status != "active":
                raise LinkCodeRefused(LinkCodeRefusal.UNKNOWN_GUARDIAN)
        students = await viewable([code.guardian_id])
        return LinkClaim(
            guardian_id=code.guardian_id,
            source=LinkSource.DEEP_LINK,
            expires_at=now + CLAIM_LIFE,
            students=named(students),
            nonce=code.nonce.hex(),
        )


class CheckContact:
    async def __call__(self, phone: str, contact_user_id: int | None, sender_id: int) -> LinkClaim:
        """What a shared contact proves. Only the sender's own counts, and only a phone the platform has verified.

        ContactRefused, or UnavailableError if the platform does not answer.
        """
        if contact_user_id != sender_id:
            raise ContactRefused(ContactRefusal.NOT_OWN)
        number = normalise_phone(phone)
        if number is None:
            raise ContactRefused(ContactRefusal.UNKNOWN)
        async with platform_connection() as connection:
            guardians = await PlatformRepository(connection).guardians_by_verified_phone(number)
        if len(guardians) != 1:
            raise ContactRefused(ContactRefusal.AMBIGUOUS if guardians else ContactRefusal.UNKNOWN)
        guardian_id = guardians[0].guardian_id
        return LinkClaim(
            guardian_id=guardian_id,
            source=LinkSource.CONTACT,
            expires_at=clock.now() + CLAIM_LIFE,
            students=named(await viewable([guardian_id])),
            phone=number,
        )


class GiveConsent:
    async def __call__(self, telegram_id: int, language: Language, claim: LinkClaim | None) -> Registration:
        """Write the parent, their consent and, with a claim, guardian and children: all of it or nothing.

        Errors as of `LinkChildren`.
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
                await _link(session, parent, claim, children, now)
            await session.refresh(parent)
            return Registration(await view_of(session, parent), children)


class LinkChildren:
    async def __call__(self, telegram_id: int, claim: LinkClaim) -> Registration:
        """Link the claim's guardian and all children they may view, where consent stands.

        LinkCodeRefused if the deep link has been used or the claim has run out meanwhile, AccessDeniedError without
        consent, UnavailableError if the platform does not answer.
        """
        children = await _children_of_claim(claim)
        now = clock.now()
        async with get_session() as session:
            parent = await ParentRepository(session).get_by_telegram_id(telegram_id)
            if parent is None or not await ConsentRepository(session).has_current(
                parent.id, ConsentKind.DATA_PROCESSING
            ):
                raise AccessDeniedError("consent_missing")
            await _link(session, parent, claim, children, now)
            await session.refresh(parent)
            return Registration(await view_of(session, parent), children)


class ChangeLanguage:
    async def __call__(self, telegram_id: int, language: Language) -> None:
        """NotFoundError before consent."""
        async with get_session() as session:
            parent = await ParentRepository(session).get_by_telegram_id(telegram_id)
            if parent is None:
                raise NotFoundError("parent_unknown")
            await ParentRepository(session).set_language(parent.id, language, clock.now())


class ChildrenOf:
    async def __call__(self, parent: ParentView) -> tuple[Child, ...]:
        """The linked children whom the platform lets this parent view right now, first linked first.

        Each link is judged by the guardian on whose rights it stands, which for an invited adult is the inviter's.

        Never answered from memory: UnavailableError if the platform cannot be asked.
        """
        async with get_session() as session:
            linked = [
                (learner.guardian_id, learner.platform_student_id)
                for learner in await LearnerRepository(session).list_for_parent(parent.parent_id)
            ]
        allowed = await viewable({guardian_id for guardian_id, _ in linked})
        by_link = {(child.guardian_id, child.student_id): child for child in allowed}
        return tuple(by_link[link] for link in linked if link in by_link)


class FamilyNames:
    async def __call__(self, parent: ParentView) -> KnownNames:
        """Every name of this family that we know: none of them may leave the house.

        UnavailableError if the platform cannot be asked.
        """
        async with get_session() as session:
            learners = LearnerRepository(session)
            linked = await learners.list_for_parent(parent.parent_id)
            guardian_ids = {
                *await learners.guardians_of(parent.parent_id),
                *(learner.guardian_id for learner in linked),
            }
        children = [f"{learner.first_name or ''} {learner.last_name or ''}".strip() for learner in linked]
        async with platform_connection() as connection:
            platform = PlatformRepository(connection)
            guardians = [await platform.guardian_by_id(guardian_id) for guardian_id in sorted(guardian_ids)]
        adults = [guardian.full_name for guardian in guardians if guardian is not None]
        return KnownNames(tuple(children), tuple(adults))


async def registered_after(parent_id: int, before: datetime, most: int) -> tuple[ParentView, ...]:
    """The next registered parents behind this id who came before then: for work that goes through all of them."""
    async with get_session() as session:
        parents = await ParentRepository(session).registered_after(parent_id, before, most)
        return tuple([await view_of(session, parent) for parent in parents])


async def view_of(session: AsyncSession, parent: Parent) -> ParentView:
    """The parent as the other use cases know them."""
    consented = await ConsentRepository(session).has_current(parent.id, ConsentKind.DATA_PROCESSING)
    return ParentView(
        parent_id=parent.id,
        telegram_id=parent.telegram_id,
        language=parent.language,
        registered=parent.registration_completed,
        consented=consented,
        reachable=parent.reach is Reach.OPEN,
    )


async def viewable(guardian_ids: Collection[int]) -> tuple[Child, ...]:
    """Whom these guardians may view at this moment. UnavailableError if the platform cannot be asked."""
    if not guardian_ids:
        return ()
    async with platform_connection() as connection:
        rows = await PlatformRepository(connection).students_of_guardians(guardian_ids)
    return tuple(Child(row.student_id, row.display_name, row.guardian_id) for row in rows)


def named(children: Sequence[Child]) -> tuple[NamedStudent, ...]:
    """What a claim keeps of the children."""
    return tuple(NamedStudent(child.student_id, child.display_name) for child in children)


async def _children_of_claim(claim: LinkClaim | None) -> tuple[Child, ...]:
    """Rights are asked anew: they may have changed since the claim was checked."""
    if claim is None:
        return ()
    if clock.now() >= claim.expires_at:
        raise LinkCodeRefused(LinkCodeRefusal.EXPIRED)
    return await viewable([claim.guardian_id])


async def _link(
    session: AsyncSession, parent: Parent, claim: LinkClaim, children: Sequence[Child], now: datetime
) -> None:
    learners = LearnerRepository(session)
    if claim.nonce is not None and not await learners.claim_link_code(
        bytes.fromhex(claim.nonce), claim.guardian_id, parent.telegram_id, now
    ):
        raise LinkCodeRefused(LinkCodeRefusal.USED)
    event = "children_linked" if parent.registration_completed else "registration"
    await learners.add_guardian(parent.id, claim.guardian_id, claim.source, now)
    for child in children:
        first_name, last_name = split_name(child.display_name)
        await learners.link(
            parent.id,
            guardian_id=claim.guardian_id,
            student_id=child.student_id,
            first_name=first_name,
            last_name=last_name,
            source=claim.source,
            now=now,
        )
    await ParentRepository(session).complete_registration(parent.id, now, phone=claim.phone, email=claim.email)
    await EventLogService.log_user_action(event, parent.telegram_id, source=claim.source, linked=len(children))
