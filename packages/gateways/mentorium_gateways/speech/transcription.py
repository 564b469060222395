"""A speech service with OpenAI's /audio/transcriptions, whoever runs it: it writes down what a parent has said.

It gets the sound as it is and the model's name, nothing else: no hint that would tell it a child's name.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import aiohttp

from mentorium_ai_client import RequestOutcome, Usage
from mentorium_kit.errors import RefusedError, UnavailableError
from mentorium_kit.unit_of_work import refuse_inside

OPENAI: Final = "https://api.openai.com/v1"
_TIMEOUT: Final = aiohttp.ClientTimeout(total=60, sock_connect=3)
_PAUSE_S: Final = 0.3
_TRIES: Final = 2
_MOST_BYTES: Final = 256 * 1024
_NO_SOUND: Final = {"400", "413", "415", "422"}


class _FailedError(Exception):
    """A request that failed; `reason` as of RequestOutcome."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def passes(self) -> bool:
        """Whether the same request may succeed in a moment: not where the key, the model or the file is wrong."""
        return not self.reason.isdigit() or self.reason == "429" or self.reason >= "500"


def _unobserved(_: RequestOutcome) -> None:
    return None


class OpenAITranscriber:
    """A `Transcriber` of core. `on_request` hears of each request over the wire and must not raise."""

    def __init__(
        self,
        base_url: str | None,
        api_key: str,
        model: str,
        on_request: Callable[[RequestOutcome], None] = _unobserved,
    ) -> None:
        self._url = f"{(base_url or OPENAI).rstrip('/')}/audio/transcriptions"
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._model = model
        self._on_request = on_request

    async def transcribe(self, sound: bytes, timeout_s: float) -> str:
        """`transcription_unavailable` where it does not answer within `timeout_s`, in which it is tried twice.

        RefusedError `transcription_refused` where it takes the file for no sound.
        """
        refuse_inside("transcription")
        reason = "timeout"
        try:
            async with asyncio.timeout(timeout_s):
                for attempt in range(_TRIES):
                    if attempt:
                        await asyncio.sleep(_PAUSE_S)
                    try:
                        return await self._observed(sound)
                    except _FailedError as failed:
                        reason = failed.reason
                        if not failed.passes:
                            break
        except TimeoutError:
            reason = "timeout"
        if reason in _NO_SOUND:
            raise RefusedError("transcription_refused", reason=reason)
        raise UnavailableError("transcription_unavailable", reason=reason)

    async def _observed(self, sound: bytes) -> str:
        began, reason, usage = time.monotonic(), "cancelled", Usage()
        try:
            answer = await self._ask(sound)
            text, usage = answer["text"], _usage(answer.get("usage"))
            if not isinstance(text, str):
                raise TypeError("no text")
            reason = "ok"
        except _FailedError as failed:
            reason = failed.reason
            raise
        except (aiohttp.ClientError, OSError) as error:
            reason = "timeout" if isinstance(error, TimeoutError) else "connection"
            raise _FailedError(reason) from error
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            reason = "corrupt"
            raise _FailedError(reason) from error
        finally:
            self._on_request(RequestOutcome(self._model, reason, time.monotonic() - began, usage))
        return text

    async def _ask(self, sound: bytes) -> Any:
        form = aiohttp.FormData()
        form.add_field("model", self._model)
        form.add_field("response_format", "json")
        form.add_field("file", sound, filename="voice.ogg", content_type="audio/ogg")
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT, headers=self._headers) as session,
            session.post(self._url, data=form, allow_redirects=False) as answer,
        ):
            if answer.status != HTTPStatus.OK:
                raise _FailedError(str(answer.status))
            return json.loads(await _read(answer))


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for piece in answer.content.iter_any():
        body += piece
        if len(body) > _MOST_BYTES:
            raise ValueError("too much")
    return bytes(body)


def _usage(told: Any) -> Usage:
    """Models that are paid by the minute tell no tokens."""
    counts = told if isinstance(told, dict) else {}
    return Usage(*(_count(counts.get(name)) for name in ("input_tokens", "output_tokens")))


def _count(number: object) -> int:
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else 0
