"""Engines that say a text aloud."""

from mentorium_gateways.speech.espeak import EspeakEngine
from mentorium_gateways.speech.openai_compatible import OpenAISpeechEngine

__all__ = ["EspeakEngine", "OpenAISpeechEngine"]
