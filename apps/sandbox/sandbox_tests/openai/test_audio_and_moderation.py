"""Speech in both directions and moderation, by OpenAI's own SDK."""

from __future__ import annotations

import io
import wave
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from sandbox_tests.openai.conftest import SPOKEN
from sandbox_tests.openai.stand_in import OpenAIStandIn

((VOICE, WORDS),) = SPOKEN.items()
MODEL = "gpt-transcribe"


async def test_what_a_fake_user_spoke_is_written_down(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    heard = await sdk.audio.transcriptions.create(model=MODEL, file=("voice.oga", VOICE), prompt="Mentorium")

    assert heard.text == WORDS
    (request,) = await openai_stand_in.requests()
    assert request["path"] == "/openai/v1/audio/transcriptions"
    assert request["body"] == {
        "file": {"filename": "voice.oga", "size": len(VOICE)},
        "model": MODEL,
        "prompt": "Mentorium",
    }


async def test_a_script_is_heard_first(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI) -> None:
    await openai_stand_in.script(text="Not for the ear")
    await openai_stand_in.script(transcription="Only weather", match="weather")
    await openai_stand_in.script(transcription="Something else")

    heard = [(await sdk.audio.transcriptions.create(model=MODEL, file=("voice.ogg", VOICE))).text for _ in range(2)]

    assert heard == ["Something else", WORDS]


async def test_a_recording_that_nobody_knows_is_silent(sdk: AsyncOpenAI) -> None:
    heard = await sdk.audio.transcriptions.create(model=MODEL, file=("voice.ogg", b"OggS noise"))

    assert heard.text == ""


async def test_transcriptions_in_other_shapes(sdk: AsyncOpenAI) -> None:
    file = ("voice.ogg", VOICE)
    text = await sdk.audio.transcriptions.create(model="whisper-1", file=file, response_format="text")
    verbose = await sdk.audio.transcriptions.create(model="whisper-1", file=file, response_format="verbose_json")
    subtitles = await sdk.audio.transcriptions.create(model="whisper-1", file=file, response_format="srt")
    stream = await sdk.audio.transcriptions.create(model=MODEL, file=file, stream=True)
    events = [event async for event in stream]

    assert text.strip() == WORDS
    assert (verbose.text, verbose.duration > 0) == (WORDS, True)
    assert "00:00:00,000 -->" in str(subtitles)
    assert WORDS in str(subtitles)
    assert "".join(event.delta for event in events if event.type == "transcript.text.delta") == WORDS
    assert events[-1].type == "transcript.text.done"
    assert events[-1].text == WORDS


@pytest.mark.parametrize(
    ("model", "name", "data", "said"),
    [
        ("gpt-6-luna", "voice.ogg", VOICE, "not supported"),
        (MODEL, "voice.txt", VOICE, "Invalid file format"),
        (MODEL, "voice.ogg", b"", "too short"),
    ],
)
async def test_recordings_that_are_refused(sdk: AsyncOpenAI, model: str, name: str, data: bytes, said: str) -> None:
    with pytest.raises(openai.APIStatusError, match=said):
        await sdk.audio.transcriptions.create(model=model, file=(name, data))


async def test_speech_sounds_the_same_for_the_same_words(sdk: AsyncOpenAI) -> None:
    async def say(text: str) -> bytes:
        answer = await sdk.audio.speech.create(
            model="gpt-4o-mini-tts", voice="alloy", input=text, response_format="wav"
        )
        return answer.content

    short, again, long = await say("Hello"), await say("Hello"), await say("Hello to all of you")

    assert short == again
    with wave.open(io.BytesIO(long)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(5 * 0.35)
        assert any(sound.readframes(1000))
    assert len(short) < len(long)


@pytest.mark.parametrize(
    ("kind", "content_type", "beginning"),
    [
        ("mp3", "audio/mpeg", b"\xff\xfb"),
        ("opus", "audio/ogg", b"OggS"),
        ("wav", "audio/wav", b"RIFF"),
        ("pcm", "audio/pcm", b""),
    ],
)
async def test_speech_in_each_shape(sdk: AsyncOpenAI, kind: Any, content_type: str, beginning: bytes) -> None:
    answer = await sdk.audio.speech.create(
        model="gpt-4o-mini-tts", voice="alloy", input="Good evening", response_format=kind
    )

    assert answer.response.headers["content-type"] == content_type
    assert answer.content.startswith(beginning)


async def test_opus_is_whole_pages_that_end(sdk: AsyncOpenAI) -> None:
    answer = await sdk.audio.speech.create(
        model="gpt-4o-mini-tts", voice="alloy", input="word " * 10, response_format="opus"
    )

    pages = answer.content.split(b"OggS")[1:]
    assert b"OpusHead" in pages[0]
    assert b"OpusTags" in pages[1]
    assert [page[1] for page in pages] == [2, *[0] * (len(pages) - 2), 4]
    last_sample = int.from_bytes(pages[-1][2:10], "little")
    assert last_sample / 48_000 == pytest.approx(10 * 0.35, abs=0.02)


async def test_speech_that_is_refused(sdk: AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="string too long"):
        await sdk.audio.speech.create(model="tts-1", voice="alloy", input="a" * 4097)
    with pytest.raises(openai.BadRequestError, match="'voice'"):
        await sdk.audio.speech.create(model="tts-1", voice="", input="Hello")


async def test_most_texts_are_harmless(sdk: AsyncOpenAI) -> None:
    answer = await sdk.moderations.create(input=["How was last week?", "I want to kill myself"])

    harmless, grave = answer.results
    assert not harmless.flagged
    assert grave.flagged
    assert grave.categories.self_harm
    assert not grave.categories.violence
    assert grave.category_scores.self_harm > 0.5


@pytest.mark.parametrize(
    "said",
    [
        "violence",
        ["violence"],
        {"violence": 0.9},
        {"flagged": True, "categories": {"violence": True}},
    ],
)
async def test_a_judgement_by_script(openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI, said: Any) -> None:
    await openai_stand_in.script(moderation=said, match="week")

    first = (await sdk.moderations.create(model="omni-moderation-latest", input="How was last week?")).results[0]
    second = (await sdk.moderations.create(input="How was last week?")).results[0]

    assert first.flagged
    assert first.categories.violence
    assert not first.categories.self_harm
    assert not second.flagged


@pytest.mark.parametrize("path", ["audio/transcriptions", "audio/speech", "moderations", "responses", "models"])
@pytest.mark.parametrize("kind", ["status_429", "status_500", "quota", "drop_response", "stream_cut", "corrupt_chunk"])
async def test_faults_strike_the_path_that_they_name(
    openai_stand_in: OpenAIStandIn, sdk: AsyncOpenAI, path: str, kind: str
) -> None:
    await openai_stand_in.fault(kind, match=path, times=1)
    await sdk.chat.completions.create(model="gpt-6-luna", messages=[{"role": "user", "content": "Hello"}])

    with pytest.raises((openai.APIError, ValueError)):
        await _call(sdk, path)
    await _call(sdk, path)


async def _call(sdk: AsyncOpenAI, path: str) -> None:
    match path:
        case "audio/transcriptions":
            await sdk.audio.transcriptions.create(model=MODEL, file=("voice.ogg", VOICE))
        case "audio/speech":
            answer = await sdk.audio.speech.create(model="tts-1", voice="alloy", input="Hello", response_format="wav")
            if len(answer.content) != int.from_bytes(answer.content[4:8], "little") + 8:
                raise ValueError("half a sound")
        case "moderations":
            await sdk.moderations.create(input="Hello")
        case "responses":
            await sdk.responses.create(model="gpt-6-luna", input="Hello")
        case _:
            await sdk.models.list()
