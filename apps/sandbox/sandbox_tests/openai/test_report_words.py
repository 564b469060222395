"""The stand-in words reports in JSON, and spoils its own answers on command."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mentorium_sandbox.openai.attacks import ATTACKS, spoilt
from sandbox_tests.openai.stand_in import OpenAIStandIn

PARTS = ("achievements", "improvements", "recommendations", "upcoming")
TOLD = {
    "language": "ru",
    "tone": "warm",
    "longest": 240,
    "parts": {
        "achievements": ["[[S1]] the verdict", "[[S2]] lessons"],
        "upcoming": ["[[S3]] the lesson that comes next"],
    },
}
SCHEMA = {
    "type": "object",
    "properties": {part: {"type": "string"} for part in PARTS},
    "required": list(PARTS),
    "additionalProperties": False,
}


def asked(told: Any = TOLD) -> dict[str, Any]:
    return {
        "model": "gpt-6-luna",
        "reasoning_effort": "none",
        "messages": [{"role": "user", "content": json.dumps(told, ensure_ascii=False)}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "w", "strict": True, "schema": SCHEMA}},
    }


async def said(stand_in: OpenAIStandIn, told: Any = TOLD) -> str:
    status, answer = await stand_in.chat(asked(told))
    assert status == 200, answer
    return str(answer["choices"][0]["message"]["content"])


async def test_each_part_holds_its_tokens_and_an_empty_one_nothing(openai_stand_in: OpenAIStandIn) -> None:
    words = json.loads(await said(openai_stand_in))
    assert words["achievements"].startswith("Здравствуйте!")
    assert words["achievements"].index("[[S1]]") < words["achievements"].index("[[S2]]")
    assert words["upcoming"].endswith("[[S3]]")
    assert (words["improvements"], words["recommendations"]) == ("", "")


async def test_it_writes_no_more_than_there_is_room_for(openai_stand_in: OpenAIStandIn) -> None:
    words = json.loads(await said(openai_stand_in, {**TOLD, "longest": 10}))
    assert words["achievements"] == "[[S1]] [[S2]]"


@pytest.mark.parametrize("attack", ATTACKS)
async def test_an_attack_spoils_one_answer(openai_stand_in: OpenAIStandIn, attack: str) -> None:
    good = await said(openai_stand_in)
    await openai_stand_in.script(attack=attack)
    spoilt_once, after = await said(openai_stand_in), await said(openai_stand_in)
    assert spoilt_once != good
    assert after == good
    if attack != "not_json":
        assert set(json.loads(spoilt_once)) == set(PARTS)


async def test_an_unknown_attack_is_refused_with_those_there_are(openai_stand_in: OpenAIStandIn) -> None:
    status, answer = await openai_stand_in.control("POST", "/openai/script", {"attack": "charm"})
    assert status == 400
    assert "swapped" in answer["error"]


def test_an_answer_in_words_is_spoilt_at_its_end() -> None:
    assert spoilt("Всё хорошо.", "link", "Как дела?") == "Всё хорошо. Подробнее: evil.example/x"
