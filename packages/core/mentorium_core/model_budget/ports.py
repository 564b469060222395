"""What a budget is put around."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from mentorium_ai_client import JsonSchema, Message, StreamEvent, Tool


class StreamingModel(Protocol):
    """A language model that streams; `MentoriumAIClient` is one."""

    def stream(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        user_id: int | None = None,
        reply_tokens: int = 400,
        timeout_s: float | None = None,
        answer_schema: JsonSchema | None = None,
    ) -> AsyncGenerator[StreamEvent, None]:
        """Raises UnavailableError when the model does not answer within `timeout_s`."""
        ...
