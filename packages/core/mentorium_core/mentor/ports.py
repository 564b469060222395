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
