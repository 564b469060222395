"""A process of its own that says a text by espeak-ng: text by stdin, WAV by stdout, `uz`, `ru` or `en` as argument.

It is run as a script, and imports nothing of ours: espeak-ng is under the GPL, and stays a program beside the product.
"""

from __future__ import annotations

import ctypes
import io
import os
import sys
import wave

import espeakng_loader

_SYNCHRONOUS = 2  # espeak_AUDIO_OUTPUT
_RATE = 1  # espeak_PARAMETER, in words a minute
_WORDS_A_MINUTE = 155
_UTF_8 = 1
_BY_CHARACTER = 1
_SAMPLE_BYTES = 2
_Heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def say(text: str, language: str) -> bytes:
    """A mono WAV of 16 bits. SystemExit where the library does not do what it is asked."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
        ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    samples = bytearray()

    def hear(wave_data: object, count: int, _events: object) -> int:
        if wave_data and count > 0:
            samples.extend(ctypes.string_at(wave_data, count * _SAMPLE_BYTES))  # type: ignore[arg-type]
        return 0

    heard = _Heard(hear)
    library.espeak_SetSynthCallback(heard)
    spoken = text.encode()
    if (
        rate <= 0
        or library.espeak_SetVoiceByName(language.encode())
        or library.espeak_SetParameter(_RATE, _WORDS_A_MINUTE, 0)
    ):
        sys.exit("espeak-ng has no such voice")
    if library.espeak_Synth(spoken, len(spoken) + 1, 0, _BY_CHARACTER, 0, _UTF_8, None, None):
        sys.exit("espeak-ng did not say it")
    library.espeak_Synchronize()
    return _wav(bytes(samples), rate)


def _wav(samples: bytes, rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(_SAMPLE_BYTES)
        sound.setframerate(rate)
        sound.writeframes(samples)
    return file.getvalue()


if __name__ == "__main__":
    os.nice(10)  # messages that are being sent come first
    sys.stdout.buffer.write(say(sys.stdin.buffer.read().decode(), sys.argv[1]))
