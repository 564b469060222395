"""Sound as a voice message: OGG with Opus, packed by a program of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mentorium_core.reports.ports import Speech
from mentorium_gateways.speech.programs import run_program
from mentorium_kit.errors import UnavailableError

_PROGRAM: Final = Path(__file__).parent / "opus_process.py"
_TIMEOUT_S: Final = 30.0
_TICKS_A_SECOND: Final = 48_000  # RFC 7845, whatever the sound's own rate was
_GRANULE: Final = slice(6, 14)


async def voice_message(wav: bytes) -> Speech:
    """UnavailableError `speech_unavailable` where it is no WAV, has no sound, or takes longer than 30 s."""
    ogg = await run_program(_PROGRAM, given=wav, timeout_s=_TIMEOUT_S)
    return Speech(ogg, seconds_of(ogg))


def seconds_of(ogg: bytes) -> float:
    """How long it plays: the position that its last page tells. UnavailableError `speech_unavailable` for no OGG."""
    page = ogg[ogg.rfind(b"OggS") :] if b"OggS" in ogg else b""
    if len(page) < _GRANULE.stop:
        raise UnavailableError("speech_unavailable", reason="no OGG")
    return int.from_bytes(page[_GRANULE], "little") / _TICKS_A_SECOND
