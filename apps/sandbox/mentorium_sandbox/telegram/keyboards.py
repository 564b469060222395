"""Reply markup: checked as the server checks it, and as the server gives it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.links import LinkError, normal_link, web_app_link
from mentorium_sandbox.telegram.nested_fields import Fields
from mentorium_sandbox.telegram.parameters import Parameters

Json = dict[str, Any]
_MOST_INLINE_BUTTONS = 100
_MOST_KEYS = 300
_LONGEST_DATA_BYTES = 64
_LONGEST_COPIED = 256
_STYLES = frozenset({"danger", "success", "primary"})
_ADORNMENTS = ("icon_custom_emoji_id",)
_SWITCHES = ("switch_inline_query", "switch_inline_query_current_chat")
_KEY_REQUESTS = ("request_contact", "request_location")
_KEY_OBJECTS = ("request_poll", "request_users", "request_chat", "request_managed_bot")
_KEYBOARD_FLAGS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective", "force_reply")


@dataclass(frozen=True, slots=True)
class Markup:
    """`inline` belongs to the message, `reply` (a keyboard, its removal, a forced reply) to the chat."""

    inline: Json | None = None
    reply: Json | None = None


def markup(parameters: Parameters) -> Markup:
    """The parameter `reply_markup` of a message that is no invoice. Raises ApiError 400."""
    found = any_markup(parameters)
    if found.inline is not None and any("pay" in button for row in found.inline["inline_keyboard"] for button in row):
        raise bad_request("BUTTON_TYPE_INVALID")
    return found


def any_markup(parameters: Parameters) -> Markup:
    """The parameter `reply_markup`; it may hold a pay button. Raises ApiError 400."""
    given = parameters.structure("reply_markup")
    if given is None:
        return Markup()
    fields = Fields.of(given, "", "object expected as reply markup")
    keys = _rows(fields, "keyboard", 'field "keyboard" must be an Array of Arrays', _key, _MOST_KEYS)
    if keys:
        return Markup(reply={**_flags(fields, *_KEYBOARD_FLAGS), **_placeholder(fields), "keyboard": keys})
    complaint = 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
    if rows := _rows(fields, "inline_keyboard", complaint, _inline_button, _MOST_INLINE_BUTTONS):
        return Markup(inline={"inline_keyboard": rows})
    if fields.flag("remove_keyboard"):
        return Markup(reply={"remove_keyboard": True, **_flags(fields, "selective")})
    if fields.flag("force_reply"):
        return Markup(reply={"force_reply": True, **_flags(fields, "selective"), **_placeholder(fields)})
    return Markup()


def _flags(fields: Fields, *keys: str) -> Json:
    return {key: True for key in keys if fields.flag(key)}


def _placeholder(fields: Fields) -> Json:
    text = fields.optional_text("input_field_placeholder")
    return {"input_field_placeholder": text} if text else {}


def _rows(fields: Fields, key: str, complaint: str, checked: Callable[[Any], Json], most: int) -> list[list[Json]]:
    if not fields.has(key):
        return []
    given = fields.array(key)
    if not all(isinstance(row, list) for row in given):
        raise bad_request(complaint)
    rows = [[checked(button) for button in row] for row in given if row]
    if sum(len(row) for row in rows) > most:
        raise bad_request("reply markup is too long")
    return rows


def _inline_button(given: Any) -> Json:
    button = Fields.of(given, "can't parse inline keyboard button: ", "InlineKeyboardButton must be an Object")
    text = button.text("text")
    action = _action(button)
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    return {"text": text, **action, **_look(button)}


def _action(button: Fields) -> Json:
    """What a press does: the first of these that is there counts."""
    if url := button.optional_text("url"):
        return {"url": _link(url, normal_link, "inline keyboard button URL")}
    if data := button.optional_text("callback_data"):
        return {"callback_data": _callback_data(data)}
    if button.has("callback_game") or button.has("pay"):
        return {"pay": True} if button.has("pay") else {"callback_game": {}}
    for key in _SWITCHES:
        if button.has(key):
            return {key: button.text(key)}
    for key in ("switch_inline_query_chosen_chat", "disabled"):
        if button.has(key):
            return {key: button.object(key).values}
    return _opening(button)


def _opening(button: Fields) -> Json:
    if button.has("login_url"):
        login = button.object("login_url")
        address = _link(login.text("url"), web_app_link, "inline keyboard button login URL")
        return {"login_url": {**login.values, "url": address}}
    if button.has("web_app"):
        address = button.object("web_app").text("url")
        return {"web_app": {"url": _link(address, web_app_link, "inline keyboard button Web App URL")}}
    if button.has("copy_text"):
        copied = button.object("copy_text").text("text")
        if not 1 <= len(copied) <= _LONGEST_COPIED:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return {"copy_text": {"text": copied}}
    raise button.complaint("Text buttons are unallowed in the inline keyboard")


def _callback_data(data: str) -> str:
    if len(data.encode()) > _LONGEST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _look(button: Fields) -> Json:
    style = button.optional_text("style")
    if style and style not in _STYLES:
        raise button.complaint("Invalid button style specified")
    look = {key: button.text(key) for key in _ADORNMENTS if button.has(key)}
    return {**look, "style": style} if style else look


def _link(url: str, normal: Callable[[str], str], what: str) -> str:
    try:
        return normal(url)
    except LinkError as error:
        raise bad_request(f"{what} '{url}' is invalid: {error}") from error


def _key(given: Any) -> Json:
    if isinstance(given, str):
        given = {"text": given}
    button = Fields.of(given, "can't parse keyboard button: ", "KeyboardButton must be a String or an Object")
    text = button.text("text")
    pressed: Json = _flags(button, *_KEY_REQUESTS) | {
        key: button.object(key).values for key in _KEY_OBJECTS if button.has(key)
    }
    if button.has("web_app"):
        address = button.object("web_app").text("url")
        pressed["web_app"] = {"url": _link(address, web_app_link, "keyboard button Web App URL")}
    if not text.strip():
        raise bad_request("keyboard button text must be non-empty")
    return {"text": text, **pressed, **_look(button)}
