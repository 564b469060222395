"""/v1/audio: speech that is written down, and text that is made to sound."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from aiohttp import BodyPartReader, web

from mentorium_sandbox.openai.audio_samples import CONTENT_TYPES, sound
from mentorium_sandbox.openai.openai_world import OpenAIWorld, Say
from mentorium_sandbox.openai.parameter_types import SPEECH, check_shape
from mentorium_sandbox.openai.refusals import (
    SPEECH_MODELS,
    TRANSCRIPTION_MODELS,
    RefusalError,
    check_model,
    missing,
)
from mentorium_sandbox.openai.response_sender import Answer, Stream, Whole, event, whole
from mentorium_sandbox.openai.scripted_reply import Reply, spoken
from mentorium_sandbox.openai.usage import tokens_of

_LARGEST_FILE = 25 * 1024 * 1024
_LONGEST_INPUT = 4096
_FILE_KINDS = ("flac", "m4a", "mp3", "mp4", "mpeg", "mpga", "oga", "ogg", "wav", "webm")
_SECONDS_PER_WORD = 0.4
_FORMATS = ("json", "text", "srt", "verbose_json", "vtt")


class Recording:
    """A request for a transcription: the form's fields and the recording itself."""

    def __init__(self, fields: Mapping[str, Any], data: bytes) -> None:
        self.fields = fields
        self.data = data


async def read_recording(request: web.Request, journal: dict[str, Any]) -> Recording:
    """The multipart form; the journal gets its fields and how large the file is. Raises RefusalError."""
    try:
        recording = Recording(journal, await _read_form(request, journal))
    except (ValueError, AssertionError, RuntimeError) as error:  # whatever the parser meets in a form that is none
        raise RefusalError(400, "Could not parse multipart form") from error
    _check_recording(recording)
    return recording


def transcribe(recording: Recording, world: OpenAIWorld) -> Answer:
    """What a script says was heard, or what the sandbox knows to be spoken; nothing where nobody knows."""
    heard = world.spoken_in(recording.data) or ""
    reply = world.scripted(Say.TRANSCRIPTION, heard) or spoken(heard, 0)
    if recording.fields.get("stream") == "true" and recording.fields["model"] != "whisper-1":
        return _streamed(reply)
    match recording.fields.get("response_format", "json"):
        case "json":
            return whole(reply, {"text": reply.text, "usage": _usage(reply.text)})
        case "verbose_json":
            return whole(reply, _verbose(reply.text, recording.fields))
        case "text":
            return Whole(reply, f"{reply.text}\n".encode(), "text/plain")
        case kind:
            return Whole(reply, _subtitles(reply.text, kind).encode(), "text/plain")


def check_speech(body: Mapping[str, Any]) -> None:
    """Raise the RefusalError that OpenAI would answer this body with."""
    check_shape(body, SPEECH)
    check_model(body.get("model"), SPEECH_MODELS)
    text = body.get("input")
    if not text:
        raise missing("input")
    if len(text) > _LONGEST_INPUT:
        message = f"Invalid 'input': string too long. Expected a string with maximum length {_LONGEST_INPUT}."
        raise RefusalError(400, message, param="input", code="string_above_max_length")
    if not body.get("voice"):
        raise missing("voice")
    if (kind := body.get("response_format") or "mp3") not in CONTENT_TYPES:
        raise _bad_format(kind, tuple(CONTENT_TYPES))
    if not 0.25 <= (body.get("speed") or 1) <= 4:
        raise RefusalError(400, "Invalid 'speed': expected a number from 0.25 to 4.", param="speed")


