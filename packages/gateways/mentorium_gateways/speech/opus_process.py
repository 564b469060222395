"""A process of its own that packs sound: WAV in by stdin, OGG with Opus out by stdout (48 kHz, mono, 24 kbit/s).

It is run as a script, and imports nothing of ours: FFmpeg's libraries read what somebody else's server has sent, and
some of those that PyAV brings are under the GPL.
"""

from __future__ import annotations

import io
import itertools
import os
import sys

import av
from av.audio.resampler import AudioResampler

_RATE = 48_000
_BITS_A_SECOND = 24_000
_LONGEST_S = 600  # whatever an engine sends, more than this is not listened to


def pack(sound: bytes) -> bytes:
    packed, samples = io.BytesIO(), 0
    # "wav", not whatever it looks like: a play list would name files and addresses
    with av.open(io.BytesIO(sound), "r", format="wav") as heard, av.open(packed, "w", format="ogg") as written:
        stream = written.add_stream("libopus", rate=_RATE, layout="mono")
        stream.bit_rate = _BITS_A_SECOND
        resampler = AudioResampler(format="s16", layout="mono", rate=_RATE)
        for frame in itertools.chain(heard.decode(audio=0), (None,)):
            for piece in resampler.resample(frame):
                samples += piece.samples
                written.mux(stream.encode(piece))
            if samples > _LONGEST_S * _RATE:
                sys.exit("too long")
        written.mux(stream.encode(None))
    if not samples:
        sys.exit("silence")
    return packed.getvalue()


if __name__ == "__main__":
    os.nice(10)  # messages that are being sent come first
    sys.stdout.buffer.write(pack(sys.stdin.buffer.read()))
