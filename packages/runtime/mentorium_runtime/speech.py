"""The settings of the voice that reads reports out, and the engine they name."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from mentorium_domain.enums import Language
from mentorium_gateways.speech.programs import missing_extra
from mentorium_runtime.settings import FromEnvironment, HttpUrl, Stripped, secret_value

if TYPE_CHECKING:  # settings are read by processes that never see a report
    from mentorium_core.reports.ports import SpeechEngine

_MAY_REWORD: Final = re.compile("realtime|audio-preview|gpt-audio", re.IGNORECASE)
_VOICE_OF: Final = re.compile(r"(uz|ru|en)=([^,=]+)")


class SpeechSettings(FromEnvironment):
    """`SPEECH_ENGINE`: `openai` (a server with OpenAI's /audio/speech), `espeak`, or none: then no voice is offered."""

    speech_engine: Literal["openai", "espeak"] | None = None
    speech_base_url: HttpUrl | None = Field(None, validate_default=True)
    speech_api_key: SecretStr | None = None
    speech_model: Stripped | None = Field(None, validate_default=True)
    speech_voice: Stripped | None = Field(None, validate_default=True)

    @field_validator("speech_engine")
    @classmethod
    def _installed(cls, value: str | None) -> str | None:
        if value is not None and (extra := missing_extra(value)) is not None:
            raise ValueError(f"needs optional packages that are not installed: poetry install --extras {extra}")
        return value

    @field_validator("speech_base_url", "speech_model", "speech_voice")
    @classmethod
    def _needed_by_a_server(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("speech_engine") == "openai" and not value:
            raise ValueError("is missing: SPEECH_ENGINE=openai needs SPEECH_BASE_URL, SPEECH_MODEL and SPEECH_VOICE")
        return value

    @field_validator("speech_model")
    @classmethod
    def _reads_out(cls, value: str | None) -> str | None:
        if value and _MAY_REWORD.search(value):
            raise ValueError("may word a report anew: a model that reads text out as it stands is needed")
        return value

    @field_validator("speech_voice")
    @classmethod
    def _for_each_language(cls, value: str | None) -> str | None:
        if value and "=" in value and set(_voices(value)) != set(Language):
            raise ValueError("is malformed: one voice, or uz=name,ru=name,en=name")
        return value


def speech_engine(settings: SpeechSettings) -> SpeechEngine | None:
    """None where none is configured. Its library is loaded here: who reads the settings may never speak."""
    match settings.speech_engine:
        case "espeak":
            return _loaded("espeak", "EspeakEngine")()
        case "openai":
            url, model, voice = settings.speech_base_url, settings.speech_model, settings.speech_voice
            assert url is not None
            assert model is not None
            assert voice is not None
            voices = _voices(voice) if "=" in voice else dict.fromkeys(Language, voice)
            key = secret_value(settings.speech_api_key)
            return _loaded("openai_compatible", "OpenAISpeechEngine")(url, key, model, voices)
        case None:
            return None


def _loaded(module: str, engine: str) -> Callable[..., SpeechEngine]:
    loaded: Callable[..., SpeechEngine] = getattr(import_module(f"mentorium_gateways.speech.{module}"), engine)
    return loaded


def _voices(setting: str) -> dict[Language, str]:
    """By language; what cannot be read is left out."""
    found = (_VOICE_OF.fullmatch(part.strip()) for part in setting.split(","))
    return {Language(one[1]): one[2].strip() for one in found if one is not None}
