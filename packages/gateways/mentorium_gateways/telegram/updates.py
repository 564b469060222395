"""getUpdates as plain data, so that one update that cannot be read does not hide the others of its batch."""

from __future__ import annotations

from typing import Any

from aiogram.methods.base import TelegramMethod


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """`offset` confirms all updates before it; `timeout` is the long poll in seconds."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None
