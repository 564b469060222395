"""Two ways to ask the same thing, and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import aclosing

from mentorium_ai_client import MentoriumAIClient, Message, Restarted, StreamEvent, TextDelta, Tool, UserMessage


async def events_of(client: MentoriumAIClient, *messages: Message, tools: tuple[Tool, ...] = ()) -> list[StreamEvent]:
    async with aclosing(client.stream(messages, tools=tools)) as events:
        return [event async for event in events]


def text_of(events: list[StreamEvent]) -> str:
    """What a reader who obeys Restarted has before them in the end."""
    shown = ""
    for event in events:
        match event:
            case TextDelta(text):
                shown += text
            case Restarted():
                shown = ""
    return shown


async def by_stream(client: MentoriumAIClient, text: str) -> str:
    return text_of(await events_of(client, UserMessage(text)))


async def by_reply(client: MentoriumAIClient, text: str) -> str:
    return await client.generate_reply(text)


Ask = Callable[[MentoriumAIClient, str], Awaitable[str]]
WAYS: tuple[Ask, ...] = (by_stream, by_reply)
