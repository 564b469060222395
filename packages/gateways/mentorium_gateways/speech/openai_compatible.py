"""A speech server with OpenAI's address and body, /audio/speech, whoever runs it: it reads a text out as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import aiohttp

from mentorium_core.reports.ports import Speech
from mentorium_domain.enums import Language
from mentorium_gateways.speech.opus import voice_message
from mentorium_kit.errors import UnavailableError
from mentorium_kit.unit_of_work import refuse_inside

_TIMEOUT: Final = aiohttp.ClientTimeout(total=45, sock_connect=5)
_MOST_BYTES: Final = 16 * 1024 * 1024
"""Two minutes of WAV at 48 kHz are 12 MB."""
_PIECE: Final = 64 * 1024
_OK: Final = 200


class OpenAISpeechEngine:
    """A `SpeechEngine` of core, where the extra `voice` is installed. `voices`: by language.

    It gets the text alone, and no instructions.
    """

    is_ours: Final = False

    def __init__(self, base_url: str, api_key: str, model: str, voices: Mapping[Language, str]) -> None:
        self._url = f"{base_url.rstrip('/')}/audio/speech"
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._model = model
        self._voices = dict(voices)

    async def speak(self, text: str, language: Language) -> Speech:
        """UnavailableError `speech_unavailable` where it does not answer within 45 s, or not with sound."""
        refuse_inside("speech")
        body = {"model": self._model, "voice": self._voices[language], "input": text, "response_format": "wav"}
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT, headers=self._headers) as session,
                session.post(self._url, json=body, allow_redirects=False) as answer,
            ):
                if answer.status != _OK:
                    raise UnavailableError("speech_unavailable", reason=f"HTTP {answer.status}")
                sound = await _read(answer)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise UnavailableError("speech_unavailable", reason=type(error).__name__) from error
        return await voice_message(sound)


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    sound = bytearray()
    async for piece in answer.content.iter_chunked(_PIECE):
        sound += piece
        if len(sound) > _MOST_BYTES:
            raise UnavailableError("speech_unavailable", reason="too much")
    return bytes(sound)
