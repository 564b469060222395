"""A new order, made as a parent makes it: /subscribe, a tariff, a provider; the link on the button is the answer."""

from __future__ import annotations

from typing import Any

import aiohttp
from aiohttp import web

Json = dict[str, Any]
_TARIFF = "tariff:monthly"


async def fresh_link(url: str, user_id: int, provider: str) -> str:
    """The pay link of a new monthly order. Raises HTTPConflict where the chat does not lead to one."""
    async with aiohttp.ClientSession(f"{url}/sandbox/users/{user_id}/") as http:
        shown = await _do(http, "messages", text="/subscribe")
        shown = await _press(http, shown, _TARIFF)
        shown = await _press(http, shown, f"pay:{provider}")
        for message in reversed(shown):
            for button in _buttons(message):
                if button.get("url", "").startswith(f"{url}/{provider}/"):
                    return str(button["url"])
    raise web.HTTPConflict(text=f"after pay:{provider} the chat shows no link to {provider}")


async def _press(http: aiohttp.ClientSession, shown: list[Json], data: str) -> list[Json]:
    for message in reversed(shown):
        for button in _buttons(message):
            if button.get("callback_data", "") == data or button.get("callback_data", "").startswith(f"{data}:"):
                return await _do(http, "press", message_id=message["message_id"], button=button["callback_data"])
    raise web.HTTPConflict(text=f"the chat offers no {data}: is this parent registered?")


async def _do(http: aiohttp.ClientSession, deed: str, **body: Any) -> list[Json]:
    async with http.post(deed, json={**body, "wait_s": 20}) as answer:
        told = await answer.json()
    if answer.status != 200:
        raise web.HTTPConflict(text=str(told.get("error", told)))
    return [*told.get("edited", []), *told["replies"]]


def _buttons(message: Json) -> list[Json]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]
