"""A bot of the stand-in: its token, its chats, the updates and the presses that wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mentorium_sandbox.telegram.conversation import Conversation
from mentorium_sandbox.telegram.polling import Polling
from mentorium_sandbox.telegram.stars import StarLedger
from mentorium_sandbox.telegram.updates import UpdateQueue
from mentorium_sandbox.telegram.webhooks import Webhook

Json = dict[str, Any]


@dataclass(slots=True)
class Callback:
    """A press that waits for its answer; `answer` is what the bot told the user."""

    id: str
    conversation: Conversation
    pressed_at: datetime
    answer: Json | None = None


@dataclass(slots=True)
class Bot:
    """A bot as Telegram knows it; `settings` are its names, descriptions and commands by language and scope."""

    id: int
    token: str
    username: str
    name: str
    queue: UpdateQueue
    polling: Polling
    conversations: dict[int, Conversation] = field(default_factory=dict)
    callbacks: dict[str, Callback] = field(default_factory=dict)
    settings: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    webhook: Webhook | None = None
    webhook_set_at: float = 0.0
    stars: StarLedger = field(default_factory=StarLedger)
    pre_checkouts: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    last_message_id: int = 0

    def as_user(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def next_message_id(self) -> int:
        """A bot's private chats share one counter."""
        self.last_message_id += 1
        return self.last_message_id

    def remove_webhook(self) -> None:
        """What it has not delivered waits for whoever asks next."""
        if self.webhook is not None:
            self.webhook.stop()
            self.webhook = None
