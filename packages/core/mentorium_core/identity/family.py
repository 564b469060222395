"""The second adult of a family by invitation: the right that the inviter's yes lends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.i18n import clip
from mentorium_core.identity.hashing import hash_invitation
from mentorium_core.identity.lent_rights import REDELIVERY
from mentorium_core.identity.linking import link_child
from mentorium_core.identity.model import (
    Child,
    ChildLink,
    Invitation,
    InvitationClaim,
    InvitationRefusal,
    InvitationRefusedError,
    Joined,
    JoinRequest,
    ParentView,
)
from mentorium_core.identity.one_time_code import DAY, INVITATION_LIFE, check_invitation_limits
from mentorium_core.identity.queries import judge_links, view_of
from mentorium_db import get_session
from mentorium_db.models import Parent
from mentorium_db.repositories import (
    InvitationRepository,
    LearnerRepository,
    LentRightRepository,
    ParentRepository,
)
from mentorium_db.tables.invitations import JoinRequestRow
from mentorium_domain.enums import JoinStatus, LinkSource
from mentorium_kit import clock
from mentorium_kit.errors import AccessDeniedError, NotFoundError
from mentorium_observability import EventLogService

INVITATION_PREFIX = "inv_"
_TOKEN_BYTES = 24
_LONGEST_NAME = 200


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
    """Use the invitation up; the inviter is to be asked whether it is really `name` who shall see these children.

    Asked again by the same parent while no answer has come, it is the same request.

    InvitationRefused if somebody else came first, it has run out, the inviter is gone, invited themselves, or has no
    child to show; UnavailableError if the platform cannot be asked whom the inviter may view.
    """
    async with get_session() as session:
        inviter = await InvitationRepository(session).inviter_of(claim.invitation_id)
        if inviter is None or inviter.id == parent.parent_id:
            raise InvitationRefusedError(InvitationRefusal.UNKNOWN)
        own = await own_links(session, inviter.id)
    children = await judge_links(own)
    now = clock.now()
    async with get_session() as session:
        invitations = InvitationRepository(session)
        invitation = await invitations.by_id(claim.invitation_id)
        inviter = await invitations.inviter_of(claim.invitation_id)
        if invitation is None or inviter is None:
            raise InvitationRefusedError(InvitationRefusal.UNKNOWN)
        asked = await invitations.request_of(invitation.id)
        if asked is not None and _waits(asked, parent.parent_id):
            return JoinRequest(asked.id, await view_of(session, inviter), asked.name, _named(children, asked))
        if now >= invitation.expires_at:
            raise InvitationRefusedError(InvitationRefusal.EXPIRED)
        if not children:
            raise InvitationRefusedError(InvitationRefusal.UNKNOWN)
        shown = clip(name, _LONGEST_NAME) or "?"
        student_ids = [child.student_id for child in children]
        request = await invitations.ask(invitation.id, parent.parent_id, shown, student_ids, now)
        if request is None:
            raise InvitationRefusedError(InvitationRefusal.USED)
        await EventLogService.log_user_action("asked_to_join", parent.telegram_id)
        return JoinRequest(request.id, await view_of(session, inviter), shown, children)


def _waits(request: JoinRequestRow, parent_id: int) -> bool:
    return request.invitee_id == parent_id and request.status is JoinStatus.PENDING


def _named(children: tuple[Child, ...], request: JoinRequestRow) -> tuple[Child, ...]:
    """Those of the children whom the inviter was asked about; a release before has asked about all."""
    named = request.student_ids
    return children if named is None else tuple(child for child in children if child.student_id in named)


async def answer_join_request(inviter: ParentView, request_id: int, accept: bool) -> Joined:
    """Let the one who came into the family, or not; of two answers the first counts.

    A yes lends the children whom the inviter was asked about, as far as the inviter may view them by rights of their
    own at this moment; where none is left it is a no. The same answer once more within a quarter of an hour changes
    nothing and returns the same: its update may have been delivered again. NotFoundError for a request that is not the
    inviter's, or answered; UnavailableError if the platform cannot be asked.
    """
    async with get_session() as session:
        own = await own_links(session, inviter.parent_id)
    allowed = await judge_links(own) if accept else ()
    now = clock.now()
    async with get_session() as session:
        invitations = InvitationRepository(session)
        request = await invitations.request_to(inviter.parent_id, request_id)
        if request is None:
            raise NotFoundError("join_request_unknown")
        locked = await ParentRepository(session).lock_all({inviter.parent_id, request.invitee_id})
        if locked.keys() != {inviter.parent_id, request.invitee_id}:
            raise NotFoundError("join_request_unknown")
        invitee = locked[request.invitee_id]
        still_own = {link.student_id for link in await own_links(session, inviter.parent_id)}
        children = tuple(child for child in _named(allowed, request) if child.student_id in still_own)
        status = JoinStatus.ACCEPTED if children else JoinStatus.DECLINED  # what the guest is told
        if await invitations.answer(request_id, inviter.parent_id, status, now) is None:
            return await _answered_before(session, request_id, inviter, status, children)
        await _let_in(session, invitee, inviter, request.name, children)
        await EventLogService.log_user_action("join_request_answered", inviter.telegram_id, status=status)
        await session.refresh(invitee)
        return Joined(await view_of(session, invitee), request.name, children)


async def own_links(session: AsyncSession, parent_id: int) -> tuple[ChildLink, ...]:
    """The links that stand on rights of the parent's own: only these can be lent."""
    links = await LearnerRepository(session).list_for_parent(parent_id)
    return tuple(ChildLink(one.guardian_id, one.platform_student_id) for one in links if one.invited_by is None)


async def _answered_before(
    session: AsyncSession, request_id: int, inviter: ParentView, status: JoinStatus, children: tuple[Child, ...]
) -> Joined:
    since = clock.now() - REDELIVERY
    request = await InvitationRepository(session).answered_since(request_id, inviter.parent_id, status, since)
    invitee = await ParentRepository(session).get(request.invitee_id) if request is not None else None
    if request is None or invitee is None:
        raise NotFoundError("join_request_unknown")
    linked = {learner.platform_student_id for learner in await LearnerRepository(session).list_for_parent(invitee.id)}
    still = tuple(child for child in children if child.student_id in linked)
    return Joined(await view_of(session, invitee), request.name, still)


async def _let_in(
    session: AsyncSession, invitee: Parent, inviter: ParentView, name: str, children: tuple[Child, ...]
) -> None:
    now = clock.now()
    linked = {one.platform_student_id for one in await LearnerRepository(session).list_for_parent(invitee.id)}
    for child in children:
        await LentRightRepository(session).lend(inviter.parent_id, invitee.id, child.student_id, name, now)
        if child.student_id not in linked:  # rights of one's own are worth more, and what is borrowed already is enough
            await link_child(session, invitee.id, child, LinkSource.INVITATION, now, invited_by=inviter.parent_id)
    if children:
        await ParentRepository(session).complete_registration(invitee.id, now)
