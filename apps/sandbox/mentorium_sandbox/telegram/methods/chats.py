"""Asking about the bot, chats, people and files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import bad_request

Json = dict[str, Any]


def get_me(call: Call) -> Json:
    return {
        **call.bot.as_user(),
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": True,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_guest_queries": False,
        "supports_join_request_queries": False,
    }


def get_chat(call: Call) -> Json:
    conversation = call.chat()
    names = [conversation.user.username] if conversation.user.username else []
    pinned = [conversation.messages[key].message for key in conversation.pinned if key in conversation.messages]
    return {
        **conversation.user.as_chat(),
        **({"active_usernames": names} if names else {}),
        **({"pinned_message": pinned[-1]} if pinned else {}),
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


def get_chat_member(call: Call) -> Json:
    conversation, user_id = call.chat(), _user_id(call)
    if user_id == conversation.user.id:
        return {"status": "member", "user": conversation.user.as_user()}
    if user_id == call.bot.id:
        return {"status": "member", "user": call.bot.as_user()}
    if user_id in call.world.users:
        return {"status": "left", "user": call.world.users[user_id].as_user()}
    raise bad_request("user not found")


def _user_id(call: Call) -> int:
    user_id = call.parameters.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    return user_id


def get_user_profile_photos(call: Call) -> Json:
    if _user_id(call) not in call.world.users:
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


def log_out(_: Call) -> bool:
    """Moving to a local server and back is nothing that happens here."""
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "getMe": get_me,
    "getChat": get_chat,
    "getFile": get_file,
    "getChatMember": get_chat_member,
    "getUserProfilePhotos": get_user_profile_photos,
    "logOut": log_out,
    "close": log_out,
}
