"""The HTTP session of a bot: aiogram's, but what it raises are our own errors (`errors.py`)."""

from __future__ import annotations

import time
from collections import deque
from functools import cache
from http import HTTPStatus
from typing import Any, Final

from aiogram import Bot
from aiogram.__meta__ import __version__
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import (
    BytesPayload,
    ClientConnectorError,
    ClientError,
    ClientHandlerType,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ConnectionTimeoutError,
    FormData,
    Payload,
)
from aiohttp.hdrs import USER_AGENT
from aiohttp.http import SERVER_SOFTWARE

from mentorium_gateways.telegram.errors import (
    AnswerLostError,
    ChatClosedError,
    ChatMovedError,
    OtherPollerError,
    RequestRefusedError,
    TelegramError,
    TelegramRateLimitError,
    TelegramUnavailableError,
    TokenRefusedError,
)
from mentorium_gateways.telegram.updates import GetRawUpdates
from mentorium_observability.health import KNOWN_FOR_S
from mentorium_observability.metrics import from_the_start, telegram_request_duration, telegram_requests

# The Bot API has no error code of its own for a chat that is not there: https://core.telegram.org/bots/api#making-requests
_NO_CHAT: Final = ("chat not found", "user not found", "peer_id_invalid")
_SENT_ELSEWHERE: Final = frozenset(range(HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT + 1))
_STATUSES: Final = ("success", "rate_limited", "refused", "unavailable")
_LONG_SILENCE_S: Final = 10.0
_MOMENT_S: Final = 0.5
_MOMENTS_KEPT: Final = 240
"""Two minutes of them: four times as long as a call waits."""
_MANY_FAILURES: Final = 3
_UNSAID_RETRY_AFTER_S: Final = 1.0
"""For a 429 of something before Telegram that does not say how long."""
_UNSAID: Final = (None, "")
_BY_KIND: Final[tuple[tuple[type[AiogramError], type[TelegramError], str], ...]] = (
    (TelegramForbiddenError, ChatClosedError, "chat_closed"),
    (TelegramServerError, TelegramUnavailableError, "telegram_failed"),
    (TelegramUnauthorizedError, TokenRefusedError, "telegram_token_refused"),
    (TelegramNotFound, TokenRefusedError, "telegram_token_refused"),
    (TelegramConflictError, OtherPollerError, "telegram_other_poller"),
    (ClientDecodeError, AnswerLostError, "telegram_answer_unreadable"),
)


class SentElsewhereError(ClientError):
    """Something before Telegram has answered with a redirection, which Telegram never does: nothing was done."""


_NOTHING_DONE: Final = (ClientConnectorError, ConnectionTimeoutError, SentElsewhereError)


