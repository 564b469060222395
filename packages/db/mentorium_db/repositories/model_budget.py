"""The budget of the language model: reserved before a call, settled after it; each is one statement.

Both lock the parent's row before everybody's, so that they wait for each other and never in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Date, DateTime, Integer, String
from sqlalchemy.types import TypeEngine

from mentorium_db.driver import DriverStatement
from mentorium_db.statements import prepared
from mentorium_db.units import Driver
from mentorium_domain.enums import ModelPurpose

_WHAT: Final[dict[str, TypeEngine[Any]]] = {
    "day": Date(),
    "purpose": String(),
    "tokens": BigInteger(),
    "micro_usd": BigInteger(),
}
_PARENT: Final[dict[str, TypeEngine[Any]]] = {
    "parent_id": Integer(),
    "parent_tokens_limit": BigInteger(),
    "parent_micro_usd_limit": BigInteger(),
}

# All who ask at once change one row, the day's: its lock is not to be held until the disk has it. A server that crashes
# forgets the last half second of what was counted, micro-dollars, and nothing a parent has.
_SOON: Final = "set_config('synchronous_commit', 'off', true)"
LEASE: Final = timedelta(minutes=15)
"""So long after the last reservation of a row none of its calls is under way: what is reserved is of one killed."""


def _held(column: str) -> str:
    """What is reserved by calls that may be under way."""
    return f"CASE WHEN had.reserved_at < :dead_before THEN 0 ELSE had.{column} END"


_TOKENS_HELD: Final = _held("reserved_tokens")
_MICRO_USD_HELD: Final = _held("reserved_micro_usd")
# ON CONFLICT looks at the newest version of the row: of two at once the second sees what the first has reserved.
_RESERVE: Final = DriverStatement(
    prepared(
        f"""
        WITH parent AS (
            INSERT INTO ai_parent_usage AS had
                (parent_id, day, purpose, calls, reserved_tokens, reserved_micro_usd, first_call_at, reserved_at)
            SELECT id, :day, :purpose, 1, :tokens, :micro_usd, :now, :now FROM parents
                WHERE id = :parent_id AND :tokens <= :parent_tokens_limit AND :micro_usd <= :parent_micro_usd_limit
            ON CONFLICT (parent_id, day, purpose) DO UPDATE SET
                calls = had.calls + 1,
                reserved_tokens = {_TOKENS_HELD} + :tokens,
                reserved_micro_usd = {_MICRO_USD_HELD} + :micro_usd,
                reserved_at = :now
            WHERE had.input_tokens + had.output_tokens + {_TOKENS_HELD} + :tokens <= :parent_tokens_limit
                AND had.micro_usd + {_MICRO_USD_HELD} + :micro_usd <= :parent_micro_usd_limit
            RETURNING 1
        ), everybody AS (
            INSERT INTO ai_daily_usage AS had
                (day, purpose, calls, reserved_tokens, reserved_micro_usd, first_call_at, reserved_at)
            SELECT :day, :purpose, 1, :tokens, :micro_usd, :now, :now FROM parent WHERE :micro_usd <= :micro_usd_limit
            ON CONFLICT (day, purpose) DO UPDATE SET
                calls = had.calls + 1,
                reserved_tokens = {_TOKENS_HELD} + :tokens,
                reserved_micro_usd = {_MICRO_USD_HELD} + :micro_usd,
                reserved_at = :now
            WHERE had.micro_usd + {_MICRO_USD_HELD} + :micro_usd <= :micro_usd_limit
            RETURNING 1
        )
        SELECT EXISTS (SELECT FROM parent) AS parent, EXISTS (SELECT FROM everybody) AS everybody, {_SOON}
        """,  # noqa: S608 - a constant of ours
        **_WHAT,
        **_PARENT,
        micro_usd_limit=BigInteger(),
        now=DateTime(timezone=True),
        dead_before=DateTime(timezone=True),
    )
)
_SPENT: Final = """
    reserved_tokens = GREATEST(reserved_tokens - :tokens, 0),
    reserved_micro_usd = GREATEST(reserved_micro_usd - :micro_usd, 0),
    input_tokens = input_tokens + :input_tokens,
    output_tokens = output_tokens + :output_tokens,
    micro_usd = micro_usd + :spent_micro_usd
