"""Counting without a network."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import socket
from importlib import resources

import pytest
import tiktoken

from mentorium_ai_client import (
    AssistantMessage,
    Message,
    Tool,
    ToolCall,
    ToolResult,
    UserMessage,
    count_message_tokens,
    count_tokens,
    load_tokenizer,
)

VOCABULARY = resources.files("mentorium_ai_client").joinpath("data/o200k_base.tiktoken.gz")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("somebody looks for a network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_the_vocabulary_is_the_published_one() -> None:
    published = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"

    assert hashlib.sha256(gzip.decompress(VOCABULARY.read_bytes())).hexdigest() == published


@pytest.mark.usefixtures("no_network")
async def test_counts_of_texts_in_three_languages() -> None:
    await asyncio.gather(load_tokenizer(), load_tokenizer())

    assert count_tokens("") == 0
    assert count_tokens("How did the week go?") == 6
    assert count_tokens("Как прошла неделя?") == 6
    assert count_tokens("Hafta qanday oʻtdi?") == 7
    assert count_tokens("<|endoftext|>") > 1  # what a parent types is never a command to the model


@pytest.mark.parametrize(
    "text",
    [
        "⟦C1⟧ning darslari: 3 ta, oʻrtacha natija 87,5%.",
        "Дней с занятиями: 5 из 7 (неделей раньше 3).\n\n✅ Тест «Промпты» — 18/20",
        "It's 12345678 o'clock;  two  spaces, tabs\t\tand\r\nlines… ʻ ʼ 🎯",
    ],
)
def test_the_count_is_tiktokens_own(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def vendored(*_: object, **__: object) -> bytes:
        return gzip.decompress(VOCABULARY.read_bytes())

    monkeypatch.setattr("tiktoken.load.read_file_cached", vendored)

    assert count_tokens(text) == len(tiktoken.get_encoding("o200k_base").encode(text))


def test_everything_that_is_sent_is_counted() -> None:
    question: list[Message] = [UserMessage("How did the week go?")]
    call = AssistantMessage(tool_calls=(ToolCall("call_1", "get_progress", '{"child":"C1"}'),))
    bare = count_message_tokens(question)

    assert bare == 6 + 3 + 3
    assert count_message_tokens([*question, call]) > bare + 3
    assert count_message_tokens([*question, ToolResult("call_1", "{}")]) > bare + 3
    assert count_message_tokens(question, [Tool("get_progress", "How it goes.")]) > bare
