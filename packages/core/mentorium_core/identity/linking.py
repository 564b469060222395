"""Linking a parent with a child, under the name that the platform calls the child by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.identity.model import Child
from mentorium_core.identity.rules import split_name
from mentorium_db.repositories import LearnerRepository
from mentorium_domain.enums import LinkSource


async def link_child(
    session: AsyncSession,
    parent_id: int,
    child: Child,
    source: LinkSource,
    now: datetime,
    *,
    invited_by: int | None = None,
) -> None:
    """Joins the open unit of work. `invited_by` lends the right; without it the child's guardian is the parent's."""
    first_name, last_name = split_name(child.display_name)
    await LearnerRepository(session).link(
        parent_id,
        guardian_id=child.guardian_id,
        student_id=child.student_id,
        first_name=first_name,
        last_name=last_name,
        source=source,
        invited_by=invited_by,
        now=now,
    )
