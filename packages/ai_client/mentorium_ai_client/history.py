"""Fitting a conversation into what may be sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from mentorium_ai_client.messages import AssistantMessage, Message, SystemMessage, ToolResult, UserMessage
from mentorium_ai_client.utils import count_message_tokens, count_tokens, message_tokens

_CUT = " … "


def trim_history(messages: Sequence[Message], *, budget_tokens: int, max_messages: int = 10) -> list[Message]:
    """The newest part of a conversation that fits both limits; old messages go first.

    System messages and the current turn (the last question of the user and all that follows) always stay; a question
    too long for the budget loses its middle. `max_messages` limits what was said; calls of tools and their results
    are limited by the budget alone, and go together: none is ever left without the other.
    """
    system = [message for message in messages if isinstance(message, SystemMessage)]
    groups = list(_groups([message for message in messages if not isinstance(message, SystemMessage)]))
    begin = _current_turn(groups)
    left = budget_tokens - count_message_tokens(system)
    kept = _shortened(_flat(groups[begin:]), left)
    left -= sum(map(message_tokens, kept))
    said = _said(kept)
    for group in reversed(groups[:begin]):
        said += _said(group)
        left -= sum(map(message_tokens, group))
        if said > max_messages or left < 0:
            break
        kept = [*group, *kept]
    return [*system, *kept]


def _groups(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """Single messages, and calls together with their results; calls or results without the other are left out."""
    position = 0
    while position < len(messages):
        message = messages[position]
        position += 1
        if isinstance(message, AssistantMessage) and message.tool_calls:
            results = list(takewhile(lambda follower: isinstance(follower, ToolResult), messages[position:]))
            position += len(results)
            if _answers(message, results):
                yield [message, *results]
        elif not isinstance(message, ToolResult):
            yield [message]


def _answers(message: AssistantMessage, results: Sequence[Message]) -> bool:
    answered = [result.call_id for result in results if isinstance(result, ToolResult)]
    return sorted(answered) == sorted(call.id for call in message.tool_calls)


def _current_turn(groups: Sequence[list[Message]]) -> int:
    questions = [index for index, group in enumerate(groups) if isinstance(group[0], UserMessage)]
    return questions[-1] if questions else len(groups)


def _shortened(turn: Sequence[Message], budget_tokens: int) -> list[Message]:
    if not turn or not isinstance(turn[0], UserMessage):
        return list(turn)
    question, rest = turn[0], turn[1:]
    left = budget_tokens - sum(map(message_tokens, [UserMessage(""), *rest]))
    return [UserMessage(_without_middle(question.text, left)), *rest]


def _without_middle(text: str, tokens: int) -> str:
    """The longest beginning and end, of equal length, that take no more than `tokens` together with the cut between."""
    if count_tokens(text) <= tokens:
        return text
    shortest, longest = 0, len(text) // 2
    while shortest < longest:
        half = (shortest + longest + 1) // 2
        if count_tokens(text[:half] + _CUT + text[-half:]) <= tokens:
            shortest = half
        else:
            longest = half - 1
    return text[:shortest] + _CUT + text[-shortest:] if shortest else _CUT.strip()


def _flat(groups: Sequence[list[Message]]) -> list[Message]:
    return [message for group in groups for message in group]


def _said(messages: Sequence[Message]) -> int:
    return sum(
        1 for m in messages if isinstance(m, UserMessage) or (isinstance(m, AssistantMessage) and not m.tool_calls)
    )