"""
# `counted` is joined so that the parent's row is locked first; a parent who was erased meanwhile has none.
_SETTLE: Final = DriverStatement(
    prepared(
        f"""
        WITH parent AS (
            UPDATE ai_parent_usage SET {_SPENT}
            WHERE parent_id = :parent_id AND day = :day AND purpose = :purpose RETURNING 1
        ), counted AS MATERIALIZED (SELECT count(*), {_SOON} AS soon FROM parent)
        UPDATE ai_daily_usage SET {_SPENT} FROM counted WHERE day = :day AND purpose = :purpose RETURNING soon
        """,  # noqa: S608 - constants of ours
        **_WHAT,
        parent_id=Integer(),
        input_tokens=BigInteger(),
        output_tokens=BigInteger(),
        spent_micro_usd=BigInteger(),
    )
)
_GIVE_BACK: Final = DriverStatement(
    prepared(
        """
        UPDATE ai_parent_usage SET
            calls = calls - 1,
            reserved_tokens = GREATEST(reserved_tokens - :tokens, 0),
            reserved_micro_usd = GREATEST(reserved_micro_usd - :micro_usd, 0)
        WHERE parent_id = :parent_id AND day = :day AND purpose = :purpose
        """,
        **_WHAT,
        parent_id=Integer(),
    )
)
_EXHAUSTED: Final = DriverStatement(
    prepared(
        """
        INSERT INTO ai_daily_usage AS had (day, purpose, first_call_at, exhausted_at)
            VALUES (:day, :purpose, :now, :now)
        ON CONFLICT (day, purpose) DO UPDATE SET exhausted_at = :now WHERE had.exhausted_at IS NULL
        RETURNING 1
        """,
        day=Date(),
        purpose=String(),
        now=DateTime(timezone=True),
    )
)


@dataclass(frozen=True, slots=True)
class UsageKey:
    """Whose budget a call is of, on which Tashkent day."""

    parent_id: int
    day: date
    purpose: ModelPurpose


@dataclass(frozen=True, slots=True)
class Reserved:
    """Whether there was room in the parent's budget, and in everybody's; only where both are is anything reserved."""

    parent: bool
    everybody: bool


class ModelBudgetRepository:
    def __init__(self, driver: Driver) -> None:
        self.driver = driver

    async def reserve(
        self,
        key: UsageKey,
        tokens: int,
        micro_usd: int,
        now: datetime,
        *,
        parent_tokens_limit: int,
        parent_micro_usd_limit: int,
        micro_usd_limit: int,
    ) -> Reserved:
        """Reserve what a call may cost at most, if that fits below the limits of the day.

        A parent who is not there any more has no room.
        """
        what = {**_named(key), "tokens": tokens, "micro_usd": micro_usd}
        row = await _RESERVE.first(
            self.driver,
            **what,
            parent_tokens_limit=parent_tokens_limit,
            parent_micro_usd_limit=parent_micro_usd_limit,
            micro_usd_limit=micro_usd_limit,
            now=now,
            dead_before=now - LEASE,
        )
        assert row is not None
        reserved = Reserved(row["parent"], row["everybody"])
        if reserved.parent and not reserved.everybody:
            await _GIVE_BACK.fetch(self.driver, **what)
        return reserved

    async def settle(
        self, key: UsageKey, tokens: int, micro_usd: int, *, input_tokens: int, output_tokens: int, spent_micro_usd: int
    ) -> None:
        """What was reserved is free again, and what the call has cost is written down."""
        await _SETTLE.fetch(
            self.driver,
            **_named(key),
            tokens=tokens,
            micro_usd=micro_usd,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            spent_micro_usd=spent_micro_usd,
        )

    async def note_exhausted(self, day: date, purpose: ModelPurpose, now: datetime) -> bool:
        """The day's budget has refused a call; whether that is the first time."""
        return await _EXHAUSTED.first(self.driver, day=day, purpose=purpose.value, now=now) is not None


def _named(key: UsageKey) -> dict[str, object]:
    return {"parent_id": key.parent_id, "day": key.day, "purpose": key.purpose.value}
