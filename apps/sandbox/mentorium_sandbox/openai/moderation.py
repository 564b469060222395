"""/v1/moderations: a judgement by script, or else by a few plain words; most texts are harmless."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from mentorium_sandbox.openai.openai_world import OpenAIWorld, Say
from mentorium_sandbox.openai.parameter_types import MODERATION, check_shape
from mentorium_sandbox.openai.refusals import MODERATION_MODELS, check_model, missing
from mentorium_sandbox.openai.response_sender import Answer, whole
from mentorium_sandbox.openai.scripted_reply import Reply

CATEGORIES = (
    *("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent"),
    *("self-harm", "self-harm/intent", "self-harm/instructions", "sexual", "sexual/minors"),
    *("violence", "violence/graphic"),
)
FLAGGED_FROM = 0.5
_HARMLESS = 0.0001
_CERTAIN = 0.95
_PLAIN_WORDS = (
    (r"suicid|kill (my|him|her)self|суицид|покончить с собой|убить себя|oʻzini oʻldir|oʻzimni oʻldir", "self-harm"),
    (r"i will kill|я убью|oʻldiraman", "violence"),
)
_APOSTROPHES = re.compile("[ʼ'`´‘’]")


def read_moderation(body: Mapping[str, Any]) -> list[str]:
    """The texts to judge, one result each; a list of parts is judged as one. Raises RefusalError."""
    check_shape(body, MODERATION)
    check_model(body.get("model") or MODERATION_MODELS[0], MODERATION_MODELS)
    given = body.get("input")
    if not given:
        raise missing("input")
    if isinstance(given, str):
        return [given]
    if isinstance(given[0], str):
        return [str(part) for part in given]
    return [" ".join(str(part.get("text") or "") for part in given if isinstance(part, Mapping))]


def judge(texts: list[str], body: Mapping[str, Any], world: OpenAIWorld) -> Answer:
    reply = world.scripted(Say.MODERATION, "\n".join(texts))
    results = [_result(reply.scores if reply is not None else _scores(text)) for text in texts]
    model = body.get("model") or MODERATION_MODELS[0]
    return whole(reply or Reply(), {"id": f"modr-{secrets.token_hex(12)}", "model": model, "results": results})


def _scores(text: str) -> Mapping[str, float]:
    plain = _APOSTROPHES.sub("ʻ", text)
    return {category: _CERTAIN for words, category in _PLAIN_WORDS if re.search(words, plain, re.IGNORECASE)}


def _result(scores: Mapping[str, float] | None) -> dict[str, Any]:
    all_scores = {category: (scores or {}).get(category, _HARMLESS) for category in CATEGORIES}
    flags = {category: score >= FLAGGED_FROM for category, score in all_scores.items()}
    return {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": all_scores,
        "category_applied_input_types": {category: ["text"] for category in CATEGORIES},
    }
