"""E-mail as a second channel: who wants it, to which address, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from mentorium_core.i18n import t
from mentorium_core.identity.email_code import ConfirmEmailCode
from mentorium_core.identity.model import EmailCodeRefusal, EmailCodeRefusedError, ParentView
from mentorium_core.identity.one_time_code import CODE_LIFE
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.email_links import EmailLinks
from mentorium_core.notifications.quiet_hours import in_the_day
from mentorium_db import get_session, platform_connection
from mentorium_db.jobs import enqueue
from mentorium_db.repositories import EmailChannelRepository, EmailCodeRepository, LearnerRepository, ParentRepository
from mentorium_db.repositories.platform import PlatformRepository
from mentorium_domain.enums import AddressSource, EmailOff, EmailWish, JobKind, Language, NotificationType
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_kit.errors import RefusedError
from mentorium_observability import EventLogService

MOST_REFUSALS: Final = 2
"""So many permanent ones in a row, and letters are switched off."""
A_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class EmailChannelView:
    """`address`: where letters go, or where they would go by the platform; None: it knows no verified one."""

    wish: EmailWish
    address: str | None
    off_reason: EmailOff | None = None

    @property
    def is_on(self) -> bool:
        return self.wish is not EmailWish.OFF


async def get_email_channel(parent: ParentView) -> EmailChannelView:
    """UnavailableError where the platform has to be asked for an address and does not answer."""
    async with get_session() as session:
        kept = await EmailChannelRepository(session).get(parent.parent_id)
        if kept is not None and kept.wish is not EmailWish.OFF:
            return EmailChannelView(kept.wish, kept.address)
        off_reason = kept.off_reason if kept is not None else None
        confirmed = kept.address if kept is not None and kept.source is AddressSource.CODE else None
    known = [] if confirmed is not None else await verified_addresses(parent)
    return EmailChannelView(EmailWish.OFF, confirmed or (known[0] if known else None), off_reason)


async def find_confirmed_lately(parent: ParentView) -> EmailChannelView | None:
    """Where letters go by a code of these minutes, typed once more; None where none was typed."""
    async with get_session() as session:
        kept = await EmailChannelRepository(session).get(parent.parent_id)
        if kept is None or kept.source is not AddressSource.CODE or kept.wish is EmailWish.OFF:
            return None
        return EmailChannelView(kept.wish, kept.address) if kept.wished_at > clock.now() - CODE_LIFE else None


async def verified_addresses(parent: ParentView) -> list[str]:
    """The parent's own addresses that the platform has verified. UnavailableError."""
    async with get_session() as session:
        linked = await LearnerRepository(session).list_for_parent(parent.parent_id)
        own = {learner.guardian_id for learner in linked if learner.invited_by is None}
    if not own:
        return []
    async with platform_connection() as connection:
        return await PlatformRepository(connection).verified_emails(own)


async def choose_email(parent: ParentView, wish: EmailWish) -> EmailChannelView:
    """The parent's choice: letters from now on, to the address that is theirs for certain, or none.

    RefusedError `email_address_unknown` where there is no such address. UnavailableError of the platform.
    """
    now = clock.now()
    if wish is EmailWish.OFF:
        async with get_session() as session:
            await EmailChannelRepository(session).switch_off(parent.parent_id, EmailOff.PARENT, now)
            await EventLogService.log_user_action("email_chosen", parent.telegram_id, wish=wish)
        return await get_email_channel(parent)
    known = await verified_addresses(parent)
    async with get_session() as session:
        channels = EmailChannelRepository(session)
        await ParentRepository(session).lock(parent.parent_id)
        kept = await channels.get(parent.parent_id, lock=True)
        if kept is not None and (kept.source is AddressSource.CODE or kept.address in known):
            address, source = kept.address, kept.source
        elif known:
            address, source = known[0], AddressSource.PLATFORM
        else:
            raise RefusedError("email_address_unknown")
        await channels.wish(parent.parent_id, wish, address, source, now)
        await EventLogService.log_user_action("email_chosen", parent.telegram_id, wish=wish)
        return EmailChannelView(wish, address)


