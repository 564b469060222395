"""What reports need and core does not do itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from mentorium_core.identity.model import Mail
from mentorium_core.reports.model import ReportDocument
from mentorium_domain.enums import Language

MOST_CHARACTERS: Final = 690
"""What a voice in no hurry says in a minute."""


class ReportPainter(Protocol):
    """Draws the chart of a document; `mentorium_rendering.picture.render_picture` is one."""

    async def __call__(self, document: ReportDocument, language: Language) -> bytes:
        """A PNG or JPEG. Raises a MentoriumError where it cannot be drawn."""


class PdfWriter(Protocol):
    """Writes a whole document as a PDF; `mentorium_rendering.pdf.render_pdf` is one."""

    async def __call__(self, document: ReportDocument, language: Language, made_on: date) -> bytes:
        """Raises a MentoriumError where it cannot be written. `made_on`: the day in Asia/Tashkent its "now" means."""


class LetterWriter(Protocol):
    """Writes a report, or the text of a notice, as a letter; `mentorium_rendering.email.write_letter` is one."""

    async def __call__(self, to: str, language: Language, said: ReportDocument | str, unsubscribe_url: str) -> Mail:
        """Raises a MentoriumError where the picture cannot be drawn; a document without a chart has none."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A voice message as Telegram plays it: OGG with Opus."""

    ogg: bytes
    seconds: float


class SpeechEngine(Protocol):
    """Says a text as it stands: no engine that may word it anew."""

    @property
    def is_ours(self) -> bool:
        """Whether no word leaves the house; to any other engine a child is "your child"."""

    async def speak(self, text: str, language: Language) -> Speech:
        """UnavailableError `speech_unavailable` where it does not answer, or not with sound."""


class VoiceWords(Protocol):
    """What is said of a document; `mentorium_rendering.voice_words.voice_words` is one."""

    def __call__(
        self, document: ReportDocument, language: Language, *, named: bool, hide: Callable[[str], str], most: int
    ) -> str:
        """At most `most` characters, without a digit. `hide`: what a title goes through; `named`: with the name."""


class VoiceCarrier(Protocol):
    """Carries a voice message, or a sentence in its stead, to a chat."""

    async def send_voice(self, telegram_id: int, speech: Speech, caption: str, *, silent: bool) -> bool:
        """False where the chat takes no messages (any more); one in doubt counts as sent.

        UnavailableError where it certainly did not arrive; RefusedError where this chat takes no voice messages.
        """

    async def say(self, telegram_id: int, text: str, *, silent: bool) -> bool:
        """The same of a sentence."""
