"""Reply markup: checked as the server checks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.parameters import Parameters

Json = dict[str, Any]
_MOST_BUTTONS = 100
_ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Markup:
    """`inline` belongs to the message, `reply` (a keyboard, its removal, a forced reply) to the chat."""

    inline: Json | None = None
    reply: Json | None = None


def markup(parameters: Parameters) -> Markup:
    """The parameter `reply_markup`. Raises ApiError 400."""
    given = parameters.structure("reply_markup")
    if given is None:
        return Markup()
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in given:
        rows = [[_inline_button(button) for button in row] for row in _rows(given["inline_keyboard"])]
        return Markup(inline={"inline_keyboard": [row for row in rows if row]} if any(rows) else None)
    if "keyboard" in given:
        rows = [[_keyboard_button(button) for button in row] for row in _rows(given["keyboard"])]
        return Markup(reply={**given, "keyboard": rows})
    if given.get("remove_keyboard") or given.get("force_reply"):
        return Markup(reply=given)
    return Markup()


def _rows(given: Any) -> list[list[Any]]:
    if not isinstance(given, list) or not all(isinstance(row, list) for row in given):
        raise bad_request('field "inline_keyboard" must be of type Array of Arrays')
    if sum(len(row) for row in given) > _MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return given


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if sum(button.get(action) is not None for action in _ACTIONS) != 1:
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    _check_data(button)
    _check_links(button)
    return button


def _check_data(button: Json) -> None:
    data = button.get("callback_data")
    if data is not None and not (isinstance(data, str) and 1 <= len(data.encode()) <= 64):
        raise bad_request("BUTTON_DATA_INVALID")


def _check_links(button: Json) -> None:
    url = button.get("url")
    if url is not None and not _is_link(url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    web_app = button.get("web_app")
    if web_app is not None:
        address = web_app.get("url") if isinstance(web_app, dict) else None
        if not isinstance(address, str) or not _is_web_app_link(address):
            raise bad_request(
                f"inline keyboard button Web App URL '{address}' is invalid: Only HTTPS links are allowed"
            )


def _is_link(url: Any) -> bool:
    if not isinstance(url, str) or any(character.isspace() for character in url):
        return False
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return False
    return parts.scheme in ("http", "https", "tg", "ton") and bool(parts.netloc)


def _is_web_app_link(url: str) -> bool:
    if not _is_link(url):
        return False
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _keyboard_button(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object with a text")
    if not button["text"].strip():
        raise bad_request("keyboard button text must be non-empty")
    return button
