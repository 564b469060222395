"""Short sounds made by hand: a tone where the format holds bare samples, silence where it is packed.

The same text gives the same bytes; a longer text sounds longer. Nobody speaks here.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator

_RATE = 24_000
_SECONDS_PER_WORD = 0.35
_LONGEST_S = 30.0
_OPUS_FRAME_S = 0.02
_OPUS_SILENCE = b"\xf8\xff\xfe"  # 20 ms of mono CELT, fullband, that decode to silence
_MP3_FRAME = b"\xff\xfb\x90\xc4" + bytes(413)  # MPEG-1 layer III, 128 kbit/s, 44.1 kHz, mono, all gains zero
_MP3_FRAME_S = 1152 / 44_100
_PAGE_PACKETS = 50

CONTENT_TYPES = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}


def sound(text: str, kind: str, speed: float = 1.0) -> bytes:
    """A sound in one of CONTENT_TYPES, as long as somebody would need to read the text aloud, at most 30 s."""
    seconds = min(max(len(text.split()), 1) * _SECONDS_PER_WORD / speed, _LONGEST_S)
    match kind:
        case "opus":
            return _ogg_opus(round(seconds / _OPUS_FRAME_S))
        case "mp3":
            return _MP3_FRAME * math.ceil(seconds / _MP3_FRAME_S)
        case "wav":
            samples = _tone(text, seconds)
            return _wav_header(len(samples)) + samples
        case _:
            return _tone(text, seconds)


def _tone(text: str, seconds: float) -> bytes:
    """16-bit mono samples; the pitch, one of twelve from 220 Hz, follows from the text."""
    hertz = 220 * 2 ** (zlib.crc32(text.encode(errors="replace")) % 12 / 12)
    step = 2 * math.pi * hertz / _RATE
    samples = [round(8000 * math.sin(step * number)) for number in range(round(seconds * _RATE))]
    return struct.pack(f"<{len(samples)}h", *samples)


def _wav_header(size: int) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, _RATE, _RATE * 2, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size)


def _ogg_opus(frames: int) -> bytes:
    """RFC 7845: a page for the head, one for the comment, then the sound."""
    head = struct.pack("<8sBBHIhB", b"OpusHead", 1, 1, 0, _RATE, 0, 0)
    vendor = b"sandbox"
    tags = struct.pack(f"<8sI{len(vendor)}sI", b"OpusTags", len(vendor), vendor, 0)
    pages = [_page([head], 0, 0, first=True), _page([tags], 0, 1)]
    for number, (packets, done) in enumerate(_paged(frames), start=2):
        pages.append(_page([_OPUS_SILENCE] * packets, done * 960, number, last=done == frames))
    return b"".join(pages)


def _paged(frames: int) -> Iterator[tuple[int, int]]:
    """For each page, how many packets it holds and how many there are up to its end."""
    for start in range(0, frames, _PAGE_PACKETS):
        end = min(start + _PAGE_PACKETS, frames)
        yield end - start, end


def _page(packets: list[bytes], position: int, number: int, *, first: bool = False, last: bool = False) -> bytes:
    lengths = bytes(len(packet) for packet in packets)  # each packet is shorter than 255 bytes
    flags = 2 * first + 4 * last
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, 1, number, 0)
    page = bytearray(head + bytes([len(lengths)]) + lengths + b"".join(packets))
    page[22:26] = struct.pack("<I", _ogg_checksum(bytes(page)))
    return bytes(page)


def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return tuple(table)


_CRC = _table()


def _ogg_checksum(page: bytes) -> int:
    """CRC-32 as Ogg has it: not reflected, without inversion."""
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ _CRC[(value >> 24) ^ byte]
    return value
