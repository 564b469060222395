"""Who a parent is: plain data, and the ways of failing to prove it. Times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from mentorium_db.enums import Language, LinkSource
from mentorium_kit.errors import RefusedError

__all__ = [
    "CONSENT_TEXT_KEY",
    "CONSENT_VERSION",
    "Child",
    "ContactRefusal",
    "ContactRefused",
    "KnownNames",
    "Language",
    "LinkClaim",
    "LinkCodeRefusal",
    "LinkCodeRefused",
    "LinkSource",
    "NamedStudent",
    "ParentView",
    "Registration",
]

CONSENT_VERSION = "2026-11"
CONSENT_TEXT_KEY = "consent-text"
"""The catalogue key of the text that is shown before consent; what is logged is its hash in the parent's language."""


@dataclass(frozen=True, slots=True)
class ParentView:
    """A Telegram user who has given consent; `registered` once it is known which guardian they are."""

    parent_id: int
    telegram_id: int
    language: Language
    registered: bool
    consented: bool


@dataclass(frozen=True, slots=True)
class Child:
    """A child this parent may view at this moment."""

    student_id: int
    display_name: str
    guardian_id: int

    @property
    def first_name(self) -> str:
        return first_name(self.display_name)


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Full names of a family; `children` includes those the parent may no longer view."""

    children: tuple[str, ...]
    adults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedStudent:
    student_id: int
    display_name: str

    @property
    def first_name(self) -> str:
        return first_name(self.display_name)


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """A proof, already checked, that somebody is a guardian; kept as JSON until consent is given.

    `expires_at` is the moment from which it no longer links anybody. `nonce` is the one of a deep link, in hex.
    """

    guardian_id: int
    source: LinkSource
    expires_at: datetime
    students: tuple[NamedStudent, ...]
    nonce: str | None = None
    phone: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "guardian_id": self.guardian_id,
            "source": self.source.value,
            "expires_at": self.expires_at.isoformat(),
            "students": [[student.student_id, student.display_name] for student in self.students],
            "nonce": self.nonce,
            "phone": self.phone,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> LinkClaim:
        return cls(
            guardian_id=data["guardian_id"],
            source=LinkSource(data["source"]),
            expires_at=datetime.fromisoformat(data["expires_at"]),
            students=tuple(NamedStudent(student_id, name) for student_id, name in data["students"]),
            nonce=data["nonce"],
            phone=data["phone"],
        )


@dataclass(frozen=True, slots=True)
class Registration:
    """How the parent stands now. `children` are those the claim linked; empty where there was no claim."""

    parent: ParentView
    children: tuple[Child, ...] = ()


class LinkCodeRefusal(StrEnum):
    MALFORMED = "malformed"
    FORGED = "forged"
    EXPIRED = "expired"
    USED = "used"
    UNKNOWN_GUARDIAN = "unknown_guardian"


class LinkCodeRefused(RefusedError):  # noqa: N818 - says what happened, as its base does not
    """A deep link that links nobody."""

    def __init__(self, reason: LinkCodeRefusal) -> None:
        super().__init__("link_code_refused", reason=reason.value)
        self.reason = reason


class ContactRefusal(StrEnum):
    NOT_OWN = "not_own"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"


class ContactRefused(RefusedError):  # noqa: N818 - likewise
    """A shared contact that links nobody. `ambiguous`: several guardians have verified this phone."""

    def __init__(self, reason: ContactRefusal) -> None:
        super().__init__("contact_refused", reason=reason.value)
        self.reason = reason


def first_name(display_name: str) -> str:
    """The platform writes the first name first."""
    return display_name.split(maxsplit=1)[0] if display_name.strip() else display_name
