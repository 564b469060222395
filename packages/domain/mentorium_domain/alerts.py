"""Alerts: the records that database and core share of what happened to a child between two reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mentorium_domain.enums import AlertKind, Language


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """Where a feed has been read up to: everything before it, in the order of (`updated_at`, `id`), is known."""

    updated_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class NewAlert:
    """Something to tell whoever watches this child. `fact_key` names the fact: a parent hears of it once.

    From `due_at` on (None: once its check has been judged as a whole) until `expires_at`; all moments are aware.
    """

    student_id: int
    kind: AlertKind
    fact_key: str
    happened_at: datetime
    due_at: datetime | None
    expires_at: datetime
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An alert that one parent has not been told of yet; `guardian_id`: on whose rights their link with the child
    stands, None where there is no such link (any more).
    """

    id: int
    parent_id: int
    telegram_id: int
    language: Language
    student_id: int
    guardian_id: int | None
    kind: AlertKind
    fact_key: str
    happened_at: datetime
    due_at: datetime
    expires_at: datetime
    details: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CheckState:
    """How far the daily check of a kind has come: up to which child, how many of those watched learn, and how many of
    them have newly been found.
    """

    reached: int
    watched: int
    found: int
    finished: bool


@dataclass(frozen=True, slots=True)
class ToldReport:
    """A scheduled report that was made for a parent about a child: its last day, its verdict, and when it was made."""

    telegram_id: int
    student_id: int
    last_day: str
    verdict: str | None
    generated_at: datetime
