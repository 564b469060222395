"""Answers longer than a message, and the Stop button."""

from __future__ import annotations

import asyncio

from mentorium_sandbox.client import plain_text
from tests.e2e.sandbox import Sandbox

_PARAGRAPH = "One more careful sentence about the week, with **bold** words and `code` in it. " * 6


async def test_a_long_answer_comes_in_whole_messages(sandbox: Sandbox) -> None:
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Madina", "Sobirova"))
    paragraphs = [f"Paragraph {number}. {_PARAGRAPH}" for number in range(20)]
    await sandbox.script_model(match="in great detail", chunks=[f"{text}\n\n" for text in paragraphs])
    replies = await parent.say("Tell me in great detail", wait_s=30)
    texts = [message["text"] for message in replies if "text" in message]
    assert len(texts) >= 3
    assert all(len(text.encode("utf-16-le")) // 2 <= 4096 for text in texts)
    assert all(text.startswith("Paragraph ") for text in texts), "cut at paragraphs"
    assert [f"Paragraph {number}." in plain_text(replies) for number in range(20)] == [True] * 20
    assert any(entity["type"] == "bold" for message in replies for entity in message.get("entities", []))


async def test_stop_keeps_what_was_written(sandbox: Sandbox) -> None:
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Rayhon", "Eshmatova"))
    await sandbox.script_model(match="without an end", text="word " * 2000)
    await parent.say("Talk without an end", wait_s=0)
    while not (await parent.chat()).drafts:
        await asyncio.sleep(0.05)
    while "word word word" not in str((await parent.chat()).drafts):
        await asyncio.sleep(0.05)
    await parent.stop()
    last = (await parent.messages())[-1]
    assert last["text"].startswith("word word word")
    assert len(last["text"]) < 5 * 2000
