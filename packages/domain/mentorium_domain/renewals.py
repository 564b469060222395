"""What a renewal by card is judged by, shared by whoever reads it and whoever decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentorium_domain.enums import ChatState, SubscriptionStatus


@dataclass(frozen=True, slots=True)
class RenewalSituation:
    """The card, the chat with its payer, and the latest stretch of access (None: there is none), read at once.

    `renewed_by_stars`: Telegram will charge for the next stretch.
    """

    cycle_ends_at: datetime
    card_removed: bool
    chat: ChatState
    access: SubscriptionStatus | None
    ends_at: datetime | None
    renewed_by_stars: bool
