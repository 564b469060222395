"""What the product's database holds of one parent's purchases."""

from __future__ import annotations

from typing import Any

from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox


async def of(world: Sandbox, parent: FakeParent, statement: str) -> list[tuple[Any, ...]]:
    """Rows of this parent, `p`, joined to whatever `statement` selects from `x`."""
    return [tuple(row) for row in await world.rows(statement, parent.id)]


async def subscription(world: Sandbox, parent: FakeParent) -> tuple[Any, ...]:
    rows = await of(
        world,
        parent,
        "SELECT x.status, x.auto_renew FROM subscriptions x JOIN parents p ON p.id = x.parent_id"
        " WHERE p.telegram_id = $1 ORDER BY x.id DESC LIMIT 1",
    )
    return rows[0]


async def payments(world: Sandbox, parent: FakeParent) -> list[str]:
    rows = await of(
        world,
        parent,
        "SELECT x.status FROM payments x JOIN parents p ON p.id = x.parent_id WHERE p.telegram_id = $1 ORDER BY x.id",
    )
    return [status for (status,) in rows]
