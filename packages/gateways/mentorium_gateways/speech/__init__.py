"""Engines that say a text aloud; `transcription` writes down what is said, and brings OpenAI's SDK with it."""

from mentorium_gateways.speech.espeak import EspeakEngine
from mentorium_gateways.speech.openai_compatible import OpenAISpeechEngine
from mentorium_gateways.speech.programs import missing_extra

__all__ = ["EspeakEngine", "OpenAISpeechEngine", "missing_extra"]
