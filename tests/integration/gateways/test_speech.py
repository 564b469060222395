"""The engines that say a text aloud, against the stand-in and as a process of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import av
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from mentorium_domain.enums import Language
from mentorium_gateways.speech.espeak import EspeakEngine
from mentorium_gateways.speech.openai_compatible import OpenAISpeechEngine
from mentorium_gateways.speech.opus import seconds_of, voice_message
from mentorium_kit.errors import UnavailableError
from mentorium_sandbox import openai
from mentorium_sandbox.control_api import errors_as_json
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.openai import OpenAIWorld

WORDS = "Bu mashina ovozi. Oʻqish vaqti: uch soat yigirma daqiqa."
VOICES = {Language.UZ: "coral", Language.RU: "echo", Language.EN: "alloy"}


@pytest_asyncio.fixture
async def stand_in() -> AsyncIterator[tuple[str, OpenAIWorld]]:
    world = OpenAIWorld(lambda: datetime.now(UTC), words_per_second=0)
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes(openai.routes(world, Faults()))
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/openai/v1")), world


async def test_a_server_gets_the_text_as_it_stands_and_nothing_else(stand_in: tuple[str, OpenAIWorld]) -> None:
    url, world = stand_in
    speech = await OpenAISpeechEngine(url, "sk-test", "gpt-4o-mini-tts", VOICES).speak(WORDS, Language.UZ)
    (asked,) = [one["body"] for one in world.requests() if one["path"].endswith("/audio/speech")]
    assert asked == {"model": "gpt-4o-mini-tts", "voice": "coral", "input": WORDS, "response_format": "wav"}
    with av.open(BytesIO(speech.ogg)) as packed:
        stream = packed.streams.audio[0]
        assert (packed.format.name, stream.codec_context.name, stream.rate) == ("ogg", "opus", 48_000)
        assert stream.layout.name == "mono"
    assert 1 < speech.seconds < 30
    assert len(speech.ogg) < 200_000


@pytest.mark.parametrize("model", ["no-such-model"])
async def test_a_server_that_refuses_is_away(stand_in: tuple[str, OpenAIWorld], model: str) -> None:
    with pytest.raises(UnavailableError, match="speech_unavailable"):
        await OpenAISpeechEngine(stand_in[0], "sk-test", model, VOICES).speak(WORDS, Language.UZ)


async def test_a_server_that_is_not_there_is_away() -> None:
    with pytest.raises(UnavailableError, match="speech_unavailable"):
        await OpenAISpeechEngine("http://127.0.0.1:9/v1", "", "tts", VOICES).speak(WORDS, Language.EN)


@pytest.mark.parametrize("language", Language)
async def test_espeak_says_each_of_our_languages(language: Language) -> None:
    speech = await EspeakEngine().speak(WORDS, language)
    assert 2 < speech.seconds < 12
    assert speech.ogg.startswith(b"OggS")


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "import sys; sys.exit(3)",
        "print('no sound')",
        "pass",
        "import os, sys; sys.stdout.write(str(dict(os.environ)))",
    ],
)
async def test_a_program_that_hangs_dies_or_says_rubbish_is_away(tmp_path: Path, program: str) -> None:
    script = tmp_path / "program.py"
    script.write_text(program, encoding="utf-8")
    with pytest.raises(UnavailableError, match="speech_unavailable"):
        await EspeakEngine(script, timeout_s=2).speak(WORDS, Language.UZ)


@pytest.mark.parametrize("sound", [b"", b"RIFF", b"#EXTM3U\n/etc/passwd\n", b"\0" * 4096])
async def test_what_is_no_sound_is_refused(sound: bytes) -> None:
    with pytest.raises(UnavailableError):
        await voice_message(sound)
    with pytest.raises(UnavailableError):
        seconds_of(sound)