@dataclass(frozen=True, slots=True)
class ConfirmAddress:
    """`secret` is the one that `RequestEmailCode` was made with."""

    secret: bytes = field(repr=False)

    async def __call__(self, parent: ParentView, code: str) -> EmailChannelView:
        """The right code makes its address the one for letters, all reports from now on. EmailCodeRefusedError.

        Its update may be delivered again: where it has done so already, this changes nothing and returns the same.
        """
        now = clock.now()
        async with get_session() as session:
            codes = EmailCodeRepository(session)
            awaited = await codes.awaited(parent.parent_id)
            if awaited is None:
                if (view := await find_confirmed_lately(parent)) is not None:
                    return view
                raise EmailCodeRefusedError(EmailCodeRefusal.NONE_AWAITED)
            address = awaited.email
            judge = ConfirmEmailCode(self.secret).judge
            refusal, tries_left = await judge(session, parent, address, code, known=True)
            if refusal is None:
                await codes.use_up(parent.parent_id, address)
                await EmailChannelRepository(session).wish(
                    parent.parent_id, EmailWish.ALWAYS, address, AddressSource.CODE, now
                )
                await EventLogService.log_user_action("email_chosen", parent.telegram_id, wish=EmailWish.ALWAYS)
        if refusal is not None:  # the try that was counted stands
            raise EmailCodeRefusedError(refusal, tries_left)
        return EmailChannelView(EmailWish.ALWAYS, address)


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """The link's two halves: what is to be shown, which changes nothing, and the end of letters by one POST."""

    links: EmailLinks

    async def look(self, token: str) -> Language | None:
        """The language of whom the link is for; None for a link that is not ours, or of another address.

        What is not ours asks the database nothing: nobody keeps its connections by making links up.
        """
        if (found := self.links.read(token)) is None:
            return None
        async with get_session() as session:
            parent = await ParentRepository(session).get(found[0])
            kept = await EmailChannelRepository(session).get(parent.id) if parent is not None else None
            if parent is None or kept is None or not self.links.is_of(found[1], kept.address):
                return None
            return parent.language

    async def __call__(self, token: str) -> Language | None:
        """No more letters. Harmless twice; None as of `look`."""
        language = await self.look(token)
        found = self.links.read(token)
        if language is None or found is None:
            return None
        async with get_session() as session:
            if await EmailChannelRepository(session).switch_off(found[0], EmailOff.UNSUBSCRIBED, clock.now()):
                parent = await ParentRepository(session).get(found[0])
                telegram_id = parent.telegram_id if parent is not None else None
                await EventLogService.log_user_action("email_unsubscribed", telegram_id)
        return language


async def switch_off_email(parent_id: int, because: EmailOff, key: str, now: datetime) -> None:
    """Letters end for no wish of the parent's, and the chat says so. `key`: of what it was. Joins the open unit."""
    async with get_session() as session:
        channels = EmailChannelRepository(session)
        kept = await channels.get(parent_id, lock=True)
        if kept is None or not await channels.switch_off(parent_id, because, now):
            return
        parent = await ParentRepository(session).get(parent_id)
        if parent is None:
            return
        message = OutboxMessage(
            telegram_id=parent.telegram_id,
            kind=NotificationType.SUBSCRIPTION,
            message=t(parent.language, f"email-off-{because.replace('_', '-')}", address=kept.address),
            dedup_key=f"email:off:{key}",
            send_at=in_the_day(now),
        )
        await notify([message])
        await EventLogService.log_system("email_switched_off", parent.telegram_id, reason=because)


async def leave_letters(now: datetime, most: int = A_BATCH) -> bool:
    """A duty of the ticker: letters that are due, each with the job that sends it; whether there may be more."""
    async with get_session() as session:
        left = await EmailChannelRepository(session).leave(now, most)
        for message_id in left:
            payload = {"message_id": message_id}
            await enqueue(session, JobKind.MAIL_MESSAGE, payload, dedup_key=f"mail_message:{message_id}")
        return len(left) == most
