"""A database that a backup has brought back: what the lost one may have done since then is not done again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, Interval
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.statements import prepared

_MOMENT: Final = DateTime(timezone=True)
_SETTLED: Final = {
    # Telegram may have them: reports among them are offered by a button when the parent next writes
    "messages in doubt": """
        UPDATE notifications SET status = 'unknown', reason = 'restored'
        WHERE status IN ('pending', 'sending') AND send_at <= :until
        """,
    "letters in doubt": """
        UPDATE email_messages SET status = 'unknown', reason = 'restored'
        WHERE status IN ('pending', 'sending') AND created_at <= :until
        """,
    "questions closed": """
        UPDATE dialogs SET status = CASE status WHEN 'written' THEN 'answered' ELSE 'failed' END,
            answered_at = coalesce(answered_at, :now)
        WHERE status IN ('pending', 'answering', 'written') AND created_at <= :until
        """,
    # what is about payments (lane 1) is booked once, however often it is handled
    "updates closed": """
        UPDATE inbox SET status = 'ended', ended_at = :now, owner = NULL, lease_until = NULL, chat_id = NULL,
            user_telegram_id = NULL, kind = NULL, content = NULL, reason = NULL
        WHERE status IN ('waiting', 'taken') AND lane <> 1 AND received_at <= :until
        """,
    "alerts closed": """
        UPDATE alerts SET ended_at = :now, outcome = 'not_wanted', details = '{}'
        WHERE ended_at IS NULL AND due_at <= :until
        """,
    "feeds moved on": "UPDATE feed_cursors SET reached_at = :until, reached_id = 0 WHERE reached_at < :until",
    # what has a receipt is asked about at Payme, and stays
    "renewals by card stopped": """
        UPDATE renewal_attempts SET status = 'stopped', error = 'restored', updated_at = :now
        WHERE status IN ('planned', 'retrying', 'charging') AND due_at <= :until
            AND NOT (status = 'charging' AND receipt_id IS NOT NULL)
        """,
    "renewals by card not planned": """
        INSERT INTO renewal_attempts (parent_id, card_id, cycle_ends_at, status, due_at, error)
        SELECT c.parent_id, c.id, s.expires_at, 'stopped', :until, 'restored'
        FROM saved_cards c JOIN subscriptions s ON s.parent_id = c.parent_id AND s.status = 'ACTIVE'
        WHERE c.removed_at IS NULL AND s.expires_at - :first_try_before <= :until
        ON CONFLICT DO NOTHING
        """,
}
_SEQUENCES: Final = prepared(
    """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, last_value + :gap) FROM pg_sequences
    WHERE last_value IS NOT NULL AND schemaname IN ('public', 'pgqueuer')
    """,
    gap=BigInteger(),
)
_ERASED: Final = prepared(
    """
    SELECT DISTINCT (metadata ->> 'parent_id')::integer FROM event_logs
    WHERE event_name = 'data_erased' AND created_at >= :since AND metadata ? 'parent_id'
    """,
    since=_MOMENT,
)
_RIGHTS_ENDED: Final = prepared("SELECT id FROM lent_rights WHERE revoked_at >= :since", since=_MOMENT)
# A link that was made anew afterwards stands in the lost database: it is not to be ended.
_LINKS_ENDED: Final = prepared(
    """
    SELECT DISTINCT u.parent_id, u.platform_student_id FROM unlink_records u
    WHERE u.unlinked_at >= :since AND u.restored_at IS NULL AND NOT EXISTS (
        SELECT FROM learners l WHERE l.parent_id = u.parent_id AND l.platform_student_id = u.platform_student_id
    )
    """,
    since=_MOMENT,
)
_CONSENTS_WITHDRAWN: Final = prepared("SELECT id FROM consents WHERE withdrawn_at >= :since", since=_MOMENT)
_WITHDRAW_AGAIN: Final = prepared(
    "UPDATE consents SET withdrawn_at = greatest(granted_at, :now) WHERE id = ANY(:ids) AND withdrawn_at IS NULL",
    ids=ARRAY(Integer),
    now=_MOMENT,
)
_STANDING: Final = prepared(
    "SELECT id, lender_id FROM lent_rights WHERE id = ANY(:ids) AND revoked_at IS NULL ORDER BY lender_id, id",
    ids=ARRAY(Integer),
)
_IDENTIFIED: Final = prepared("SELECT telegram_id FROM parents WHERE id = ANY(:ids)", ids=ARRAY(Integer))


@dataclass(frozen=True, slots=True)
class EndedRights:
    """What parents have ended. `rights`, `consents`: ids of rows; `links`: (parent, platform's id of the child)."""

    rights: frozenset[int] = frozenset()
    links: frozenset[tuple[int, int]] = frozenset()
    consents: frozenset[int] = frozenset()


class RecoveryRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def settle(self, until: datetime, now: datetime, first_try_before: timedelta) -> dict[str, int]:
        """What was due until then counts as done: rows by kind. All moments aware, the product's time."""
        found = {}
        for what, statement in _SETTLED.items():
            parameters = {"until": until, "now": now, "first_try_before": first_try_before}
            used = {name: value for name, value in parameters.items() if f":{name}" in statement}
            kinds = {name: Interval() if name == "first_try_before" else _MOMENT for name in used}
            result = await self.session.execute(prepared(statement, **kinds), used)
            assert isinstance(result, CursorResult)
            found[what] = result.rowcount
        return found

    async def skip_ids(self, gap: int) -> None:
        """Ids that the lost database may have given out are not given out again: others know them."""
        await self.session.execute(_SEQUENCES, {"gap": gap})

    async def erased_since(self, since: datetime) -> set[int]:
        """The ids of parents who had their data erased, by the journal of this database."""
        return set(await self.session.scalars(_ERASED, {"since": since}))

    async def telegram_ids_of(self, parent_ids: set[int]) -> list[int]:
        return list(await self.session.scalars(_IDENTIFIED, {"ids": sorted(parent_ids)}))

    async def ended_since(self, since: datetime) -> EndedRights:
        """What parents have ended from then on, by this database. Ended links are remembered for a day."""
        asked = {"since": since}
        return EndedRights(
            frozenset(await self.session.scalars(_RIGHTS_ENDED, asked)),
            frozenset((parent, child) for parent, child in await self.session.execute(_LINKS_ENDED, asked)),
            frozenset(await self.session.scalars(_CONSENTS_WITHDRAWN, asked)),
        )

    async def standing_among(self, right_ids: Collection[int]) -> dict[int, list[int]]:
        """Those of these lent rights that stand, by their lender."""
        found: dict[int, list[int]] = {}
        for right_id, lender_id in await self.session.execute(_STANDING, {"ids": sorted(right_ids)}):
            found.setdefault(lender_id, []).append(right_id)
        return found

    async def withdraw_again(self, consent_ids: Collection[int], now: datetime) -> int:
        """End those of these consents that stand; how many did."""
        result = await self.session.execute(_WITHDRAW_AGAIN, {"ids": sorted(consent_ids), "now": now})
        assert isinstance(result, CursorResult)
        return result.rowcount
