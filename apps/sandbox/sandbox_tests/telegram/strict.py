"""Whatever the stand-in sends must be known to aiogram's types: a field that they do not know is a mistake here."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from pydantic import BaseModel


class NothingUnknown(BaseRequestMiddleware):
    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        answer = await make_request(bot, method)
        assert unknown_fields(answer) == [], method
        return answer


def unknown_fields(value: Any, path: str = "") -> list[str]:
    """Paths of the fields, at any depth, that aiogram's type of this object does not have."""
    if isinstance(value, BaseModel):
        known = {name: getattr(value, name) for name in type(value).model_fields}
        extra = [f"{path}.{name}" for name in value.model_extra or {}]
        return extra + [found for name, inner in known.items() for found in unknown_fields(inner, f"{path}.{name}")]
    if isinstance(value, list):
        return [found for inner in value for found in unknown_fields(inner, f"{path}[]")]
    return []
