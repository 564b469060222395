"""Where a bot's updates go: to its own address, or to whoever asks for them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import too_many_requests
from mentorium_sandbox.telegram.update_kinds import allowed_kinds
from mentorium_sandbox.telegram.webhooks import Address, Circumstances, Webhook

Json = dict[str, Any]
_BETWEEN_TWO_S = 1.0


@dataclass(frozen=True, slots=True)
class Remark:
    """A result of True, with the words that Telegram says beside it."""

    description: str


def set_webhook(call: Call, circumstances: Circumstances) -> Remark:
    """Deliver to this address from now on; no address: to nobody. At most once in a second. Raises ApiError."""
    if not call.parameters.text("url"):
        return delete_webhook(call)
    bot, address, dropping = call.bot, Address.of(call.parameters), call.parameters.flag("drop_pending_updates")
    _allow(call)
    if bot.webhook is not None and bot.webhook.address == address and not dropping:
        return Remark("Webhook is already set")
    if time.monotonic() - bot.webhook_set_at < _BETWEEN_TWO_S:
        raise too_many_requests(1)
    bot.webhook_set_at = time.monotonic()
    bot.remove_webhook()
    if dropping:
        bot.queue.drop()
    bot.polling.give_way()
    bot.webhook = Webhook(address, bot.queue, circumstances)
    bot.webhook.start()
    return Remark("Webhook was set")


def delete_webhook(call: Call) -> Remark:
    was_set = call.bot.webhook is not None
    call.bot.remove_webhook()
    if call.parameters.flag("drop_pending_updates"):
        call.bot.queue.drop()
    return Remark("Webhook was deleted" if was_set else "Webhook is already deleted")


async def get_updates(call: Call) -> list[Json]:
    """Raises ApiError 409 while a webhook is set."""
    if call.bot.webhook is not None:
        await call.bot.polling.refuse()
    _allow(call)
    parameters = call.parameters
    return await call.bot.polling.poll(
        offset=parameters.integer("offset"),
        limit=parameters.integer("limit", 100),
        seconds=parameters.integer("timeout"),
    )


def get_webhook_info(call: Call) -> Json:
    bot, webhook = call.bot, call.bot.webhook
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(bot.queue)}
    if webhook is not None:
        info |= {"url": webhook.address.url, "max_connections": webhook.address.max_connections}
        info["ip_address"] = "127.0.0.1"
        if webhook.last_failure_at is not None:
            info["last_error_date"] = int(webhook.last_failure_at.timestamp())
            info["last_error_message"] = webhook.last_failure
    return {**info, "allowed_updates": sorted(bot.queue.allowed)} if bot.queue.allowed else info


def _allow(call: Call) -> None:
    """`allowed_updates` stays as it is until it is given again, in whatever call."""
    allowed = allowed_kinds(call.parameters.structure("allowed_updates"))
    if allowed is not None:
        call.bot.queue.allowed = allowed


METHODS = {"deleteWebhook": delete_webhook, "getWebhookInfo": get_webhook_info}
