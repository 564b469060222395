"""Talks to the language model: streamed answers, tool calls, retries. Knows nothing of Telegram or the databases."""

from mentorium_ai_client.client import DEFAULT_MODEL, MentoriumAIClient
from mentorium_ai_client.errors import AIFilteredError, AIQuotaError, AIRequestError, AIUnavailableError
from mentorium_ai_client.events import Finished, RequestOutcome, Restarted, StreamEvent, TextDelta, ToolCalls, Usage
from mentorium_ai_client.history import trim_history
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
