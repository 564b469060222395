"""The language model as the rest of the house sees it: one streamed answer, whole or an error, within a set time."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

import openai
from openai import AsyncOpenAI, AsyncStream, DefaultAioHttpClient

from mentorium_ai_client.capabilities import capabilities_of
from mentorium_ai_client.errors import AIFilteredError, AIQuotaError, AIRequestError, AIUnavailableError
from mentorium_ai_client.events import RequestOutcome, Restarted, StreamEvent, TextDelta
from mentorium_ai_client.messages import JsonSchema, Message, SystemMessage, Tool, UserMessage
from mentorium_ai_client.prompts import MENTOR_SYSTEM_PROMPT
from mentorium_ai_client.utils import RetryPolicy, is_filtered, is_quota, is_transient, reason_of
from mentorium_ai_client.wire import BrokenStreamError, Reader, request_parameters
from mentorium_kit.unit_of_work import refuse_inside

if TYPE_CHECKING:
    import httpx2

DEFAULT_MODEL = "gpt-6-luna"
REPLY_TOKENS = 400

Observer = Callable[[RequestOutcome], None]

_PATH: Final = "/chat/completions"
_FAILURES = (openai.APIError, BrokenStreamError, TimeoutError)


def _unobserved(_: RequestOutcome) -> None:
    return None


class MentoriumAIClient:
    """Speaks Chat Completions to OpenAI, or to whoever imitates it at `base_url`.

    Times are in seconds. `answer_timeout_s` bounds one answer with all its retries; `read_timeout_s` is the longest
    silence within an answer. `http_client`: another transport than aiohttp, which is the quickest.
    `on_request` hears of each request over the wire and must not raise.
    """

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str | None = None,
        model: str = DEFAULT_MODEL,
        answer_timeout_s: float = 25.0,
        read_timeout_s: float = 10.0,
        connect_timeout_s: float = 5.0,
        retries: RetryPolicy | None = None,
        http_client: httpx2.AsyncClient | None = None,
        on_request: Observer = _unobserved,
    ) -> None:
        self._model = model
        self._capabilities = capabilities_of(model)
        self._answer_timeout_s = answer_timeout_s
        self._retries = retries or RetryPolicy()
        self._on_request = on_request
        self._identifier_key = api_key.encode()
        self._sdk = AsyncOpenAI(
            api_key=api_key,
            base_url=base_url,
            max_retries=0,
            timeout=openai.Timeout(answer_timeout_s, read=read_timeout_s, connect=connect_timeout_s),
            # sent elsewhere by a server, a parent's words would go along
            http_client=http_client or DefaultAioHttpClient(follow_redirects=False),
        )

    async def aclose(self) -> None:
        await self._sdk.close()

    async def generate_reply(self, text: str, *, user_id: int | None = None) -> str:
        """The mentor's whole answer to one question, without history or tools. Raises AIUnavailableError."""
        pieces: list[str] = []
        async with aclosing(
            self.stream([SystemMessage(MENTOR_SYSTEM_PROMPT), UserMessage(text)], user_id=user_id)
        ) as events:
            async for event in events:
                match event:
                    case TextDelta(piece):
                        pieces.append(piece)
                    case Restarted():
                        pieces.clear()
        return "".join(pieces)

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        user_id: int | None = None,
        reply_tokens: int = REPLY_TOKENS,
        timeout_s: float | None = None,
        answer_schema: JsonSchema | None = None,
    ) -> AsyncGenerator[StreamEvent, None]:
        """One answer as it is written; ends with Finished, or raises AIUnavailableError within the answer's time.

        With `answer_schema` its text is JSON of that schema, unless it was cut, filtered or refused: whoever reads it
        checks it all the same.
        `timeout_s` shortens the client's `answer_timeout_s`, where several answers share one deadline. Whoever may
        leave before the end closes the generator (`contextlib.aclosing`), which hangs up.
        """
        refuse_inside("openai")
        if tools and not self._capabilities.tools:
            raise AIRequestError("ai_model_takes_no_tools", model=self._model)
        parameters = request_parameters(
            messages,
            tools,
            model=self._model,
            capabilities=self._capabilities,
            reply_tokens=reply_tokens,
            safety_identifier=self._safety_identifier(user_id),
            answer_schema=answer_schema,
        )
        seconds = self._answer_timeout_s if timeout_s is None else min(timeout_s, self._answer_timeout_s)
        try:
            async with aclosing(self._with_retries(parameters, seconds)) as events:
                async for event in events:
                    yield event
        except _FAILURES as error:
            raise _ours(error) from None  # the service's own message may quote what was sent

    async def _with_retries(self, parameters: dict[str, Any], seconds: float) -> AsyncGenerator[StreamEvent, None]:
        deadline = asyncio.get_running_loop().time() + seconds
        shown = False
        async for attempt in self._retries.attempts_within(seconds):
            with attempt:
                if shown:
                    shown = False
                    yield Restarted()
                async with aclosing(self._attempt(parameters, deadline)) as events:
                    async for event in events:
                        shown = True
                        yield event

    async def _attempt(self, parameters: dict[str, Any], deadline: float) -> AsyncGenerator[StreamEvent, None]:
        clock = asyncio.get_running_loop().time
        began, reader, reason = clock(), Reader(self._model), "cancelled"
        try:
            async with aclosing(self._chunks(parameters, deadline)) as chunks:
                async for chunk in chunks:
                    for delta in reader.read(chunk):
                        yield delta
            ending = tuple(reader.finish())
            reason = "ok"
        except _FAILURES as error:
            reason = reason_of(error)
            raise
        finally:
            self._on_request(RequestOutcome(self._model, reason, clock() - began, reader.usage))
        for event in ending:
            yield event

    async def _chunks(self, parameters: dict[str, Any], deadline: float) -> AsyncGenerator[object, None]:
        """The chunks of one response. The deadline strikes only while we wait for the service, never in the reader.

        They come as plain JSON: the SDK's models cost more than half of the CPU time of a chunk, and tell us nothing.
        """
        async with asyncio.timeout_at(deadline):
            response = await self._sdk.post(
                _PATH, cast_to=object, body=parameters, stream=True, stream_cls=AsyncStream[object]
            )
        async with response:
            while (chunk := await _next(response, deadline)) is not None:
                yield chunk

    def _safety_identifier(self, user_id: int | None) -> str | None:
        """Tells one user from another to the service without telling who they are."""
        if user_id is None:
            return None
        return hmac.new(self._identifier_key, str(user_id).encode(), hashlib.sha256).hexdigest()


async def _next(response: AsyncStream[object], deadline: float) -> object | None:
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(response, None)
    except ValueError:  # no JSON, or no UTF-8
        raise BrokenStreamError("corrupt") from None


def _ours(error: BaseException) -> AIUnavailableError:
    context: dict[str, object] = {"reason": reason_of(error)}
    if isinstance(error, openai.APIError):
        context |= {"error_code": error.code, "param": error.param}
    if isinstance(error, openai.APIStatusError):
        context |= {"request_id": error.request_id}
    if is_quota(error):
        return AIQuotaError("ai_quota_exhausted", **context)
    if is_filtered(error):
        return AIFilteredError("ai_answer_filtered", **context)
    if isinstance(error, openai.APIStatusError) and not is_transient(error):
        return AIRequestError("ai_request_refused", **context)
    return AIUnavailableError("ai_unavailable", **context)
