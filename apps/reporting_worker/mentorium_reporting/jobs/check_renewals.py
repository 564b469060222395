"""Renewals that are near, held against what their payers may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mentorium_core.billing.renewal_rights import end_renewals_without_children
from mentorium_kit import clock


async def check_renewals_job(_: Mapping[str, Any]) -> None:
    await end_renewals_without_children(clock.now())
