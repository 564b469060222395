"""Who writes down what parents say, by the settings: whose server, whose key, and nobody where that is not wanted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mentorium_kit.nursery import Nursery
from mentorium_runtime.ai_settings import TranscriptionSettings
from mentorium_runtime.transcription import speech_service, transcriber

OPENAI, OWN = "http://openai.test/v1", "http://own.test/v1"
MODEL = {"transcription_model": "gpt-transcribe"}


def settings(**more: Any) -> TranscriptionSettings:
    return TranscriptionSettings(bot_openai_api_key="sk-openai", bot_openai_base_url=OPENAI, _env_file=None, **more)


@pytest.mark.parametrize(
    ("more", "takes"),
    [
        ({}, False),
        (MODEL, True),
        ({**MODEL, "openai_zero_data_retention_confirmed": True}, True),
        ({**MODEL, "openai_zero_data_retention_confirmed": False}, False),
        ({**MODEL, "openai_zero_data_retention_confirmed": False, "transcription_base_url": OWN}, True),
    ],
)
def test_who_takes_voice(more: dict[str, Any], takes: bool) -> None:
    assert (transcriber(settings(**more), Nursery(lambda *_: None)) is not None) is takes


@pytest.mark.parametrize(
    ("more", "url", "key"),
    [
        ({}, OPENAI, "sk-openai"),
        ({"transcription_api_key": "sk-voice"}, OPENAI, "sk-voice"),
        ({"transcription_base_url": OWN}, OWN, None),
        ({"transcription_base_url": OWN, "transcription_api_key": "own"}, OWN, "own"),
    ],
)
def test_the_key_of_openai_goes_to_openai_alone(more: dict[str, Any], url: str, key: str | None) -> None:
    service = speech_service(settings(**MODEL, **more), lambda _: None)
    assert service._url == f"{url}/audio/transcriptions"
    assert service._headers == ({"Authorization": f"Bearer {key}"} if key else {})


@pytest.mark.parametrize(
    ("model", "more", "last"),
    [
        ("whisper-1", {}, date(2027, 2, 26)),
        ("gpt-4o-transcribe", {}, date(2027, 2, 26)),
        ("gpt-transcribe", {}, None),
        ("whisper-1", {"transcription_base_url": OWN}, None),
    ],
)
def test_until_when_a_model_is_there(model: str, more: dict[str, Any], last: date | None) -> None:
    assert settings(transcription_model=model, **more).transcription_ends_on == last
