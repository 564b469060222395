"""A question on its way to its answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from mentorium_core.billing.model import FamilyAccess
from mentorium_core.identity.model import ParentView
from mentorium_core.mentor.model import AbandonedQuestion, Question


@dataclass(frozen=True, slots=True)
class QueuedQuestion:
    """A stored question of a parent who may ask it; `names` are those the parent goes by in Telegram.

    `family` is None where rights have to be asked anew when the answer is begun; `waited` where somebody else's turn
    was before it; `left` is what an owner who died has left of it; `asked_at` is the machine's time (monotonic).
    """

    parent: ParentView
    family: FamilyAccess | None
    question: Question
    names: tuple[str, ...] = ()
    waited: bool = False
    left: AbandonedQuestion | None = None
    asked_at: float = field(default_factory=time.monotonic)
