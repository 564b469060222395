"""Counting tokens without a network, and the one policy of retries."""

from __future__ import annotations

import asyncio
import base64
import gzip
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from importlib import resources

import openai
import tiktoken
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_base, wait_exponential_jitter

from mentorium_ai_client.messages import AssistantMessage, Message, SystemMessage, Tool, ToolResult
from mentorium_ai_client.wire import BrokenStreamError

_TOKENS_PER_MESSAGE = 3
_TOKENS_BEFORE_ANSWER = 3

# As in tiktoken, which keeps it inside a function that would load its vocabulary from the network.
_O200K_PATTERN = "|".join(  # noqa: FLY002 - one alternative a line
    [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    ]
)


class _Tokenizer:
    """o200k_base, loaded at the first use (about half a second and 45 MB), then shared."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._encoding: tiktoken.Encoding | None = None

    @property
    def is_loaded(self) -> bool:
        return self._encoding is not None

    def get(self) -> tiktoken.Encoding:
        with self._lock:
            if self._encoding is None:
                self._encoding = self._load()
            return self._encoding

    def _load(self) -> tiktoken.Encoding:
        packed = resources.files("mentorium_ai_client").joinpath("data/o200k_base.tiktoken.gz").read_bytes()
        lines = (line.split() for line in gzip.decompress(packed).splitlines())
        ranks = {base64.b64decode(token): int(rank) for token, rank in lines}
        encoding = tiktoken.Encoding("o200k_base", pat_str=_O200K_PATTERN, mergeable_ranks=ranks, special_tokens={})
        # What encodes has its own copy; the Encoding would keep ours for whoever pickles it: 26 MB.
        ranks.clear()
        return encoding


_tokenizer = _Tokenizer()


async def load_tokenizer() -> None:
    """Load the vocabulary in a thread, so that the first count does not hold the event loop; free when loaded."""
    if not _tokenizer.is_loaded:
        await asyncio.to_thread(_tokenizer.get)


def count_tokens(text: str) -> int:
    """Tokens of a text by o200k_base, which every current OpenAI model uses."""
    return len(_tokenizer.get().encode_ordinary(text))


@lru_cache(maxsize=256)
def _count_standing(text: str) -> int:
    """Of what is sent again and again and holds nobody's words: system prompts and tools."""
    return count_tokens(text)


def count_message_tokens(messages: Sequence[Message], tools: Sequence[Tool] = ()) -> int:
    """Tokens that a request of these messages and tools costs, the service's own overhead included."""
    said = sum(map(message_tokens, messages))
    return said + sum(_tool_tokens(tool) for tool in tools) + _TOKENS_BEFORE_ANSWER


def message_tokens(message: Message) -> int:
    """What one more message adds to a request."""
    return _TOKENS_PER_MESSAGE + _content_tokens(message)


def _content_tokens(message: Message) -> int:
    match message:
        case ToolResult(call_id, content):
            return count_tokens(call_id) + count_tokens(content)
        case AssistantMessage(text, calls):
            return count_tokens(text) + sum(count_tokens(f"{c.id} {c.name} {c.arguments_json}") for c in calls)
        case SystemMessage(text):
            return _count_standing(text)
        case _:
            return count_tokens(message.text)


def _tool_tokens(tool: Tool) -> int:
    return _count_standing(tool.written)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Waits grow from `first_wait_s` to at most `longest_wait_s`, with jitter; a Retry-After of the service wins."""

    attempts: int = 4
    first_wait_s: float = 0.4
    longest_wait_s: float = 4.0

    def attempts_within(self, seconds: float) -> AsyncRetrying:
        """Attempts for one whole answer; gives up at once where the next one could not begin within `seconds`."""
        return AsyncRetrying(
            retry=retry_if_exception(is_transient),
            wait=_RetryAfterOr(self._backoff()),
            stop=stop_after_attempt(self.attempts) | stop_before_delay(seconds),
            reraise=True,
        )

    def _backoff(self) -> wait_base:
        return wait_exponential_jitter(
            multiplier=self.first_wait_s, max=self.longest_wait_s, jitter=self.first_wait_s / 2
        )


class _RetryAfterOr(wait_base):
    def __init__(self, otherwise: wait_base) -> None:
        self._otherwise = otherwise

    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome is not None else None
        asked = retry_after_s(error) if isinstance(error, openai.APIStatusError) else None
        return asked if asked is not None else self._otherwise(retry_state)


def retry_after_s(error: openai.APIStatusError) -> float | None:
    """Seconds the service asks us to wait: Retry-After as seconds or as a date, or its own retry-after-ms."""
    headers = error.response.headers
    try:
        if "retry-after-ms" in headers:
            seconds = float(headers["retry-after-ms"]) / 1000
        else:
            seconds = _seconds(headers.get("retry-after", ""), headers.get("date", ""))
    except (ValueError, TypeError):  # no number and no date, or two dates of which one has no zone
        return None
    return seconds if 0 < seconds < float("inf") else None


def _seconds(retry_after: str, answered_at: str) -> float:
    try:
        return float(retry_after)
    except ValueError:
        # measured by the service's own clock, which ours need not agree with
        return (parsedate_to_datetime(retry_after) - parsedate_to_datetime(answered_at)).total_seconds()


_QUOTA_CODES = {"insufficient_quota", "credit_balance_exhausted", "billing_hard_limit_reached"}
_FILTER_CODES = {"content_filter", "content_policy_violation"}
_TRANSIENT_STATUSES = {408, 409, 429}


def is_quota(error: BaseException) -> bool:
    """The account has no credit: as 429 or inside a stream, and no retry will mend it."""
    return isinstance(error, openai.APIError) and bool({error.code, error.type} & _QUOTA_CODES)


def is_filtered(error: BaseException) -> bool:
    """The service's filter did not let it through: as a refusal or inside a stream."""
    return isinstance(error, openai.APIError) and error.code in _FILTER_CODES


def is_transient(error: BaseException) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, openai.APIStatusError):
        return (error.status_code in _TRANSIENT_STATUSES or error.status_code >= 500) and not is_quota(error)
    # an APIError without a status is an error that arrived inside the stream
    return isinstance(error, BrokenStreamError | openai.APIError) and not (is_quota(error) or is_filtered(error))


def reason_of(error: BaseException) -> str:
    """The word for logs and metrics of a failed request, see RequestOutcome."""
    match error:
        case BrokenStreamError():
            return error.reason
        case openai.APITimeoutError() | TimeoutError():
            return "timeout"
        case openai.APIConnectionError():
            return "connection"
        case openai.APIError() if is_quota(error):
            return "quota"
        case openai.APIError() if is_filtered(error):
            return "filtered"
        case openai.APIStatusError():
            return str(error.status_code)
        case _:
            return "error_event"
