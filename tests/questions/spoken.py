"""A model that asks the tools as the scripted mentor does, and says what somebody else has written."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any, Final

from mentorium_ai_client import Finished, StreamEvent, TextDelta, ToolCalls
from mentorium_ai_client.events import Usage
from tests.questions.scripted import ScriptedMentor

_ANSWERS: Final = Path(__file__).with_name("spoken_answers.json")


def load_answers() -> Mapping[str, str]:
    """Good answers in other words than the scripted mentor's, by the question's key."""
    answers: dict[str, str] = json.loads(_ANSWERS.read_text(encoding="utf-8"))
    return answers


class Speaker:
    """`text` is said after the tools' results, word by word."""

    def __init__(self, text: str) -> None:
        self._scripted, self._text = ScriptedMentor(), text

    async def stream(self, *arguments: Any, **options: Any) -> AsyncGenerator[StreamEvent, None]:
        async for event in self._scripted.stream(*arguments, **options):
            if isinstance(event, ToolCalls):
                yield event
                yield Finished("tool_calls", "speaker", Usage(1, 1))
                return
        for word in self._text.split(" "):
            yield TextDelta(f"{word} ")
        yield Finished("stop", "speaker", Usage(1, 1))
