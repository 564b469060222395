"""A question that a parent speaks: which voice messages are taken, and how one becomes words. No sound is kept.

What was heard is a question like any other from there on: hidden, answered and forgotten as if it had been written.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final

from mentorium_core.identity.model import ParentView
from mentorium_core.inbox.quota import PersonQuota, QuotaVerdict
from mentorium_core.mentor.ports import Transcriber, VoiceReader
from mentorium_core.model_budget.model import ModelWithheldError, Withheld
from mentorium_kit.errors import RefusedError, UnavailableError

LONGEST_VOICE_S: Final = 120
"""Two minutes are as many words as a written question may have."""
LARGEST_VOICE_BYTES: Final = 2 * 1024 * 1024
"""Two minutes of Opus as Telegram's clients record it are a quarter of that to a half."""
HEARD_WITHIN_S: Final = 9.0
"""Machine time. An update's handler has twelve seconds."""
MOST_IN_HAND: Final = 48
"""Of one process: a bulkhead, so that a speech service that hangs holds up nobody who writes."""
AT_ONCE, SECONDS_EACH = 5, 60.0
_OGG: Final = b"OggS"
_GRANULE_AT: Final = 6
_SAMPLES_A_SECOND: Final = 48_000


class VoiceRefusal(StrEnum):
    """Why a voice message is not written down; `spoken-<value>` in the catalogues says so to the parent."""

    FORWARDED = "forwarded"
    TOO_LONG = "too-long"
    TOO_MANY = "too-many"
    USED_UP = "used-up"
    BUSY = "busy"
    NOTHING_HEARD = "nothing-heard"
    UNREADABLE = "unreadable"
    AI_OFF = "ai-off"


class VoiceRefusedError(RefusedError):
    """This one is not written down; the parent reads why, and writes."""

    def __init__(self, reason: VoiceRefusal) -> None:
        super().__init__("voice_question_refused", reason=reason.value)
        self.reason = reason


class VoiceUnavailableError(UnavailableError):
    """The speech service does not answer, or not in time."""

    message_key: ClassVar[str] = "spoken-unavailable"


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    """As Telegram tells of it; length and size are what its sender's client says. `forwarded`: somebody else spoke."""

    file_id: str
    seconds: int
    size: int | None = None
    forwarded: bool = False


def voice_refusal(voice: VoiceMessage) -> VoiceRefusal | None:
    """Why it is not even fetched; None where it may be."""
    if voice.forwarded:
        return VoiceRefusal.FORWARDED
    if voice.seconds > LONGEST_VOICE_S or (voice.size or 0) > LARGEST_VOICE_BYTES:
        return VoiceRefusal.TOO_LONG
    return None


def ogg_seconds(sound: bytes) -> float | None:
    """How long an OGG with Opus plays, by its last page; None for what is none. RFC 7845: always 48 kHz."""
    page = sound.rfind(_OGG)
    granule = sound[page + _GRANULE_AT : page + _GRANULE_AT + 8]
    if not sound.startswith(_OGG) or len(granule) < 8:
        return None
    return int.from_bytes(granule, "little", signed=True) / _SAMPLES_A_SECOND


def heard_words(transcript: str) -> str:
    """The transcript as a question, in one line; empty where there is no word in it."""
    sound = transcript.encode("utf-8", "ignore").decode().replace("\0", "")
    words = " ".join(sound.split())
    return words if any(letter.isalnum() for letter in words) else ""


@dataclass(slots=True)
class HearQuestion:
    """Turns voice messages into words, in this process."""

    transcriber: Transcriber
    reader: VoiceReader
    heard_within_s: float = HEARD_WITHIN_S
    _quota: PersonQuota = field(default_factory=lambda: PersonQuota(AT_ONCE, 1 / SECONDS_EACH))
    _in_hand: int = 0

    async def __call__(self, parent: ParentView, voice: VoiceMessage) -> str:
        """What this parent said. Their consent stands (`has_voice_consent`), and they want AI (`refuse_without_ai`).

        VoiceRefusedError, VoiceUnavailableError; UnavailableError of Telegram, where the file cannot be fetched now,
        and of our database.
        """
        if (refusal := voice_refusal(voice)) is not None:
            raise VoiceRefusedError(refusal)
        if self._in_hand >= MOST_IN_HAND:
            raise VoiceRefusedError(VoiceRefusal.BUSY)
        deadline = asyncio.get_running_loop().time() + self.heard_within_s
        self._in_hand += 1
        try:
            sound = await self._sound(voice, deadline)
            words = heard_words(await self._transcript(parent, voice, sound, deadline))
        finally:
            self._in_hand -= 1
        if not words:
            raise VoiceRefusedError(VoiceRefusal.NOTHING_HEARD)
        return words

    async def _sound(self, voice: VoiceMessage, deadline: float) -> bytes:
        try:
            async with asyncio.timeout_at(deadline):
                sound = await self.reader.read_voice(voice.file_id, LARGEST_VOICE_BYTES)
        except TimeoutError as error:
            raise VoiceUnavailableError("voice_not_fetched", reason="timeout") from error
        except RefusedError as error:
            raise VoiceRefusedError(VoiceRefusal.UNREADABLE) from error
        if sound is None or (ogg_seconds(sound) or 0) > LONGEST_VOICE_S + 1:
            raise VoiceRefusedError(VoiceRefusal.TOO_LONG)
        if not sound:
            raise VoiceRefusedError(VoiceRefusal.UNREADABLE)
        return sound

    async def _transcript(self, parent: ParentView, voice: VoiceMessage, sound: bytes, deadline: float) -> str:
        """What could not be fetched is tried again, and has cost nobody's quota."""
        now = asyncio.get_running_loop().time()
        if self._quota.take(parent.telegram_id, now) is not QuotaVerdict.ADMITTED:
            raise VoiceRefusedError(VoiceRefusal.TOO_MANY)
        seconds = max(ogg_seconds(sound) or 0.0, voice.seconds)  # both are what a client says
        try:
            return await self.transcriber.transcribe(
                sound, seconds, parent_id=parent.parent_id, timeout_s=max(deadline - now, 0.0)
            )
        except ModelWithheldError as error:
            if error.why is Withheld.PARENT_BUDGET:
                raise VoiceRefusedError(VoiceRefusal.USED_UP) from error
            raise VoiceUnavailableError(error.code, **error.context) from error
        except UnavailableError as error:
            if error.code.startswith("bot_db"):  # the update is tried again
                raise
            raise VoiceUnavailableError(error.code, **error.context) from error
        except RefusedError as error:
            raise VoiceRefusedError(VoiceRefusal.UNREADABLE) from error
