"""One line of the check's answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """`NOTE`: nothing that SQL can judge; a person looks at it."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` is a view, a column, the role or a query; `text` says what holds of it, or what does not."""

    level: Level
    subject: str
    text: str


def ok(subject: str, text: str) -> Finding:
    return Finding(Level.OK, subject, text)


def note(subject: str, text: str) -> Finding:
    return Finding(Level.NOTE, subject, text)


def warning(subject: str, text: str) -> Finding:
    return Finding(Level.WARNING, subject, text)


def failure(subject: str, text: str) -> Finding:
    return Finding(Level.FAILURE, subject, text)


def judged(offenders: int, subject: str, rule: str, level: Level = Level.FAILURE) -> Finding:
    """Whether the rule holds, else a finding of this level; `offenders` is the number of rows that break it."""
    if not offenders:
        return ok(subject, rule)
    return Finding(level, subject, f"{rule}: broken by {offenders:,} row{'s' if offenders > 1 else ''}")
