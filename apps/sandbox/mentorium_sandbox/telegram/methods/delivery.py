"""Where a bot's updates go: to its own address, or to whoever asks for them."""

from __future__ import annotations

import time
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import SET_WEBHOOK, conflict, too_many_requests
from mentorium_sandbox.telegram.webhooks import Address, Answer, Webhook

Json = dict[str, Any]
_BETWEEN_TWO_S = 1.0


def set_webhook(call: Call, answer: Answer) -> bool:
    """`answer` carries out a call that a response of the bot holds."""
    if not call.parameters.text("url"):
        return delete_webhook(call)
    address = Address.of(call.parameters)
    if time.monotonic() - call.bot.webhook_set_at < _BETWEEN_TWO_S:
        raise too_many_requests(1)
    _prepare(call)
    allowed = call.parameters.structure("allowed_updates")
    if isinstance(allowed, list):
        call.bot.queue.allow([str(kind) for kind in allowed])
    call.bot.queue.end_poll(conflict(SET_WEBHOOK))
    call.bot.webhook_set_at = time.monotonic()
    call.bot.webhook = Webhook(address, call.bot.queue, answer, call.world.webhook_pace)
    call.bot.webhook.start()
    return True


def delete_webhook(call: Call) -> bool:
    _prepare(call)
    return True


def _prepare(call: Call) -> None:
    """End the deliveries of before; what they had in hand waits again, unless nobody wants it."""
    if call.bot.webhook is not None:
        call.bot.webhook.stop()
        call.bot.webhook = None
        call.bot.queue.give_back()
    if call.parameters.flag("drop_pending_updates"):
        call.bot.queue.drop()


def get_webhook_info(call: Call) -> Json:
    webhook = call.bot.webhook
    info: Json = {
        "url": webhook.address.url if webhook is not None else "",
        "has_custom_certificate": False,
        "pending_update_count": len(call.bot.queue),
    }
    if webhook is not None:
        info |= {"max_connections": webhook.address.max_connections, "ip_address": "127.0.0.1"}
        if webhook.last_error is not None:
            info |= {"last_error_date": webhook.last_error_at, "last_error_message": webhook.last_error}
    if call.bot.queue.allowed:
        info["allowed_updates"] = call.bot.queue.allowed
    return info


METHODS = {"deleteWebhook": delete_webhook, "getWebhookInfo": get_webhook_info}
