"""What a bot tells about itself: commands, names, descriptions, menu button; each language apart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import bad_request

Json = dict[str, Any]
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MOST_COMMANDS = 100


def set_my_commands(call: Call) -> bool:
    given = call.parameters.structure("commands")
    if not isinstance(given, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(given) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.settings[_commands_key(call)] = [_command(command) for command in given]
    return True


def _command(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(given.get("command", "")).removeprefix("/")
    description = str(given.get("description", "")).strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def get_my_commands(call: Call) -> list[Json]:
    commands: list[Json] = call.bot.settings.get(_commands_key(call), [])
    return commands


def delete_my_commands(call: Call) -> bool:
    call.bot.settings.pop(_commands_key(call), None)
    return True


def _commands_key(call: Call) -> tuple[str, str, str]:
    scope = call.parameters.structure("scope") or {"type": "default"}
    return "commands", json.dumps(scope, sort_keys=True), call.parameters.text("language_code")


def _setter(key: str, limit: int) -> Callable[[Call], bool]:
    def set_text(call: Call) -> bool:
        value = call.parameters.text(key)
        if len(value) > limit:
            raise bad_request(f"{key} is too long")
        call.bot.settings[key, "", call.parameters.text("language_code")] = value
        return True

    return set_text


def _getter(key: str) -> Callable[[Call], Json]:
    def get_text(call: Call) -> Json:
        default = call.bot.name if key == "name" else ""
        general = call.bot.settings.get((key, "", ""), default)
        return {key: call.bot.settings.get((key, "", call.parameters.text("language_code"))) or general}

    return get_text


def set_chat_menu_button(call: Call) -> bool:
    button = call.parameters.structure("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("default", "commands", "web_app"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    call.bot.settings["menu_button", call.parameters.text("chat_id"), ""] = button
    return True


def get_chat_menu_button(call: Call) -> Json:
    general = call.bot.settings.get(("menu_button", "", ""), {"type": "default"})
    button: Json = call.bot.settings.get(("menu_button", call.parameters.text("chat_id"), ""), general)
    return button


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
