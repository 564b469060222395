"""espeak-ng, which needs no server: a process for each text, killed when it takes too long."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mentorium_core.reports.ports import Speech
from mentorium_domain.enums import Language
from mentorium_gateways.speech.opus import voice_message
from mentorium_gateways.speech.programs import run_program
from mentorium_kit.unit_of_work import refuse_inside

_PROGRAM: Final = Path(__file__).parent / "espeak_process.py"
_TIMEOUT_S: Final = 20.0


class EspeakEngine:
    """A `SpeechEngine` of core, where the extra `espeak` is installed."""

    is_ours: Final = True

    def __init__(self, program: Path = _PROGRAM, timeout_s: float = _TIMEOUT_S) -> None:
        self._program = program
        self._timeout_s = timeout_s

    async def speak(self, text: str, language: Language) -> Speech:
        """UnavailableError `speech_unavailable` where a process fails or takes too long."""
        refuse_inside("speech")
        return await voice_message(
            await run_program(self._program, language.value, given=text.encode(), timeout_s=self._timeout_s)
        )
