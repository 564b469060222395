"""Files that bots and users have sent; the oldest go when there are too many bytes."""

from __future__ import annotations

import hashlib
import struct
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from mentorium_sandbox.telegram.errors import bad_request

_MOST_BYTES = 256 * 1024 * 1024
_PHOTO_LIMIT = 10 * 1024 * 1024
_DOWNLOAD_LIMIT = 20 * 1024 * 1024
_OPUS_SAMPLES_A_SECOND = 48_000
FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "audio": "music",
    "video": "videos",
    "animation": "animations",
    "voice": "voice",
    "video_note": "video_notes",
    "sticker": "stickers",
}
_KINDS = {folder: kind for kind, folder in FOLDERS.items()}
_ID_PREFIXES = {
    "photos": "AgACAgI",
    "documents": "BQACAgI",
    "music": "CQACAgI",
    "videos": "BAACAgI",
    "animations": "CgACAgI",
    "voice": "AwACAgI",
    "video_notes": "DQACAgI",
    "stickers": "CAACAgI",
}
_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "audio/ogg": "oga"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`spoken` is what a fake user says in a voice message, for the stand-in that writes it down."""

    file_id: str
    unique_id: str
    path: str
    content_type: str
    data: bytes
    name: str
    spoken: str | None = None

    @property
    def kind(self) -> str:
        """What it was sent as: photo, document, ..."""
        return _KINDS[PurePath(self.path).parts[0]]


class Files:
    """`on_new` hears of each file with its number, which grows."""

    def __init__(self, on_new: Callable[[int, StoredFile], None] | None = None) -> None:
        self._on_new = on_new
        self._by_id: OrderedDict[str, StoredFile] = OrderedDict()
        self._by_path: dict[str, StoredFile] = {}
        self._bytes = 0
        self._count = 0

    def keep(
        self, data: bytes, content_type: str, folder: str, spoken: str | None = None, name: str | None = None
    ) -> StoredFile:
        """Keep the bytes; `name` is what the sender called the file."""
        self._count += 1
        digest = hashlib.sha256(data).hexdigest()
        extension = PurePath(name or "").suffix[1:] or _EXTENSIONS.get(content_type, "bin")
        path = f"{folder}/file_{self._count}.{extension if extension.isalnum() else 'bin'}"
        file = StoredFile(
            f"{_ID_PREFIXES[folder]}{digest[:24]}{self._count:06d}",
            f"AQAD{digest[:12]}",
            path,
            content_type,
            data,
            name or PurePath(path).name,
            spoken,
        )
        self._add(file)
        if self._on_new is not None:
            self._on_new(self._count, file)
        return file

    def bring_back(self, files: Iterable[tuple[int, StoredFile]]) -> None:
        """Have these of an earlier run again, with their numbers, oldest first."""
        for number, file in files:
            self._count = number
            self._add(file)

    def _add(self, file: StoredFile) -> None:
        self._by_id[file.file_id] = self._by_path[file.path] = file
        self._bytes += len(file.data)
        while self._bytes > _MOST_BYTES and len(self._by_id) > 1:
            _, oldest = self._by_id.popitem(last=False)
            del self._by_path[oldest.path]
            self._bytes -= len(oldest.data)

    def by_id(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def spoken_in(self, data: bytes) -> str | None:
        """What a fake user said in the voice message that holds these bytes, the newest first; None if nobody did."""
        newest_first = reversed(self._by_id.values())
        return next((file.spoken for file in newest_first if file.spoken and file.data == data), None)

    def downloadable(self, file_id: str) -> StoredFile:
        """Raises ApiError 400 for an unknown id and above 20 MB."""
        file = self.by_id(file_id)
        if file is None:
            raise bad_request("invalid file_id")
        if len(file.data) > _DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        return file


@dataclass(frozen=True, slots=True)
class Image:
    content_type: str
    width: int
    height: int


def image_of(data: bytes) -> Image:
    """What picture this is. Raises ApiError 400 if it is none, or one that Telegram does not take as a photo."""
    if not data:
        raise bad_request("file must be non-empty")
    if len(data) > _PHOTO_LIMIT:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {_PHOTO_LIMIT} bytes"
        )
    image = _png(data) or _jpeg(data)
    if image is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    short, long = sorted((image.width, image.height))
    if short == 0 or image.width + image.height > 10_000 or long > 20 * short:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return image


def _png(data: bytes) -> Image | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return Image("image/png", width, height)


def _jpeg(data: bytes) -> Image | None:
    if not data.startswith(b"\xff\xd8"):
        return None
    position = 2
    while position + 9 < len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return Image("image/jpeg", width, height)
        position += 2 + int(struct.unpack(">H", data[position + 2 : position + 4])[0])
    return None


def ogg_seconds(data: bytes) -> int:
    """How long an Opus recording in Ogg lasts, by its last page; 0 for what is none."""
    page = data.rfind(b"OggS")
    if page < 0 or len(data) < page + 14:
        return 0
    (samples,) = struct.unpack("<q", data[page + 6 : page + 14])
    return max(int(samples), 0) // _OPUS_SAMPLES_A_SECOND
