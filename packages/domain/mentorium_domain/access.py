"""Entitlement: the records that database and core share of who has paid, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Payer:
    """A parent as the access rule sees them: the children they may view now, first linked first, and until when they
    have paid.
    """

    children: tuple[int, ...]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkedPayer:
    """A parent as we keep them: their links, first linked first, each a guardian on whose rights it stands and a
    student; what these are worth now the platform tells.
    """

    links: tuple[tuple[int, int], ...]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tasted:
    """What somebody who has bought nothing has had: answers, questions that are open, and full reports, each by its
    student and period.
    """

    answers: int
    open: int
    reports: frozenset[tuple[int, str]]
