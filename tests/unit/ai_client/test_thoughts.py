"""The thoughts of a reasoning model are nobody's answer."""

from __future__ import annotations

import pytest

from mentorium_ai_client.events import Finished, StreamEvent, TextDelta
from mentorium_ai_client.wire import BrokenStreamError, Reader


def read(text: str, size: int, finish_reason: str = "stop") -> str:
    """The answer of a stream that brings `text` in pieces of so many characters."""
    reader = Reader("a-model")
    chunks: list[object] = [
        {"choices": [{"delta": {"content": text[at : at + size]}}]} for at in range(0, len(text), size)
    ]
    chunks.append({"choices": [{"delta": {}, "finish_reason": finish_reason}]})
    events: list[StreamEvent] = [event for chunk in chunks for event in reader.read(chunk)]
    events += reader.finish()
    assert isinstance(events[-1], Finished)
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("<think>They ask of C1: 5 lessons?</think>\n\nFive lessons.", "Five lessons."),
        ("\n<think>\n\n</think>\nFive.", "Five."),
        ("<THINK>a</THINK> Five.", "Five."),
        ("<thinking>a < b, </think> is not it</thinking>Five.", "Five."),
        ("<think>one</think><think>two</think>Five.", "Five."),
        ('<think>a</think>{"shell": 1}', '{"shell": 1}'),
        ("Five.", "Five."),
        ("  Five. <think>is a tag</think>", "  Five. <think>is a tag</think>"),
        ("<thanks> for asking", "<thanks> for asking"),
        ("<thin", "<thin"),
        ("<b>Five</b>", "<b>Five</b>"),
    ],
)
def test_thoughts_before_the_answer_are_left_out(text: str, answer: str, size: int) -> None:
    assert read(text, size) == answer


@pytest.mark.parametrize("reason", ["stop", "length"])
@pytest.mark.parametrize("text", ["<think>I wonder", "<think>I wonder</think>", "<think>I wonder</think>\n \n"])
def test_thoughts_alone_are_no_answer(text: str, reason: str) -> None:
    with pytest.raises(BrokenStreamError):
        read(text, 4, reason)
