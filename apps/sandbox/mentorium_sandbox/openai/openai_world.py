"""What the stand-in remembers: the requests it got and the answers it was told to give."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from mentorium_sandbox.openai.scripted_reply import WORDS_PER_SECOND, Reply
from mentorium_sandbox.openai.usage import PromptCache

_JOURNAL_LENGTH = 5_000
_MOST_RESPONSES = 1_000


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """One request: when it came (ISO 8601 with offset), its JSON body, the status it was answered with."""

    seq: int
    time: str
    path: str
    body: Mapping[str, Any]
    status: int

    def described(self) -> dict[str, Any]:
        """As the control API tells it."""
        return {"seq": self.seq, "time": self.time, "path": self.path, "body": self.body, "status": self.status}


class Say(StrEnum):
    """What a script stands in for: an answer in words (both transports), what was heard, a judgement."""

    WORDS = "words"
    TRANSCRIPTION = "transcription"
    MODERATION = "moderation"


@dataclass(slots=True)
class Script:
    """Answers the next `times` requests of its kind whose question holds `match`, as it stands or as a pattern.

    The question is what the user said last, what was spoken, or what is to be judged.
    """

    reply: Reply
    match: str | None
    times: int
    say: Say = Say.WORDS

    def fits(self, say: Say, question: str) -> bool:
        if say is not self.say:
            return False
        if self.match is None or self.match.casefold() in question.casefold():
            return True
        return re.search(self.match, question, re.IGNORECASE) is not None


class OpenAIWorld:
    """`now` gives the sandbox's time; `words_per_second` is how fast the mentor speaks, 0 without pauses.

    `spoken_in` knows what is said in a recording, from its bytes; None where nobody told.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        words_per_second: float = WORDS_PER_SECOND,
        spoken_in: Callable[[bytes], str | None] = lambda _: None,
    ) -> None:
        self.words_per_second = words_per_second
        self.spoken_in = spoken_in
        self.prompts = PromptCache()
        self.responses: OrderedDict[str, Mapping[str, Any]] = OrderedDict()
        self._now = now
        self._seq = 0
        self._journal: deque[RequestEntry] = deque(maxlen=_JOURNAL_LENGTH)
        self._scripts: list[Script] = []

    def note(self, path: str, body: Mapping[str, Any], status: int) -> None:
        self._seq += 1
        self._journal.append(RequestEntry(self._seq, self._now().isoformat(), path, body, status))

    def requests(self, after: int = 0) -> list[dict[str, Any]]:
        """The journal behind entry `after`, oldest first."""
        return [entry.described() for entry in self._journal if entry.seq > after]

    def add_script(self, script: Script) -> None:
        self._scripts.append(script)

    def store(self, response: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> None:
        """Keep a response with the conversation up to its end, for those that go on from it."""
        self.responses[response["id"]] = {"response": response, "items": items}
        while len(self.responses) > _MOST_RESPONSES:
            self.responses.popitem(last=False)

    def clear_scripts(self) -> None:
        self._scripts.clear()

    def scripted(self, say: Say, question: str) -> Reply | None:
        """The oldest script that fits this question; uses up one of its times."""
        script = next((script for script in self._scripts if script.fits(say, question)), None)
        if script is None:
            return None
        script.times -= 1
        if script.times <= 0:
            self._scripts.remove(script)
        return script.reply
