"""What all control calls share: bodies are JSON objects, refusals are 4xx {"error": text}."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn

from aiohttp import web

Json = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Control calls that are refused answer {"error": text} with their status."""
    try:
        return await handler(request)
    except web.HTTPError as error:
        if not request.path.startswith("/sandbox/"):
            raise
        return web.json_response({"error": error.text or error.reason}, status=error.status)


def refuse(text: str) -> NoReturn:
    """The caller's mistake: 400."""
    raise web.HTTPBadRequest(text=text)


class RequestBody:
    """Reads the fields of a control call; each mistake is a 400 that names the field."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = fields

    @classmethod
    async def of(cls, request: web.Request) -> RequestBody:
        """The JSON object in the request's body; an empty body is an empty object."""
        raw = await request.read()
        try:
            fields = json.loads(raw) if raw.strip() else {}
        except (ValueError, RecursionError):
            refuse("the body is not JSON")
        if not isinstance(fields, dict):
            refuse("the body is not a JSON object")
        return cls(fields)

    def has(self, key: str) -> bool:
        return self.fields.get(key) is not None

    def text(self, key: str) -> str:
        """A string that must be there and hold more than blanks."""
        value = self.optional_text(key)
        if value is None or not value.strip():
            refuse(f"{key} is missing or empty")
        return value

    def optional_text(self, key: str) -> str | None:
        value = self.fields.get(key)
        if value is not None and not isinstance(value, str):
            refuse(f"{key} is not a string")
        if value is not None and not value.isascii():
            _refuse_lone_surrogates(key, value)
        return value

    def integer(self, key: str) -> int:
        """A whole number that must be there."""
        value = self.optional_integer(key)
        if value is None:
            refuse(f"{key} is missing")
        return value

    def optional_integer(self, key: str) -> int | None:
        value = self.fields.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            refuse(f"{key} is not a whole number")
        return value

    def number(self, key: str, default: float, *, lowest: float = 0.0, highest: float = float("inf")) -> float:
        value = self.fields.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not lowest <= value <= highest:
            refuse(f"{key} is not a number from {lowest:g} to {highest:g}")
        return float(value)


def _refuse_lone_surrogates(key: str, value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        refuse(f"{key} holds half a surrogate pair")


def query_integer(request: web.Request, key: str, default: int = 0) -> int:
    """A whole number from the query string."""
    raw = request.query.get(key, "")
    try:
        return int(raw) if raw else default
    except ValueError:
        refuse(f"{key} is not a whole number")