def speak(body: Mapping[str, Any]) -> Answer:
    kind = body.get("response_format") or "mp3"
    data = sound(body["input"], kind, body.get("speed") or 1)
    if body.get("stream_format") != "sse":
        return Whole(Reply(), data, CONTENT_TYPES[kind])
    half = len(data) // 2
    pieces = [
        {"type": "speech.audio.delta", "audio": base64.b64encode(part).decode()} for part in (data[:half], data[half:])
    ]
    done = {"type": "speech.audio.done", "usage": _tokens(tokens_of(body["input"]), len(data) // 1000)}
    return Stream(Reply(), (), [event(piece) for piece in pieces], (event(done),))


async def _read_form(request: web.Request, journal: dict[str, Any]) -> bytes:
    """The bytes of the file; everything else goes to the journal."""
    data = b""
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read(decode=True))
        if part.name == "file":
            data = content
            journal["file"] = {"filename": part.filename, "size": len(content)}
        else:
            _note(journal, part.name, content.decode(errors="replace"))
    return data


def _note(journal: dict[str, Any], name: str, value: str) -> None:
    """A field of a form; those that end in [] hold several values."""
    if name.endswith("[]"):
        journal.setdefault(name.removesuffix("[]"), []).append(value)
    else:
        journal[name] = value


def _check_recording(recording: Recording) -> None:
    check_model(recording.fields.get("model"), TRANSCRIPTION_MODELS)
    if "file" not in recording.fields:
        raise missing("file")
    name = str(recording.fields["file"]["filename"])
    if PurePath(name).suffix.lstrip(".").lower() not in _FILE_KINDS:
        raise RefusalError(400, f"Invalid file format. Supported formats: {list(_FILE_KINDS)}", param="file")
    if not recording.data:
        raise RefusalError(400, "Audio file is too short. Minimum audio length is 0.1 seconds.", code="audio_too_short")
    if len(recording.data) > _LARGEST_FILE:
        raise RefusalError(413, f"Maximum content size limit ({_LARGEST_FILE}) exceeded ({len(recording.data)} bytes)")
    kind = recording.fields.get("response_format", "json")
    allowed = _FORMATS if recording.fields["model"] == "whisper-1" else ("json", "text")
    if kind not in allowed:
        raise _bad_format(kind, allowed)


def _bad_format(kind: object, allowed: tuple[str, ...]) -> RefusalError:
    supported = ", ".join(f"'{one}'" for one in allowed)
    message = f"Invalid value: '{kind}'. Supported values are: {supported}."
    return RefusalError(400, message, param="response_format", code="unsupported_value")


def _streamed(reply: Reply) -> Stream:
    deltas = [event({"type": "transcript.text.delta", "delta": chunk}) for chunk in reply.chunks]
    done = {"type": "transcript.text.done", "text": reply.text, "usage": _usage(reply.text)}
    return Stream(reply, (), deltas, (event(done), b"data: [DONE]\n\n"))


def _verbose(text: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    seconds = _seconds(text)
    segment = {
        "id": 0,
        "seek": 0,
        "start": 0.0,
        "end": seconds,
        "text": text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": -0.2,
        "compression_ratio": 1.0,
        "no_speech_prob": 0.0,
    }
    return {
        "task": "transcribe",
        "language": fields.get("language", "uz"),
        "duration": seconds,
        "text": text,
        "segments": [segment] if text else [],
        "usage": {"type": "duration", "seconds": seconds},
    }


def _subtitles(text: str, kind: str) -> str:
    end = f"00:00:{_seconds(text):06.3f}"
    if kind == "vtt":
        return f"WEBVTT\n\n00:00:00.000 --> {end}\n{text}\n"
    return f"1\n00:00:00,000 --> {end.replace('.', ',')}\n{text}\n"


def _seconds(text: str) -> float:
    return round(min(len(text.split()) * _SECONDS_PER_WORD, 59.0), 3)


def _usage(text: str) -> dict[str, Any]:
    heard = round(_seconds(text) * 10)
    return {
        "type": "tokens",
        **_tokens(heard, tokens_of(text)),
        "input_token_details": {"audio_tokens": heard, "text_tokens": 0},
    }


def _tokens(asked: int, answered: int) -> dict[str, int]:
    return {"input_tokens": asked, "output_tokens": answered, "total_tokens": asked + answered}
