"""Asking about the bot, chats, files and the webhook (of which there is none)."""

from __future__ import annotations

from typing import Any

from mentorium_sandbox.telegram.call import Call

Json = dict[str, Any]


def get_me(call: Call) -> Json:
    return {
        **call.bot.as_user(),
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
    }


def get_chat(call: Call) -> Json:
    return {
        **call.chat().user.as_chat(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        ),
    }


def get_file(call: Call) -> Json:
    file = call.world.files.downloadable(call.parameters.text("file_id"))
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "file_path": file.path,
    }


def delete_webhook(call: Call) -> bool:
    if call.parameters.flag("drop_pending_updates"):
        call.bot.queue.drop()
    return True


def get_webhook_info(call: Call) -> Json:
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(call.bot.queue)}
    allowed = call.bot.queue.allowed
    return {**info, "allowed_updates": allowed} if allowed else info


METHODS = {
    "getMe": get_me,
    "getChat": get_chat,
    "getFile": get_file,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
