"""The hot path of access: what our own database knows of a parent's family, for each question and each price asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Boolean, DateTime, any_, bindparam, exists, func, literal_column, null, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import Function

from mentorium_db.driver import DriverStatement, Row
from mentorium_db.models import Learner, Subscription
from mentorium_db.repositories.learner import link_stands
from mentorium_db.repositories.saved_card import card_stands
from mentorium_db.repositories.stars_subscription import renews_after
from mentorium_db.repositories.subscription import payers
from mentorium_db.tables.payments import StarsSubscription
from mentorium_db.tables.renewal import SavedCard
from mentorium_db.units import Driver
from mentorium_domain.access import LinkedPayer
from mentorium_domain.enums import SubscriptionStatus

_RENEWS_NOW: Final = or_(
    exists().where(
        StarsSubscription.parent_id == bindparam("parent_id"),
        renews_after(bindparam("now", type_=DateTime(timezone=True))),
    ),
    exists().where(SavedCard.parent_id == bindparam("parent_id"), card_stands()),
)
_RENEWS: Final = DriverStatement(select(_RENEWS_NOW))


def _of_links(column: InstrumentedAttribute[int]) -> Function[Any]:
    own = select(column).where(Learner.parent_id == bindparam("parent_id"), link_stands())
    return func.array(own.order_by(Learner.id).scalar_subquery())


def _family(renews: ColumnElement[bool]) -> DriverStatement:
    """The parent's own links, end of subscription and `renews` first, then whoever may cover these children."""
    paid_until = select(Subscription.expires_at).where(
        Subscription.parent_id == bindparam("parent_id"), Subscription.status == SubscriptionStatus.ACTIVE
    )
    covering = payers(any_(_of_links(Learner.platform_student_id))).subquery("payers")
    return DriverStatement(
        union_all(
            select(
                literal_column("true", Boolean).label("own"),
                _of_links(Learner.guardian_id),
                _of_links(Learner.platform_student_id),
                paid_until.scalar_subquery(),
                renews,
            ),
            select(literal_column("false", Boolean), *covering.c, null()),
        )
    )


_FAMILY: Final = _family(literal_column("false", Boolean))
_PAYING_FAMILY: Final = _family(_RENEWS_NOW)


@dataclass(frozen=True, slots=True)
class LinkedFamily:
    """`links`: guardian and student of each link, in the order in which they were linked; a borrowed one while lent.

    `payers`: as `SubscriptionRepository.payers_of` of these students. `paid_until`: the end of the parent's own ACTIVE
    subscription, which may have passed. `renews`: whether Telegram will renew a period that runs now, or a card stands
    that may be charged.
    """

    links: tuple[tuple[int, int], ...]
    payers: tuple[LinkedPayer, ...]
    paid_until: datetime | None
    renews: bool


class AccessHotPathRepository:
    """Over the driver's connection (`mentorium_db.driver_connection`)."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def family(self, parent_id: int) -> LinkedFamily:
        """Without a look at renewals: `renews` is false."""
        return _linked(await _FAMILY.fetch(self._driver, parent_id=parent_id))

    async def paying_family(self, parent_id: int, now: datetime) -> LinkedFamily:
        """As it is at `now`."""
        return _linked(await _PAYING_FAMILY.fetch(self._driver, parent_id=parent_id, now=now))

    async def renews(self, parent_id: int, now: datetime) -> bool:
        """Whether Telegram will renew a period that runs at `now`, or a card stands that may be charged."""
        (row,) = await _RENEWS.fetch(self._driver, parent_id=parent_id, now=now)
        return bool(row[0])


def _linked(rows: Sequence[Row]) -> LinkedFamily:
    (own,) = (row for row in rows if row["own"])
    return LinkedFamily(
        links=tuple(zip(own[1], own[2], strict=True)),
        payers=tuple(LinkedPayer(tuple(zip(row[1], row[2], strict=True)), row[3]) for row in rows if not row["own"]),
        paid_until=own[3],
        renews=bool(own[4]),
    )
