"""All that brings updates to the dispatcher: the poller or the webhook's registration, and the consumer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from aiogram import Bot, Dispatcher

from mentorium_bot.config import BotSettings
from mentorium_bot.intake.admission import Admission
from mentorium_bot.intake.consumer import InboxConsumer
from mentorium_bot.intake.notices import Notices
from mentorium_bot.intake.polling import UpdatePoller
from mentorium_bot.intake.webhook_registration import WebhookRegistration
from mentorium_db.listen import OnNews, listen
from mentorium_db.repositories.inbox import INBOX_CHANNEL
from mentorium_kit.nursery import Nursery
from mentorium_observability.metrics import from_the_start, inbox_updates
from mentorium_runtime.settings import secret_value
from mentorium_runtime.supervisor import Supervisor

_STATUSES: Final = ("stored", "repeated", "dropped", "ended", "retried", "in_doubt", "set_aside")


class Intake:
    """`owner`: the name under which this process claims updates.

    `also_heard`: what else this process hears of the others, by channel, over the same connection.
    """

    def __init__(
        self,
        settings: BotSettings,
        bot: Bot,
        dispatcher: Dispatcher,
        nursery: Nursery,
        notices: Notices,
        admission: Admission,
        owner: str,
        also_heard: Mapping[str, OnNews] | None = None,
    ) -> None:
        from_the_start(inbox_updates, status=_STATUSES)
        self._polls = settings.bot_mode == "polling"
        self._dispatcher = dispatcher
        asked_here = None if self._polls else admission
        self.consumer = InboxConsumer(bot, dispatcher, nursery, notices, owner, asked_here)
        channels = {INBOX_CHANNEL: self.consumer.hear, **(also_heard or {})}
        self._listen = partial(
            listen, settings.database_dsn, channels, application=f"mentorium-bot-{settings.bot_health_port}-listen"
        )
        self.poller = UpdatePoller(bot, self._kinds, self.consumer, admission, notices, nursery, owner)
        self._registration = WebhookRegistration(
            bot, self._kinds, settings.bot_webhook_url or "", secret_value(settings.bot_webhook_secret)
        )

    @property
    def well(self) -> bool:
        """Whether Telegram brings us updates, as far as this process can tell."""
        return self.poller.well if self._polls else self._registration.well

    @property
    def is_contested(self) -> bool:
        """Whether another process has been polling with this token for longer than a deploy takes."""
        return self._polls and self.poller.conflict.is_lasting

    @property
    def in_hand(self) -> int:
        return self.poller.in_hand + self.consumer.in_hand

    def hang_on(self, supervisor: Supervisor) -> None:
        """Have the loops kept alive; routers may be included until they run."""
        supervisor.hang("inbox", self.consumer.run, stop=self.consumer.stop, stalled_s=self.consumer.stalled_s)
        supervisor.hang("inbox-news", self._listen)
        if self._polls:
            supervisor.hang("polling", self.poller.run, stop=self.poller.stop, stalled_s=self.poller.stalled_s)
        else:
            supervisor.hang("webhook-registration", self._registration.run)

    async def drain(self, timeout_s: float) -> None:
        """Finish what is in hand, and let go of the rest."""
        await self.consumer.drain(timeout_s)

    def _kinds(self) -> list[str]:
        return self._dispatcher.resolve_used_update_types()
