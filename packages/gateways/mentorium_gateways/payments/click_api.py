"""Click's Merchant API over HTTP (https://docs.click.uz/merchant-api/): a call, its signature, what its end means."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.unit_of_work import refuse_inside
from mentorium_observability import get_logger

_TIMEOUT: Final = aiohttp.ClientTimeout(total=20, connect=5)
_LARGEST_ANSWER: Final = 1_000_000
_REFUSED_ENTRANCE: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}

logger = get_logger(__name__)


class _AnswerLostError(aiohttp.ClientError):
    pass


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """aiohttp sends a DELETE a second time where the first was not answered: a reversal is for us to repeat."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _AnswerLostError(type(error).__name__) from error


def auth_header(merchant_user_id: int, secret_key: str, timestamp: int) -> str:
    """`Auth`: user, SHA-1 of time and secret, time in seconds since 1970."""
    digest = hashlib.sha1(f"{timestamp}{secret_key}".encode(), usedforsecurity=False).hexdigest()
    return f"{merchant_user_id}:{digest}:{timestamp}"


@dataclass(frozen=True, slots=True)
class ClickAnswer:
    """`error_code`: 0 where Click has done it; None where it does not say."""

    error_code: int | None
    fields: Mapping[str, Any]

    @property
    def problem(self) -> str:
        """For the team: Click's number and note."""
        return f"click {self.error_code}: {self.fields.get('error_note', '')}"[:200]

    def number(self, name: str) -> int | None:
        """A number, however it is written."""
        return _number(self.fields.get(name))


@dataclass(frozen=True, slots=True)
class ClickApi:
    """`url`: https://api.click.uz/v2/merchant."""

    url: str
    merchant_user_id: int
    secret_key: str = field(repr=False)

    async def ask(self, path: str) -> ClickAnswer:
        """Changes nothing. UnavailableError where there is no answer that can be read."""
        return await self._call("GET", path, None, changes=False)

    async def do(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> ClickAnswer:
        """UnavailableError: certainly nothing was done. OutcomeUnknownError: it may have been."""
        return await self._call(method, path, body, changes=True)

    async def _call(self, method: str, path: str, body: Mapping[str, Any] | None, *, changes: bool) -> ClickAnswer:
        refuse_inside("click")
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Auth": auth_header(self.merchant_user_id, self.secret_key, int(clock.now().timestamp())),
        }
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT, middlewares=(_once,)) as session,
                session.request(
                    method, f"{self.url.rstrip('/')}/{path}", json=body, headers=headers, allow_redirects=False
                ) as response,
            ):
                status, said = response.status, await _json(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise UnavailableError("click_unreachable", reason=type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _lost(type(error).__name__, changes=changes) from error
        logger.info("click_asked", method=method, path=path, status=status, error_code=_code(said))
        if status in _REFUSED_ENTRANCE:
            raise UnavailableError("click_refused_entrance", status=status)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or (said is None and status < HTTPStatus.BAD_REQUEST):
            raise _lost(f"status {status}", changes=changes)
        if status >= HTTPStatus.BAD_REQUEST:
            code = _code(said)
            return ClickAnswer(-status if code in {None, 0} else code, said or {})
        return ClickAnswer(_code(said), said or {})


def _lost(reason: str, *, changes: bool) -> UnavailableError | OutcomeUnknownError:
    kind = OutcomeUnknownError if changes else UnavailableError
    return kind("click_answer_lost", reason=reason)


async def _json(response: aiohttp.ClientResponse) -> dict[str, Any] | None:
    """The object that it says, whatever its content type; None for anything else."""
    raw = await response.content.read(_LARGEST_ANSWER)
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _code(said: Mapping[str, Any] | None) -> int | None:
    return _number((said or {}).get("error_code"))


def _number(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None