async def _stay(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """aiohttp would follow, with the message of whoever it is for."""
    answer = await handler(request)
    if answer.status in _SENT_ELSEWHERE:
        answer.close()
        raise SentElsewhereError
    return answer


class _JsonBody(FormData):
    """A body that aiohttp takes in a form's place."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self._body = body

    def __call__(self) -> Payload:
        return BytesPayload(self._body, content_type="application/json")


class TelegramSession(AiohttpSession):
    """Raises a `TelegramError` for every call that fails, whatever answered in Telegram's place.

    It remembers when calls were answered: what a lost answer means depends on it, and so does whether Telegram is well.
    getUpdates tells nothing of it, as messages may hang while updates come, and webhooks have none.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._answer_types: dict[type, type] = {}
        """Held here: pydantic makes a type that nobody holds anew at each call, for some milliseconds."""
        self._answered_at: deque[float] = deque(maxlen=_MOMENTS_KEPT)
        self._failed_in_a_row, self._failed_at = 0, 0.0

    async def create_session(self) -> ClientSession:
        """As aiogram's, but it is not sent elsewhere."""
        if self._should_reset_connector:
            await self.close()
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                connector=self._connector_type(**self._connector_init),
                headers={USER_AGENT: f"{SERVER_SOFTWARE} aiogram/{__version__}"},
                middlewares=(_stay,),
            )
            self._should_reset_connector = False
        return self._session

    @property
    def is_well(self) -> bool:
        """False after some failures in a row, until a call is answered, or nobody has made one for a while."""
        return self._failed_in_a_row < _MANY_FAILURES or time.monotonic() - self._failed_at > KNOWN_FOR_S

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        name, began, status = method.__api_method__, time.monotonic(), "success"
        try:
            return await self._make_request(bot, method, timeout)
        except TelegramError as error:
            status = _status(error)
            if isinstance(error, AnswerLostError):
                error.nothing_answered = self._was_silent_since(began)
            raise
        finally:
            if name != GetRawUpdates.__api_method__:
                self._note(answered=status != "unavailable")
                _begin_series(name)
                telegram_requests.labels(method=name, status=status).inc()
                telegram_request_duration.labels(method=name).observe(time.monotonic() - began)

    def _note(self, *, answered: bool) -> None:
        now = time.monotonic()
        if not answered:
            self._failed_in_a_row, self._failed_at = self._failed_in_a_row + 1, now
            return
        self._failed_in_a_row = 0
        if not self._answered_at or now - self._answered_at[-1] >= _MOMENT_S:
            self._answered_at.append(now)

    def _was_silent_since(self, began: float) -> bool:
        """Whether this call has waited for long, and nobody's was answered in the first half of that time."""
        waited_s = time.monotonic() - began
        answered = any(began <= moment <= began + waited_s / 2 for moment in self._answered_at)
        return waited_s >= _LONG_SILENCE_S and not answered

    async def _make_request(self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None) -> TelegramType:
        try:
            return await super().make_request(bot, method, timeout)
        except AiogramError as error:
            raise translated(error) from error
        except (OSError, ValueError, LookupError) as error:  # a connection that breaks; bytes that are no text
            raise AnswerLostError("telegram_answer_lost", type(error).__name__) from error

    def build_form_data(self, bot: Bot, method: TelegramMethod[TelegramType]) -> FormData:
        """What has no file goes as JSON: to write a form, each field as JSON within it, costs three times as much.

        https://core.telegram.org/bots/api#making-requests
        """
        files: dict[str, InputFile] = {}
        fields = {
            name: ready
            for name, value in method.model_dump(warnings=False, exclude_none=True).items()
            if (ready := self.prepare_value(value, bot, files, _dumps_json=False)) not in _UNSAID
        }
        return super().build_form_data(bot, method) if files else _JsonBody(self.json_dumps(fields).encode())

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """As aiogram does it, but a server's error is one in whatever words: a proxy's 502 is a page of HTML."""
        if type(method) not in self._answer_types:
            self._answer_types[type(method)] = Response[method.__returning__]  # type: ignore[name-defined]
        try:
            return super().check_response(bot, method, status_code, content)
        except (ClientDecodeError, TelegramServerError) as error:
            if status_code == HTTPStatus.GATEWAY_TIMEOUT:  # the proxy has passed it on and waited in vain
                raise AnswerLostError("telegram_answer_lost", f"status {status_code}") from error
            if status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise TelegramUnavailableError("telegram_failed", f"status {status_code}") from error
            if status_code == HTTPStatus.TOO_MANY_REQUESTS:
                raise TelegramRateLimitError(_UNSAID_RETRY_AFTER_S) from error
            raise


def takes_calls(bot: Bot) -> bool:
    """Whether Telegram answers this bot's calls, as far as they tell."""
    return not isinstance(bot.session, TelegramSession) or bot.session.is_well


@cache
def _begin_series(method: str) -> None:
    from_the_start(telegram_requests, method=(method,), status=_STATUSES)


def _status(error: TelegramError) -> str:
    """What the metrics call it."""
    if isinstance(error, TelegramRateLimitError):
        return "rate_limited"
    return "unavailable" if isinstance(error, TelegramUnavailableError | AnswerLostError) else "refused"


def translated(error: AiogramError) -> TelegramError:
    """Our own error for one of aiogram's."""
    words = str(getattr(error, "message", ""))
    if isinstance(error, TelegramRetryAfter):
        return TelegramRateLimitError(float(error.retry_after), words)
    if isinstance(error, TelegramMigrateToChat):
        return ChatMovedError(error.migrate_to_chat_id, words)
    if isinstance(error, TelegramBadRequest) and any(phrase in words.lower() for phrase in _NO_CHAT):
        return ChatClosedError("chat_closed", words)
    if isinstance(error, TelegramNetworkError) and not isinstance(error, TelegramEntityTooLarge):
        return _network_error(error)
    for kind, ours, code in _BY_KIND:
        if isinstance(error, kind):
            return ours(code, words)
    return RequestRefusedError("telegram_refused", f"{type(error).__name__}: {words}")


def _network_error(error: TelegramNetworkError) -> TelegramError:
    cause = type(error.__cause__).__name__  # aiohttp's own words may hold the address, and so the token
    if isinstance(error.__cause__, _NOTHING_DONE):
        return TelegramUnavailableError("telegram_unavailable", cause)
    return AnswerLostError("telegram_answer_lost", cause)
