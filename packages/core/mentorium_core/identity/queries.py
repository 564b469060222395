"""Who a parent is and whom they may view at this moment.

The platform is read before a unit of work is opened, never inside one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.identity.model import (
    Child,
    ChildLink,
    FamilyView,
    Guest,
    KnownNames,
    LinkedChild,
    ParentView,
)
from mentorium_core.identity.rules import shown_name
from mentorium_db import driver_connection, get_session, platform_connection
from mentorium_db.models import Parent
from mentorium_db.repositories import (
    ConsentRepository,
    HotPathRepository,
    InvitationRepository,
    LearnerRepository,
    LentRightRepository,
    ParentRepository,
)
from mentorium_db.repositories.platform import GuardedStudent, PlatformRepository
from mentorium_db.tables.rights import LentRight
from mentorium_domain.enums import ChatState, ConsentKind


async def find_parent(telegram_id: int) -> ParentView | None:
    """The parent with this Telegram id; None before consent. UnitOfWorkError inside a unit of work."""
    async with driver_connection() as driver:
        found = await HotPathRepository(driver).parent(telegram_id, ConsentKind.DATA_PROCESSING)
    if found is None:
        return None
    return ParentView(
        parent_id=found.id,
        telegram_id=telegram_id,
        language=found.language,
        registered=found.registration_completed,
        consented=found.consented,
        reachable=found.chat_state is ChatState.OPEN,
        report_in_doubt=found.report_in_doubt,
    )


async def find_parents(telegram_ids: Collection[int]) -> dict[int, ParentView]:
    """Telegram id -> parent, of those there are."""
    if not telegram_ids:
        return {}
    async with get_session() as session:
        found = await ParentRepository(session).list_with_consent(telegram_ids, ConsentKind.DATA_PROCESSING)
        return {parent.telegram_id: _view(parent, consented) for parent, consented in found}


async def list_children(parent: ParentView) -> tuple[Child, ...]:
    """The linked children whom the platform lets this parent view right now, first linked first.

    Each link is judged by the guardian on whose rights it stands, which for an invited adult is the inviter's.

    Never answered from memory: UnavailableError if the platform cannot be asked.
    """
    return await judge_links(await list_links(parent))


async def list_children_of(parents: Sequence[ParentView]) -> dict[int, tuple[Child, ...]]:
    """Parent id -> as `list_children`, of many parents, by one statement of ours and one of the platform's."""
    links: dict[int, list[ChildLink]] = {parent.parent_id: [] for parent in parents}
    async with get_session() as session:
        for parent_id, guardian_id, student_id in await LearnerRepository(session).links_of(links):
            links[parent_id].append(ChildLink(guardian_id, student_id))
    viewable = await list_viewable_children({link.guardian_id for some in links.values() for link in some})
    by_link = {ChildLink(child.guardian_id, child.student_id): child for child in viewable}
    return {parent_id: tuple(by_link[link] for link in some if link in by_link) for parent_id, some in links.items()}


async def list_links(parent: ParentView) -> tuple[ChildLink, ...]:
    """The links of this parent as we keep them, first linked first: what they are worth now the platform tells."""
    async with get_session() as session:
        linked = await LearnerRepository(session).list_for_parent(parent.parent_id)
    return tuple(ChildLink(learner.guardian_id, learner.platform_student_id) for learner in linked)


async def judge_links(links: Sequence[ChildLink]) -> tuple[Child, ...]:
    """The children of the links that the platform honours right now, in the order of the links.

    UnavailableError if the platform cannot be asked.
    """
    return honoured(links, await list_viewable_children({link.guardian_id for link in links}))


def honoured(links: Sequence[ChildLink], viewable: Collection[Child]) -> tuple[Child, ...]:
    """The children of those links that are among what the platform lets be viewed, in the order of the links."""
    by_link = {ChildLink(child.guardian_id, child.student_id): child for child in viewable}
    return tuple(by_link[link] for link in links if link in by_link)


async def get_known_names(parent: ParentView) -> KnownNames:
    """The names of this parent's children that we keep, and the guardians whose names the platform keeps.

    UnitOfWorkError inside a unit of work.
    """
    async with driver_connection() as driver:
        return KnownNames(*await HotPathRepository(driver).names(parent.parent_id))


