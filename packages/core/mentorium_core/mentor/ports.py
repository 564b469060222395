"""What the mentor needs and core does not do itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from mentorium_ai_client import Message, StreamEvent, Tool


class ModerationPort(Protocol):
    """Judges a text before a model reads it; `ModerationClient` is one."""

    async def flagged(self, text: str) -> frozenset[str]:
        """The flagged categories. Raises nothing and does not take long: no judgement is an empty one."""
        ...


class ModelPort(Protocol):
    """A language model that streams; `MentoriumAIClient` is one."""

    def stream(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        user_id: int | None = None,
        reply_tokens: int = 400,
        timeout_s: float | None = None,
    ) -> AsyncGenerator[StreamEvent, None]:
        """Raises UnavailableError when the model does not answer within `timeout_s`."""
        ...


class Transcriber(Protocol):
    """A speech service that writes down what it hears; `BudgetedTranscriber` is one."""

    async def transcribe(self, sound: bytes, seconds: float, *, parent_id: int, timeout_s: float) -> str:
        """The words of an OGG with Opus that plays so long, paid for from the budget of `parent_id`.

        UnavailableError where it does not answer within `timeout_s`, and ModelWithheldError where it is not asked;
        RefusedError for what it takes for no sound.
        """
        ...


class VoiceReader(Protocol):
    """Fetches a voice message into memory; `mentorium_gateways.telegram.TelegramVoiceReader` is one."""

    async def read_voice(self, file_id: str, most_bytes: int) -> bytes | None:
        """None where it is larger than that. UnavailableError where it cannot be fetched now; RefusedError: never."""
        ...
