"""Tokens as OpenAI reports them. They are estimated: nobody pays for them here."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

_CHARACTERS_PER_TOKEN = 3
_CACHE_BLOCK_TOKENS = 128
_LEAST_CACHED_TOKENS = 1024
_MOST_BLOCKS = 50_000
_REASONING_TOKENS = {"none": 0, "minimal": 16, "low": 64, "medium": 192, "high": 512, "xhigh": 1024, "max": 2048}


def tokens_of(text: str) -> int:
    return len(text) // _CHARACTERS_PER_TOKEN


def reasoning_tokens(model: str, effort: str | None) -> int:
    """What the model thinks before it answers: nothing before the fifth generation, medium by default since."""
    return 0 if model.startswith("gpt-4") else _REASONING_TOKENS.get(effort or "medium", 0)


@dataclass(frozen=True, slots=True)
class Usage:
    """`cached` is part of `asked`, `reasoning` part of `answered`."""

    asked: int
    cached: int
    answered: int
    reasoning: int

    def of_chat(self) -> dict[str, object]:
        return {
            "prompt_tokens": self.asked,
            "completion_tokens": self.answered,
            "total_tokens": self.asked + self.answered,
            "prompt_tokens_details": {"cached_tokens": self.cached, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": self.reasoning,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }

    def of_responses(self) -> dict[str, object]:
        return {
            "input_tokens": self.asked,
            "input_tokens_details": {"cached_tokens": self.cached, "cache_write_tokens": 0},
            "output_tokens": self.answered,
            "output_tokens_details": {"reasoning_tokens": self.reasoning},
            "total_tokens": self.asked + self.answered,
        }


class PromptCache:
    """Remembers the beginnings of prompts in blocks of 128 tokens; from 1,024 tokens on a known beginning is cached."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[bytes, None] = OrderedDict()

    def cached_tokens(self, prompt: str) -> int:
        """How many tokens at the beginning of this prompt were sent before; remembers the prompt."""
        known, unbroken = 0, True
        for block in _blocks(prompt):
            unbroken = unbroken and block in self._blocks
            known += unbroken
            self._blocks[block] = None
        while len(self._blocks) > _MOST_BLOCKS:
            self._blocks.popitem(last=False)
        tokens = known * _CACHE_BLOCK_TOKENS
        return tokens if tokens >= _LEAST_CACHED_TOKENS else 0


def _blocks(prompt: str) -> list[bytes]:
    """A digest for each whole block of the prompt together with all before it."""
    size = _CACHE_BLOCK_TOKENS * _CHARACTERS_PER_TOKEN
    running, digests = hashlib.sha256(), []
    for start in range(0, len(prompt) - size + 1, size):
        running.update(prompt[start : start + size].encode(errors="replace"))
        digests.append(running.digest())
    return digests
