"""Requests of any shape: OpenAI's stand-in answers or refuses, and never breaks."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sandbox_tests.openai.stand_in import KEY, OpenAIStandIn
from sandbox_tests.openai.test_api import CALL, HELLO, TOOL

_CHAT = {**HELLO, "tools": [TOOL], "reasoning_effort": "none", "stream_options": {}, "tool_choice": "auto"}
_RESPONSES = {
    "model": "gpt-6-luna",
    "input": [
        {"role": "user", "content": [{"type": "input_text", "text": "How was last week?"}]},
        {"type": "function_call", "call_id": "call_1", "name": "get_tests", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "{}"},
    ],
    "tools": [{"type": "function", "name": "get_tests", "parameters": {"type": "object", "properties": {}}}],
    "text": {"format": {"type": "json_schema", "name": "a", "schema": {"type": "object", "properties": {"a": {}}}}},
    "reasoning": {"effort": "low"},
    "tool_choice": {"type": "function", "name": "get_tests"},
}
_TALK = {
    **_CHAT,
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": "How was last week?"}]},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": '{"period": {"name": "last_week"}}'},
    ],
    "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"enum": [1]}}},
}
_SPEECH = {"model": "tts-1", "input": "Hello", "voice": "alloy", "response_format": "wav", "speed": 1.0}
_MODERATION = {"model": "omni-moderation-latest", "input": [{"type": "text", "text": "Hello"}]}
_ODD: tuple[Any, ...] = (None, True, 0, -1, 1e300, "", "\ud800", "[", [], [[]], [None], {}, {"type": 5}, {"name": []})
_TRIES = 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("chat/completions", _CHAT),
        ("chat/completions", _TALK),
        ("responses", _RESPONSES),
        ("audio/speech", _SPEECH),
        ("moderations", _MODERATION),
    ],
)
async def test_bodies_with_anything_in_any_place(
    openai_stand_in: OpenAIStandIn, path: str, body: dict[str, Any]
) -> None:
    dice = random.Random(1)
    for _ in range(_TRIES):
        hostile = _spoilt(body, dice)
        async with openai_stand_in.http.post(
            f"{openai_stand_in.base_url}/{path}", json=hostile, headers={"Authorization": f"Bearer {KEY}"}
        ) as answer:
            await answer.read()
            assert answer.status in (200, 400, 404), (answer.status, hostile)


@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data", "multipart/form-data; boundary=b"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing",
        b"--b\r\n",
        b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nhalf a',
        b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\ngpt-transcribe\r\n--b--\r\n',
        b'--b\r\nContent-Disposition: form-data; name="model[]"\r\n\r\n\xff\r\n--b--\r\n',
    ],
)
async def test_forms_that_are_none(openai_stand_in: OpenAIStandIn, content_type: str, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": content_type}
    url = f"{openai_stand_in.base_url}/audio/transcriptions"
    async with openai_stand_in.http.post(url, data=body, headers=headers) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["message"]


def _spoilt(value: Any, dice: random.Random) -> Any:
    """The value with something odd put in one of its places, at any depth."""
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(list(value))
        return {**value, key: _spoilt(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.85:
        index = dice.randrange(len(value))
        return [*value[:index], _spoilt(value[index], dice), *value[index + 1 :]]
    return dice.choice(_ODD)
