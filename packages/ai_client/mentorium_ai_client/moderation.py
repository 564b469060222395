"""The moderation endpoint, where the service has one: what it flags in a text. It is never waited for long."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from mentorium_ai_client.events import RequestOutcome, Usage
from mentorium_kit.unit_of_work import refuse_inside

DEFAULT_MODERATION_MODEL: Final = "omni-moderation-latest"
ABSENT: Final = "absent"
"""The reason of an outcome where the service has no such endpoint."""
_OPENAI: Final = "https://api.openai.com/v1"
_NO_ENDPOINT: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED})
_ABSENT_FOR_S: Final = 3600.0
_RESTS_FOR_S: Final = 60.0
_FAILURES_BEFORE_REST: Final = 3


class ModerationClient:
    """Asks for a judgement within `timeout_s`, without retries: whoever asks has a parent waiting.

    After three failures in a row it is left alone for a minute, an endpoint that does not exist for an hour.
    `on_request` hears of each request and must not raise. It speaks plain HTTP: the SDK would cost each question of a
    parent several times the CPU time.
    """

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str | None = None,
        model: str = DEFAULT_MODERATION_MODEL,
        timeout_s: float = 2.0,
        on_request: Callable[[RequestOutcome], None] = lambda _: None,
        machine_time: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = f"{(base_url or _OPENAI).rstrip('/')}/moderations"
        self._headers = {"Authorization": f"Bearer {api_key}"}
        self._model = model
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._on_request = on_request
        self._time = machine_time
        self._failures = 0
        self._rests_until = float("-inf")
        self._http: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def flagged(self, text: str) -> frozenset[str]:
        """The flagged categories, such as `self-harm/intent`; empty where there are none or no judgement can be had."""
        refuse_inside("openai")
        if self._time() < self._rests_until:
            return frozenset()
        began, reason, found = self._time(), "cancelled", frozenset[str]()
        try:
            found, reason = await self._ask(text)
        except TimeoutError:
            reason = "timeout"
        except aiohttp.ClientError:
            reason = "connection"
        except ValueError:
            reason = "corrupt"
        finally:
            self._on_request(RequestOutcome(self._model, reason, self._time() - began, Usage()))
        self._remember(reason)
        return found

    async def _ask(self, text: str) -> tuple[frozenset[str], str]:
        """Its judgement and "ok", or what its status says. ValueError where it is no answer of this endpoint."""
        if self._http is None:
            self._http = aiohttp.ClientSession(headers=self._headers, timeout=self._timeout)
        said = {"model": self._model, "input": text}
        async with self._http.post(self._url, json=said, allow_redirects=False) as answer:
            if answer.status in _NO_ENDPOINT:
                return frozenset(), ABSENT
            if answer.status != HTTPStatus.OK:
                return frozenset(), str(answer.status)
            return _categories(await answer.json(content_type=None)), "ok"

    def _remember(self, reason: str) -> None:
        self._failures = 0 if reason == "ok" else self._failures + 1
        if reason == ABSENT:
            self._rests_until = self._time() + _ABSENT_FOR_S
        elif self._failures >= _FAILURES_BEFORE_REST:
            self._rests_until = self._time() + _RESTS_FOR_S


def _categories(answer: Any) -> frozenset[str]:
    results = answer.get("results") if isinstance(answer, Mapping) else None
    if not isinstance(results, list) or not results:
        raise ValueError("no moderation results")
    flagged: set[str] = set()
    for result in results:
        categories = result.get("categories") if isinstance(result, Mapping) else None
        if not isinstance(categories, Mapping):
            raise ValueError("no moderation categories")
        flagged |= {str(name) for name, is_flagged in categories.items() if is_flagged is True}
    return frozenset(flagged)
