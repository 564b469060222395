"""The second adult of a family by invitation, and leaving a child."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.i18n import clip
from mentorium_core.identity.hashing import hash_invitation
from mentorium_core.identity.model import (
    Child,
    Invitation,
    InvitationClaim,
    InvitationRefusal,
    InvitationRefusedError,
    Joined,
    JoinRequest,
    ParentView,
)
from mentorium_core.identity.one_time_code import DAY, INVITATION_LIFE, check_invitation_limits
from mentorium_core.identity.queries import list_viewable_children, view_of
from mentorium_core.identity.rules import split_name
from mentorium_db import get_session
from mentorium_db.models import Parent
from mentorium_db.repositories import InvitationRepository, LearnerRepository, ParentRepository
from mentorium_db.tables.invitations import JoinRequestRow
from mentorium_domain.enums import JoinStatus, LinkSource
from mentorium_kit import clock
from mentorium_kit.errors import AccessDeniedError, NotFoundError
from mentorium_observability import EventLogService

INVITATION_PREFIX = "inv_"


_TOKEN_BYTES = 24


_LONGEST_NAME = 200
_REDELIVERY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class InviteAdult:
    """`secret` keys what is stored of an invitation."""

    secret: bytes = field(repr=False)

    async def __call__(self, parent: ParentView) -> Invitation:
        """An invitation for one other adult, for one day.

        AccessDeniedError without rights of one's own, InvitationLimitError where there are too many.
        """
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), clock.now()
        invitation = Invitation(INVITATION_PREFIX + token, now + INVITATION_LIFE)
        async with get_session() as session:
            if not await LearnerRepository(session).guardians_of(parent.parent_id):
                raise AccessDeniedError("invitation_without_own_rights")
            await ParentRepository(session).lock(parent.parent_id)  # of two presses at once one counts the other
            invitations = InvitationRepository(session)
            check_invitation_limits(
                await invitations.open_of(parent.parent_id, now),
                await invitations.made_since(parent.parent_id, now - DAY),
            )
            mark = hash_invitation(self.secret, token)
            await invitations.add(parent.parent_id, mark, now, invitation.expires_at)
            await EventLogService.log_user_action("adult_invited", parent.telegram_id)
        return invitation


@dataclass(frozen=True, slots=True)
class CheckInvitation:
    """`secret` is the one that `InviteAdult` was made with."""

    secret: bytes = field(repr=False)

    async def __call__(self, payload: str, telegram_id: int) -> InvitationClaim:
        """The invitation behind a deep link's payload. InvitationRefused if it brings this user in no more: whoever
        has asked with it and waits for the answer may ask again.
        """
        token = payload.removeprefix(INVITATION_PREFIX)
        async with get_session() as session:
            invitations = InvitationRepository(session)
            invitation = await invitations.by_hash(hash_invitation(self.secret, token))
            if invitation is None:
                raise InvitationRefusedError(InvitationRefusal.UNKNOWN)
            request = await invitations.request_of(invitation.id)
            if request is not None:
                guest = await ParentRepository(session).get_by_telegram_id(telegram_id)
                if guest is not None and _waits(request, guest.id):
                    return InvitationClaim(invitation.id)
                raise InvitationRefusedError(InvitationRefusal.USED)
            if clock.now() >= invitation.expires_at:
                raise InvitationRefusedError(InvitationRefusal.EXPIRED)
            return InvitationClaim(invitation.id)


async def ask_to_join(parent: ParentView, claim: InvitationClaim, name: str) -> JoinRequest:
    """Use the invitation up; the inviter is to be asked whether it is really `name` whom they meant.

    Asked again by the same parent while no answer has come, it is the same request.

    InvitationRefused if somebody else came first, it has run out, the inviter is gone, or invited themselves.
    """
    now = clock.now()
    async with get_session() as session:
        invitations = InvitationRepository(session)
        invitation = await invitations.by_id(claim.invitation_id)
        inviter = await invitations.inviter_of(claim.invitation_id)
        if invitation is None or inviter is None or inviter.id == parent.parent_id:
            raise InvitationRefusedError(InvitationRefusal.UNKNOWN)
        asked = await invitations.request_of(invitation.id)
        if asked is not None and _waits(asked, parent.parent_id):
            return JoinRequest(asked.id, await view_of(session, inviter), asked.name)
        if now >= invitation.expires_at:
            raise InvitationRefusedError(InvitationRefusal.EXPIRED)
        shown = clip(name, _LONGEST_NAME) or "?"
        request = await invitations.ask(invitation.id, parent.parent_id, shown, now)
        if request is None:
            raise InvitationRefusedError(InvitationRefusal.USED)
        await EventLogService.log_user_action("asked_to_join", parent.telegram_id)
        return JoinRequest(request.id, await view_of(session, inviter), shown)


def _waits(request: JoinRequestRow, parent_id: int) -> bool:
    return request.invitee_id == parent_id and request.status is JoinStatus.PENDING


async def answer_join_request(inviter: ParentView, request_id: int, accept: bool) -> Joined:
    """Let the one who came into the family, or not; of two answers the first counts.

    They see the children whom the inviter may view by rights of their own. The same answer once more within a quarter
    of an hour changes nothing and returns the same: its update may have been delivered again. NotFoundError for a
    request that is not the inviter's, or answered; UnavailableError if the platform cannot be asked.
    """
    async with get_session() as session:
        guardian_ids = await LearnerRepository(session).guardians_of(inviter.parent_id)
        own = {
            learner.platform_student_id
            for learner in await LearnerRepository(session).list_for_parent(inviter.parent_id)
            if learner.invited_by is None
        }
    allowed = await list_viewable_children(guardian_ids) if accept else ()
    children = tuple(child for child in allowed if child.student_id in own)
    status, now = (JoinStatus.ACCEPTED if accept else JoinStatus.DECLINED), clock.now()
    async with get_session() as session:
        request = await InvitationRepository(session).answer(request_id, inviter.parent_id, status, now)
        if request is None:
            return await _answered_before(session, request_id, inviter, status, children)
        invitee = await ParentRepository(session).lock(request.invitee_id)
        await _let_in(session, invitee, inviter, children)
        await EventLogService.log_user_action("join_request_answered", inviter.telegram_id, status=status)
        await session.refresh(invitee)
        return Joined(await view_of(session, invitee), request.name, children)


async def _answered_before(
    session: AsyncSession, request_id: int, inviter: ParentView, status: JoinStatus, children: tuple[Child, ...]
) -> Joined:
    since = clock.now() - _REDELIVERY
    request = await InvitationRepository(session).answered_since(request_id, inviter.parent_id, status, since)
    invitee = await ParentRepository(session).get(request.invitee_id) if request is not None else None
    if request is None or invitee is None:
        raise NotFoundError("join_request_unknown")
    linked = {learner.platform_student_id for learner in await LearnerRepository(session).list_for_parent(invitee.id)}
    still = tuple(child for child in children if child.student_id in linked)
    return Joined(await view_of(session, invitee), request.name, still)


async def unlink_child(parent: ParentView, student_id: int) -> Child:
    """End the link with the child at once, also for adults the parent invited. NotFoundError if there is none."""
    async with get_session() as session:
        learner = await LearnerRepository(session).unlink(parent.parent_id, student_id)
        if learner is None:
            raise NotFoundError("child_unknown")
        await EventLogService.log_user_action("child_unlinked", parent.telegram_id)
        name = f"{learner.first_name or ''} {learner.last_name or ''}".strip()
        return Child(student_id, name, learner.guardian_id)


async def link_again(parent: ParentView, student_id: int) -> Child:
    """Take an unlinking back: by the parent's own rights as they are now, or by those of who has let them in.

    NotFoundError if the child is none of theirs, UnavailableError if the platform cannot be asked.
    """
    async with get_session() as session:
        lenders: list[int | None] = [None, *await InvitationRepository(session).inviters_of(parent.parent_id)]
    for lender in lenders:
        child = await _child_of(lender or parent.parent_id, student_id, linked=lender is not None)
        if child is not None:
            await _link_again(parent, child, lender)
            return child
    raise NotFoundError("child_unknown")


async def _child_of(parent_id: int, student_id: int, *, linked: bool) -> Child | None:
    """The child, if this parent may view it by rights of their own; `linked`: and has not left it."""
    async with get_session() as session:
        learners = LearnerRepository(session)
        guardian_ids = await learners.guardians_of(parent_id)
        left = linked and student_id not in [
            learner.platform_student_id for learner in await learners.list_for_parent(parent_id)
        ]
    allowed = () if left else await list_viewable_children(guardian_ids)
    return next((child for child in allowed if child.student_id == student_id), None)


async def _link_again(parent: ParentView, child: Child, lender: int | None) -> None:
    async with get_session() as session:
        source = (
            LinkSource.INVITATION
            if lender is not None
            else await LearnerRepository(session).source_of(parent.parent_id, child.guardian_id)
        )
        if source is None:  # the parent was erased, or is this guardian no longer, since we looked
            raise NotFoundError("child_unknown")
        await _link(session, parent.parent_id, child, source=source, invited_by=lender)
        await EventLogService.log_user_action("children_linked", parent.telegram_id, linked=1)


async def _let_in(session: AsyncSession, invitee: Parent, inviter: ParentView, children: tuple[Child, ...]) -> None:
    learners = LearnerRepository(session)
    linked = {learner.platform_student_id: learner for learner in await learners.list_for_parent(invitee.id)}
    for child in children:
        present = linked.get(child.student_id)
        if present is None or present.invited_by is not None:  # rights of one's own are worth more than lent ones
            await _link(session, invitee.id, child, source=LinkSource.INVITATION, invited_by=inviter.parent_id)
    if children:
        await ParentRepository(session).complete_registration(invitee.id, clock.now())


async def _link(
    session: AsyncSession, parent_id: int, child: Child, *, source: LinkSource, invited_by: int | None = None
) -> None:
    first_name, last_name = split_name(child.display_name)
    await LearnerRepository(session).link(
        parent_id,
        guardian_id=child.guardian_id,
        student_id=child.student_id,
        first_name=first_name,
        last_name=last_name,
        source=source,
        invited_by=invited_by,
        now=clock.now(),
    )
