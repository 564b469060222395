"""Reports by e-mail: parents' wishes, and the letters, set-based. `now` is the product's time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import DateTime, Integer, String, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.statements import prepared
from mentorium_db.tables.email_channel import EmailChannel, EmailMessage
from mentorium_domain.enums import AddressSource, EmailOff, EmailStatus, EmailWish

_MOMENT: Final = DateTime(timezone=True)
# Reports whose message is due by now, to those who want all of them, and where the bot is blocked to those who have
# agreed to that; ends of subscriptions that are near, to whoever has not been to be reached for two weeks. A letter's
# key is that of the message, as the chat has it.
LEAVE: Final = prepared(
    """
    WITH wanted AS (
        SELECT c.*, p.telegram_id, p.chat_state FROM email_channels c JOIN parents p ON p.id = c.parent_id
        WHERE c.wish = 'always' OR (c.wish = 'when_blocked' AND p.chat_state = 'blocked')
    ), due AS (
        SELECT w.parent_id, w.address, n.dedup_key, h.id AS report_id, h.platform_student_id, NULL::text AS message,
            n.expires_at
        FROM wanted w
        JOIN report_history h ON h.parent_telegram_id = w.telegram_id
            AND h.report_type <> 'ON_DEMAND' AND h.generated_at > :now - interval '10 days'
        JOIN notifications n ON n.dedup_key = concat(
            'report:', CASE h.report_type WHEN 'MONTHLY' THEN 'm' ELSE 'w' END, ':', left(h.report_period, 10),
            ':', 'p', w.parent_id, ':', 'c', h.platform_student_id
        )
        WHERE n.send_at <= :now AND n.expires_at > :now AND n.send_at >= w.wished_at
            AND (w.wish = 'always' OR n.reason = 'chat_closed')
            AND coalesce(n.reason, '') NOT IN ('switched_off', 'right_ended')
        UNION ALL
        SELECT w.parent_id, w.address, n.dedup_key, NULL, NULL, n.message, n.expires_at
        FROM wanted w
        JOIN notifications n ON n.parent_telegram_id = w.telegram_id
        WHERE w.chat_state = 'blocked' AND n.dedup_key LIKE 'subscription:soon:%' AND n.reason = 'chat_closed'
            AND n.send_at <= :now AND n.expires_at > :now AND n.message <> ''
            AND :now - interval '14 days' >= coalesce((
                SELECT max(e.created_at) FROM event_logs e
                WHERE e.user_telegram_id = w.telegram_id AND e.event_name = 'chat_closed'
            ), '-infinity')
    )
    INSERT INTO email_messages (
        parent_id, dedup_key, address, report_id, platform_student_id, message, created_at, expires_at
    )
    SELECT parent_id, 'mail:' || dedup_key, address, report_id, platform_student_id, message, :now, expires_at
    FROM due d
    WHERE NOT EXISTS (SELECT FROM email_messages m WHERE m.dedup_key = 'mail:' || d.dedup_key)
    LIMIT :most
    ON CONFLICT (dedup_key) DO NOTHING
    RETURNING id
    """,
    now=_MOMENT,
    most=Integer(),
)
# By the refused letters behind the newest that was taken, at most the newest so many: one index has both, however many
# letters wait, were left out or are over. A refusal that names the mailbox is kept with its code: `550 5.1.1`.
REFUSED_SINCE_ONE_WAS_TAKEN: Final = prepared(
    """
    SELECT count(DISTINCT parent_id) FROM (
        SELECT parent_id, reason FROM email_messages
        WHERE status = 'refused'
            AND id > coalesce((SELECT max(id) FROM email_messages WHERE status = 'sent'), 0)
        ORDER BY id DESC LIMIT 1000
    ) newest
    WHERE reason LIKE :reason
    """,
    reason=String(),
)


class EmailChannelRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, parent_id: int, *, lock: bool = False) -> EmailChannel | None:
        return await self.session.get(EmailChannel, parent_id, populate_existing=True, with_for_update=lock or None)

    async def wish(self, parent_id: int, wish: EmailWish, address: str, source: AddressSource, now: datetime) -> None:
        """From now on letters go there, and refusals are counted anew. IntegrityError where the parent is gone."""
        new = {
            "wish": wish,
            "address": address,
            "source": source,
            "wished_at": now,
            "refusals": 0,
            "off_reason": None,
            "changed_at": now,
        }
        kept = insert(EmailChannel).values(parent_id=parent_id, **new)
        await self.session.execute(kept.on_conflict_do_update(index_elements=["parent_id"], set_=new))

    async def switch_off(self, parent_id: int, because: EmailOff, now: datetime) -> bool:
        """No more letters; whether there were any to come."""
        ended = await self.session.scalar(
            update(EmailChannel)
            .where(EmailChannel.parent_id == parent_id, EmailChannel.wish != EmailWish.OFF)
            .values(wish=EmailWish.OFF, off_reason=because, changed_at=now)
            .returning(EmailChannel.parent_id)
        )
        return ended is not None

    async def count_refusal(self, parent_id: int, address: str) -> int:
        """How many there were in a row, this one included; of another address than today's none."""
        count = await self.session.scalar(
            update(EmailChannel)
            .where(EmailChannel.parent_id == parent_id, EmailChannel.address == address)
            .values(refusals=EmailChannel.refusals + 1)
            .returning(EmailChannel.refusals)
        )
        return count or 0

    async def forget_refusals(self, parent_id: int) -> None:
        await self.session.execute(
            update(EmailChannel)
            .where(EmailChannel.parent_id == parent_id, EmailChannel.refusals > 0)
            .values(refusals=0)
        )

    async def leave(self, now: datetime, most: int) -> Sequence[int]:
        """Letters that are due and not written down yet, up to so many: the ids of the new ones."""
        return (await self.session.scalars(LEAVE, {"now": now, "most": most})).all()

    async def message(self, message_id: int) -> EmailMessage | None:
        return await self.session.scalar(
            select(EmailMessage).where(EmailMessage.id == message_id).execution_options(populate_existing=True)
        )

    async def refused_since_one_was_taken(self, *, names_mailbox: bool) -> int:
        """How many parents were refused letters by the server that are newer than every one that it has taken: for the
        mailbox's sake, or without such a reason.
        """
        reason = "5__ 5.%" if names_mailbox else "5__"
        return await self.session.scalar(REFUSED_SINCE_ONE_WAS_TAKEN, {"reason": reason}) or 0

    async def take(self, message_id: int, address: str) -> bool:
        """This letter is about to be handed over, to this address; False where it was before, or is over."""
        taken = await self.session.scalar(
            update(EmailMessage)
            .where(EmailMessage.id == message_id, EmailMessage.status == EmailStatus.PENDING)
            .values(status=EmailStatus.SENDING, address=address, tries=EmailMessage.tries + 1)
            .returning(EmailMessage.id)
        )
        return taken is not None

    async def record(self, message_id: int, status: EmailStatus, now: datetime, reason: str | None = None) -> None:
        """What became of a letter; one that was sent stays so."""
        await self.session.execute(
            update(EmailMessage)
            .where(EmailMessage.id == message_id, EmailMessage.status != EmailStatus.SENT)
            .values(
                status=status,
                reason=reason[:100] if reason else None,
                sent_at=now if status is EmailStatus.SENT else None,
            )
        )
