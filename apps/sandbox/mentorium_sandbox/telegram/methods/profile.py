"""What a bot tells about itself: commands, names, descriptions, menu button; each language apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import CHAT_NOT_FOUND, bad_request
from mentorium_sandbox.telegram.links import LinkError, web_app_link
from mentorium_sandbox.telegram.nested_fields import Fields

Json = dict[str, Any]
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_MOST_COMMANDS = 100
_LONGEST_DESCRIPTION = 256
_WIDE_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")


def set_my_commands(call: Call) -> bool:
    given = call.parameters.structure("commands")
    if given is not None and not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    commands = [_command(command) for command in given or []]
    if len(commands) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.settings[_commands_key(call)] = commands
    return True


def _command(given: Any) -> Json:
    fields = Fields.of(given, "can't parse BotCommand: ", "expected an Object")
    name, description = fields.text("command").strip().removeprefix("/"), fields.text("description").strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= _LONGEST_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def get_my_commands(call: Call) -> list[Json]:
    commands: list[Json] = call.bot.settings.get(_commands_key(call), [])
    return commands


def delete_my_commands(call: Call) -> bool:
    call.bot.settings.pop(_commands_key(call), None)
    return True


def _commands_key(call: Call) -> tuple[str, str, str]:
    return "commands", _scope(call), _language(call)


def _scope(call: Call) -> str:
    """The scope in one word. Raises ApiError 400."""
    given = call.parameters.structure("scope")
    if given is None:
        return "default"
    fields = Fields.of(given, "can't parse BotCommandScope: ", "BotCommandScope must be an Object")
    kind = fields.text("type")
    if kind in _WIDE_SCOPES:
        return kind
    if kind not in _CHAT_SCOPES:
        raise fields.complaint("Unsupported type specified")
    chat_id = fields.text("chat_id")
    if not chat_id:
        raise fields.complaint("Empty chat_id specified")
    if call.world.conversation(call.bot, fields.integer("chat_id")) is None:
        raise bad_request(CHAT_NOT_FOUND)
    return f"{kind}:{chat_id}:{fields.integer('user_id') if kind == 'chat_member' else ''}"


def _language(call: Call) -> str:
    language = call.parameters.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _setter(key: str, limit: int) -> Callable[[Call], bool]:
    def set_text(call: Call) -> bool:
        value, place = call.parameters.text(key), (key, "", _language(call))
        if len(value) > limit:
            raise bad_request(f"{key} is too long")
        if value:
            call.bot.settings[place] = value
        else:
            call.bot.settings.pop(place, None)
        return True

    return set_text


def _getter(key: str) -> Callable[[Call], Json]:
    def get_text(call: Call) -> Json:
        default = call.bot.name if key == "name" else ""
        general = call.bot.settings.get((key, "", ""), default)
        return {key: call.bot.settings.get((key, "", _language(call)), general)}

    return get_text


def set_chat_menu_button(call: Call) -> bool:
    button, place = _menu_button(call.parameters.structure("menu_button")), _menu_key(call)
    if button["type"] == "default":
        call.bot.settings.pop(place, None)
    else:
        call.bot.settings[place] = button
    return True


def _menu_button(given: Any) -> Json:
    if given is None:
        return {"type": "default"}
    fields = Fields.of(given, "can't parse menu button: ", "MenuButton must be an Object")
    kind = fields.text("type")
    if kind in ("default", "commands"):
        return {"type": kind}
    if kind != "web_app":
        raise fields.complaint("MenuButton has unsupported type")
    text, url = fields.text("text"), fields.object("web_app").text("url")
    try:
        return {"type": kind, "text": text, "web_app": {"url": web_app_link(url)}}
    except LinkError as error:
        raise bad_request(f"menu button Web App URL '{url}' is invalid: {error}") from error


def get_chat_menu_button(call: Call) -> Json:
    general = call.bot.settings.get(("menu_button", "", ""), {"type": "commands"})
    button: Json = call.bot.settings.get(_menu_key(call), general)
    return button


def _menu_key(call: Call) -> tuple[str, str, str]:
    chat_id = call.parameters.text("chat_id")
    if chat_id and call.world.users.get(call.parameters.integer("chat_id")) is None:
        raise bad_request(CHAT_NOT_FOUND)
    return "menu_button", chat_id, ""


METHODS: dict[str, Callable[[Call], Any]] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name", 64),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description", 512),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description", 120),
    "getMyShortDescription": _getter("short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
