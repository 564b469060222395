"""What a Mini App has its bot send or prepare: inline results."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import QUERY_TOO_OLD, bad_request
from mentorium_sandbox.telegram.formatting import message_text
from mentorium_sandbox.telegram.nested_fields import Fields
from mentorium_sandbox.telegram.parameters import Parameters

Json = dict[str, Any]
_NAMES = "article audio contact document game gif location mpeg4_gif photo sticker venue video voice"
_KINDS = frozenset(_NAMES.split())
_PREPARED_FOR = timedelta(days=1)
_CHATS = ("allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats")


def answer_web_app_query(call: Call) -> Json:
    """No Mini App has been opened by a query of its own yet, so each query is unknown."""
    _check_result(call.parameters)
    call.parameters.required("web_app_query_id")
    raise bad_request(QUERY_TOO_OLD)


def save_prepared_inline_message(call: Call) -> Json:
    _check_result(call.parameters)
    if call.parameters.integer("user_id") not in call.world.users:
        raise bad_request("user not found")
    if not any(call.parameters.flag(key) for key in _CHATS):
        raise bad_request("PREPARED_MESSAGE_CHATS_INVALID")
    return {"id": secrets.token_urlsafe(12), "expiration_date": int((call.world.now() + _PREPARED_FOR).timestamp())}


def _check_result(parameters: Parameters) -> None:
    """The parameter `result`, an InlineQueryResult. Raises ApiError 400."""
    if not parameters.values.get("result"):
        raise bad_request("result isn't specified")
    result = Fields.of(parameters.structure("result"), "", "inline query result must be an object")
    kind = result.text("type").lower()
    result.text("id")
    if kind not in _KINDS:
        raise bad_request(f'type "{kind}" is unsupported for the inline query result')
    if kind == "article":
        result.text("title")
        _check_content(result.object("input_message_content"))


def _check_content(content: Fields) -> None:
    if content.optional_text("message_text"):
        message_text(Parameters({**content.values, "text": content.text("message_text")}))
    elif not any(content.has(key) for key in ("latitude", "phone_number", "payload", "rich_message")):
        raise bad_request("input message content is not specified")


METHODS: dict[str, Callable[[Call], Any]] = {
    "answerWebAppQuery": answer_web_app_query,
    "savePreparedInlineMessage": save_prepared_inline_message,
}
