"""Talks to the language model: streamed answers, tool calls, retries. Knows nothing of Telegram or the databases.

What needs the SDK, which takes a second to import, is imported when it is first asked for: whoever names types or
settings alone does not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from mentorium_ai_client.errors import AIFilteredError, AIQuotaError, AIRequestError, AIUnavailableError
from mentorium_ai_client.events import Finished, RequestOutcome, Restarted, StreamEvent, TextDelta, ToolCalls, Usage
from mentorium_ai_client.messages import (
    AssistantMessage,
    JsonSchema,
    Message,
    SystemMessage,
    Tool,
    ToolCall,
    ToolResult,
    UserMessage,
)

if TYPE_CHECKING:
    from mentorium_ai_client.client import DEFAULT_MODEL, MentoriumAIClient
    from mentorium_ai_client.history import trim_history
    from mentorium_ai_client.moderation import DEFAULT_MODERATION_MODEL, ModerationClient
    from mentorium_ai_client.utils import RetryPolicy, count_message_tokens, count_tokens, load_tokenizer

__all__ = [
    "DEFAULT_MODEL",
    "DEFAULT_MODERATION_MODEL",
    "AIFilteredError",
    "AIQuotaError",
    "AIRequestError",
    "AIUnavailableError",
    "AssistantMessage",
    "Finished",
    "JsonSchema",
    "MentoriumAIClient",
    "Message",
    "ModerationClient",
    "RequestOutcome",
    "Restarted",
    "RetryPolicy",
    "StreamEvent",
    "SystemMessage",
    "TextDelta",
    "Tool",
    "ToolCall",
    "ToolCalls",
    "ToolResult",
    "Usage",
    "UserMessage",
    "count_message_tokens",
    "count_tokens",
    "load_tokenizer",
    "trim_history",
]

_LATER: Final = {
    "DEFAULT_MODEL": "client",
    "MentoriumAIClient": "client",
    "trim_history": "history",
    "DEFAULT_MODERATION_MODEL": "moderation",
    "ModerationClient": "moderation",
    "RetryPolicy": "utils",
    "count_message_tokens": "utils",
    "count_tokens": "utils",
    "load_tokenizer": "utils",
}


def __getattr__(name: str) -> Any:
    if (module := _LATER.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), name)
