"""What the books are checked for: each query finds what disagrees, and names rows by their ids alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

CHECKS: Final[Mapping[str, str]] = {
    "paid_without_access": """
        SELECT p.id FROM payments p WHERE p.status = 'SUCCESS' AND p.order_id IS NOT NULL AND p.parent_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM subscription_grants g WHERE g.payment_id = p.id AND g.reversed_at IS NULL)
        """,
    "access_without_payment": """
        SELECT g.id FROM subscription_grants g JOIN payments p ON p.id = g.payment_id
        WHERE g.reversed_at IS NULL AND p.status <> 'SUCCESS'
        """,
    "grant_of_another_amount": """
        SELECT g.id FROM subscription_grants g JOIN payments p ON p.id = g.payment_id
        WHERE (g.amount_minor, g.currency) IS DISTINCT FROM (p.amount_minor, p.currency)
        """,
    "not_in_the_ledger": """
        SELECT p.id FROM payments p WHERE p.status IN ('SUCCESS', 'REFUNDED') AND p.order_id IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM ledger_entries e WHERE e.payment_id = p.id AND e.event = 'payment'
                    AND (e.provider, e.amount_minor, e.currency) = (p.provider, p.amount_minor, p.currency)
            )
        """,
    "refund_not_in_the_ledger": """
        SELECT p.id FROM payments p WHERE p.order_id IS NOT NULL AND (p.status = 'REFUNDED') <> EXISTS (
            SELECT FROM ledger_entries e WHERE e.payment_id = p.id AND e.event = 'refund'
                AND (e.amount_minor, e.currency) = (p.amount_minor, p.currency)
        )
        """,
    "ledger_without_payment": """
        SELECT e.id FROM ledger_entries e JOIN payments p ON p.id = e.payment_id
        WHERE p.status NOT IN ('SUCCESS', 'REFUNDED')
        """,
    "paid_order_without_payment": """
        SELECT o.id FROM orders o WHERE o.status IN ('paid', 'refunded') AND NOT EXISTS (
            SELECT FROM payments p WHERE p.order_id = o.id AND p.status IN ('SUCCESS', 'REFUNDED')
        )
        """,
    "payment_of_unpaid_order": """
        SELECT p.id FROM payments p JOIN orders o ON o.id = p.order_id
        WHERE p.status = 'SUCCESS' AND o.status <> 'paid' AND o.kind <> 'stars_subscription'
        """,
    "payme_open_too_long": """
        SELECT id FROM payme_transactions WHERE state = 1 AND payme_time < :twelve_hours_ago_ms
        """,
    "payme_and_payment_differ": """
        SELECT t.id FROM payme_transactions t JOIN payments p ON p.id = t.payment_id
        WHERE p.status <> CASE t.state
            WHEN 1 THEN 'PENDING' WHEN 2 THEN 'SUCCESS' WHEN -1 THEN 'FAILED' ELSE 'REFUNDED' END
        """,
    "click_and_payment_differ": """
        SELECT t.id FROM click_transactions t JOIN payments p ON p.id = t.payment_id
        WHERE (t.status = 'confirmed' AND p.status NOT IN ('SUCCESS', 'REFUNDED'))
            OR (t.status IN ('prepared', 'cancelled') AND p.status = 'SUCCESS')
        """,
    "refund_stuck": """
        SELECT id FROM refunds WHERE status IN ('requested', 'unknown') AND requested_at < :a_day_ago
        """,
    "card_renewal_in_doubt": """
        SELECT id FROM renewal_attempts WHERE status IN ('charging', 'unknown') AND updated_at < :a_day_ago
        """,
    "card_renewal_and_payment_differ": """
        SELECT a.id FROM renewal_attempts a WHERE a.status = 'paid' AND NOT EXISTS (
            SELECT FROM payments p WHERE p.order_id = a.order_id AND p.status IN ('SUCCESS', 'REFUNDED')
        )
        """,
    "cycle_charged_twice": """
        SELECT min(o.id) FROM orders o
        WHERE o.kind = 'card_renewal' AND o.status IN ('paid', 'refunded') AND o.request_key LIKE 'card_renewal:%'
        GROUP BY split_part(o.request_key, ':', 2) HAVING count(*) > 1
        """,
    "charged_after_removal": """
        SELECT a.id FROM renewal_attempts a JOIN saved_cards c ON c.id = a.card_id JOIN orders o ON o.id = a.order_id
        WHERE c.removed_at IS NOT NULL AND o.paid_at > c.removed_at AND o.status IN ('paid', 'refunded')
        """,
    "two_active": """
        SELECT min(id) FROM subscriptions WHERE status = 'ACTIVE' GROUP BY parent_id HAVING count(*) > 1
        """,
}
"""By name; each query may use `:twelve_hours_ago_ms` (with an hour for the sweeper) and `:a_day_ago`."""


class BooksRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def find(self, name: str, *, twelve_hours_ago_ms: int, a_day_ago: datetime, most: int) -> list[int]:
        """The ids of up to so many rows that this check objects to."""
        query = CHECKS[name]
        told = {"twelve_hours_ago_ms": twelve_hours_ago_ms, "a_day_ago": a_day_ago, "most": most}
        statement = text(f"SELECT * FROM ({query}) found ORDER BY 1 LIMIT :most")  # noqa: S608 - constants of ours
        used = {key: value for key, value in told.items() if f":{key}" in statement.text}
        return list((await self.session.scalars(statement, used)).all())

    async def active_after(self, subscription_id: int, most: int) -> list[tuple[int, datetime]]:
        """(id, end) of ACTIVE subscriptions behind this one, in the order of their ids."""
        rows = await self.session.execute(
            text(
                "SELECT id, expires_at FROM subscriptions WHERE status = 'ACTIVE' AND id > :after"
                " ORDER BY id LIMIT :most"
            ),
            {"after": subscription_id, "most": most},
        )
        return [(row[0], row[1]) for row in rows]