async def get_guardian_names(guardian_ids: Collection[int], known: Mapping[int, str] | None = None) -> tuple[str, ...]:
    """What these guardians are called on the platform, which is asked only of those who are not `known` by now.

    UnavailableError if it cannot be asked.
    """
    names = dict(known or {})
    if unknown := set(guardian_ids) - names.keys():
        async with platform_connection() as connection:
            guardians = await PlatformRepository(connection).guardians_by_ids(unknown)
        names |= {guardian.guardian_id: guardian.full_name for guardian in guardians}
    return tuple(names[guardian_id] for guardian_id in sorted(guardian_ids) if guardian_id in names)


async def list_registered_after(parent_id: int, before: datetime, most: int) -> tuple[ParentView, ...]:
    """The next registered parents behind this id who came before then: for work that goes through all of them."""
    async with get_session() as session:
        parents = await ParentRepository(session).list_registered_after(parent_id, before, most)
        return await views_of(session, parents)


async def view_of(session: AsyncSession, parent: Parent) -> ParentView:
    """The parent as the other use cases know them."""
    (view,) = await views_of(session, [parent])
    return view


async def views_of(session: AsyncSession, parents: Sequence[Parent]) -> tuple[ParentView, ...]:
    """The same of several, in their order."""
    ids = [parent.id for parent in parents]
    consented = await ConsentRepository(session).current_among(ids, ConsentKind.DATA_PROCESSING)
    return tuple(_view(parent, parent.id in consented) for parent in parents)


def _view(parent: Parent, consented: bool) -> ParentView:
    return ParentView(
        parent_id=parent.id,
        telegram_id=parent.telegram_id,
        language=parent.language,
        registered=parent.registration_completed,
        consented=consented,
        reachable=parent.chat_state is ChatState.OPEN,
    )


async def list_viewable_children(guardian_ids: Collection[int]) -> tuple[Child, ...]:
    """Whom these guardians may view at this moment. UnavailableError if the platform cannot be asked."""
    if not guardian_ids:
        return ()
    async with platform_connection() as connection:
        rows = await PlatformRepository(connection).students_of_guardians(guardian_ids)
    return _children(rows)


async def list_viewable_with_names(guardian_ids: Collection[int]) -> tuple[tuple[Child, ...], dict[int, str]]:
    """As `list_viewable_children`, and what these guardians are called on the platform."""
    if not guardian_ids:
        return (), {}
    async with platform_connection() as connection:
        rows, names = await PlatformRepository(connection).rights_and_names(guardian_ids)
    return _children(rows), names


def _children(rows: Sequence[GuardedStudent]) -> tuple[Child, ...]:
    return tuple(Child(row.student_id, shown_name(row.display_name, row.student_id), row.guardian_id) for row in rows)


async def is_waiting_for_inviter(parent: ParentView) -> bool:
    """Whether somebody who was invited still waits for the inviter's yes or no."""
    async with get_session() as session:
        return await InvitationRepository(session).is_waiting(parent.parent_id)


async def get_family(parent: ParentView) -> FamilyView:
    """The children the parent may view now and on whose rights, and whom they have let in.

    UnavailableError if the platform is away.
    """
    children = await list_children(parent)
    async with get_session() as session:
        linked = await LearnerRepository(session).list_for_parent(parent.parent_id)
        lent = await LentRightRepository(session).standing_of(parent.parent_id)
    own = {learner.platform_student_id for learner in linked if learner.invited_by is None}
    return FamilyView(
        tuple(LinkedChild(c.student_id, c.first_name, c.display_name, c.student_id in own) for c in children),
        may_invite=any(child.student_id in own for child in children),
        guests=_guests(lent, children),
    )


def _guests(lent: Sequence[LentRight], children: Sequence[Child]) -> tuple[Guest, ...]:
    """Who was let in, first come first."""
    by_borrower: dict[int, list[LentRight]] = {}
    for right in lent:
        by_borrower.setdefault(right.borrower_id, []).append(right)
    return tuple(
        Guest(
            rights[0].id,
            rights[-1].borrower_name,
            tuple(
                child.first_name
                for child in children
                if child.student_id in {right.platform_student_id for right in rights}
            ),
        )
        for rights in by_borrower.values()
    )


async def list_other_parents(parent: ParentView, guardian_id: int) -> tuple[ParentView, ...]:
    """The other Telegram users who proved to be the same guardian, first come first."""
    async with get_session() as session:
        parents = await LearnerRepository(session).parents_of_guardian(guardian_id)
        return await views_of(session, [other for other in parents if other.id != parent.parent_id])
