"""What a crisis is known by, and what its answer needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mentorium_domain.enums import CrisisKind, CrisisSource
from mentorium_kit.errors import MentoriumError


@dataclass(frozen=True, slots=True)
class CrisisSign:
    """What somebody wrote calls for a person, not for a model; never what it was that they wrote."""

    kind: CrisisKind
    source: CrisisSource


class CrisisNoticedError(MentoriumError):
    """The question gets no model's answer: `sign` says which fixed one it gets."""

    def __init__(self, sign: CrisisSign) -> None:
        super().__init__("crisis_noticed", kind=sign.kind)
        self.sign = sign


@dataclass(frozen=True, slots=True)
class HelpLines:
    """Whom a parent may call: the operator's `lines`, as they are shown, and the team's own `contact`."""

    lines: Sequence[str]
    contact: str
    staff_hears: bool
    """Whether there is a chat of the staff that is told, so that a person may write back."""
