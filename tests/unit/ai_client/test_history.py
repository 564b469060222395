"""What of a conversation is sent: properties over made-up conversations, whole ones and torn ones."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from mentorium_ai_client import (
    AssistantMessage,
    Message,
    SystemMessage,
    ToolCall,
    ToolResult,
    UserMessage,
    count_message_tokens,
    trim_history,
)

TEXTS = st.text("абв xyz oʻ 123", min_size=1, max_size=60)
SYSTEM = SystemMessage("You are the mentor.")


@st.composite
def tool_rounds(draw: st.DrawFn) -> list[Message]:
    """A call and its results; some are torn: a result is missing, or there is one too many."""
    ids = draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3, unique=True))
    answered = draw(st.one_of(st.just(ids), st.lists(st.sampled_from(["a", "b", "c"]), max_size=3)))
    calls = AssistantMessage(draw(st.just("") | TEXTS), tuple(ToolCall(id_, "get_tests", "{}") for id_ in ids))
    return [calls, *(ToolResult(id_, draw(TEXTS)) for id_ in answered)]


PIECES = st.one_of(
    TEXTS.map(lambda text: [UserMessage(text)]),
    TEXTS.map(lambda text: [AssistantMessage(text)]),
    TEXTS.map(lambda text: [ToolResult("lost", text)]),
    tool_rounds(),
)
TALKS = st.lists(PIECES, max_size=15).map(lambda pieces: [SYSTEM, *(message for piece in pieces for message in piece)])


def assert_nothing_is_orphaned(messages: Sequence[Message]) -> None:
    awaited: list[str] = []
    for message in messages:
        if isinstance(message, ToolResult):
            awaited.remove(message.call_id)
            continue
        assert awaited == []
        awaited = [call.id for call in message.tool_calls] if isinstance(message, AssistantMessage) else []
    assert awaited == []


def said(messages: Sequence[Message]) -> int:
    return sum(isinstance(m, UserMessage) or (isinstance(m, AssistantMessage) and not m.tool_calls) for m in messages)


def is_part_of(part: Sequence[Message], whole: Sequence[Message]) -> bool:
    rest = iter(whole)
    return all(message in rest for message in part)


@given(TALKS, st.integers(0, 400), st.integers(1, 12))
@settings(max_examples=200, deadline=None)
def test_no_call_without_its_results_and_no_result_without_its_call(
    talk: list[Message], budget_tokens: int, max_messages: int
) -> None:
    assert_nothing_is_orphaned(trim_history(talk, budget_tokens=budget_tokens, max_messages=max_messages))


@given(TALKS, st.integers(0, 400), st.integers(1, 12))
@settings(max_examples=200, deadline=None)
def test_both_limits_hold_for_all_but_the_current_turn(
    talk: list[Message], budget_tokens: int, max_messages: int
) -> None:
    kept = trim_history(talk, budget_tokens=budget_tokens, max_messages=max_messages)
    questions = [index for index, message in enumerate(kept) if isinstance(message, UserMessage)]
    turn = kept[questions[-1] :] if questions else []

    if kept[1:] != turn:
        assert count_message_tokens(kept) <= budget_tokens
        assert said(kept) <= max_messages


@given(TALKS, st.integers(300, 4000))
@settings(max_examples=200, deadline=None)
def test_the_system_and_the_newest_messages_stay_in_their_order(talk: list[Message], budget_tokens: int) -> None:
    kept = trim_history(talk, budget_tokens=budget_tokens)
    questions = [message for message in talk if isinstance(message, UserMessage)]

    assert kept[0] == SYSTEM
    assert is_part_of(kept, talk)
    if questions:
        assert [message for message in kept if isinstance(message, UserMessage)][-1] == questions[-1]


@given(st.text("слово word soʻz ", min_size=200, max_size=3000), st.integers(40, 400))
@settings(max_examples=100, deadline=None)
def test_a_question_too_long_loses_its_middle_and_fits(text: str, budget_tokens: int) -> None:
    kept = trim_history([SYSTEM, UserMessage(text)], budget_tokens=budget_tokens)

    assert count_message_tokens(kept) <= budget_tokens
    assert isinstance(kept[-1], UserMessage)
    if kept[-1].text != text:
        beginning, end = kept[-1].text.split(" … ")
        assert text.startswith(beginning)
        assert text.endswith(end)
        assert len(beginning) == len(end)


def test_what_was_said_in_this_turn_does_not_push_out_what_was_said_before() -> None:
    earlier: list[Message] = [UserMessage("How was the week?"), AssistantMessage("Two hours.")]
    turn: list[Message] = [
        UserMessage("And the tests?"),
        AssistantMessage(tool_calls=(ToolCall("a", "get_tests", "{}"),)),
        ToolResult("a", "{}"),
    ]

    assert trim_history([SYSTEM, *earlier, *turn], budget_tokens=1000, max_messages=3) == [SYSTEM, *earlier, *turn]
    assert trim_history([SYSTEM, *earlier, *turn], budget_tokens=1000, max_messages=2) == [SYSTEM, earlier[1], *turn]
