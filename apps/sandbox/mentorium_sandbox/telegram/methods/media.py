"""Sending files: photos, documents, sound, video, albums; a file comes as an upload or by its id."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from mimetypes import guess_type
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import ApiError, bad_request
from mentorium_sandbox.telegram.files import FOLDERS, StoredFile, image_of, ogg_seconds
from mentorium_sandbox.telegram.formatting import caption
from mentorium_sandbox.telegram.keyboards import Markup, markup
from mentorium_sandbox.telegram.nested_fields import Fields
from mentorium_sandbox.telegram.parameters import Parameters, Upload

Json = dict[str, Any]
CAPTIONED = frozenset({"photo", "document", "audio", "video", "animation", "voice"})
MEDIA_KINDS = tuple(FOLDERS)
_NAMED = frozenset({"document", "audio", "video", "animation"})
_LASTING = frozenset({"audio", "video", "animation", "voice", "video_note"})
_SEEN = frozenset({"photo", "video", "animation"})
_IN_ALBUMS = frozenset({"photo", "video", "document", "audio"})
_USUAL_TYPES = {"voice": "audio/ogg", "audio": "audio/mpeg", "video": "video/mp4", "animation": "video/mp4"}
_TYPE_NAMES = {"voice": "VoiceNote", "video_note": "VideoNote"}
_UNNAMED_TYPE = "application/octet-stream"
_LARGEST_SIDE = 10_000
_LONGEST_SECONDS = 24 * 3600
_ALBUM_SIZES = range(2, 11)


def _sender(kind: str) -> Callable[[Call], Json]:
    def send(call: Call) -> Json:
        parameters = call.parameters
        words, keyboard = _caption_fields(parameters, kind), markup(parameters)
        conversation = call.open_chat()
        content = content_of(file_of(call, parameters, kind, kind), kind, parameters)
        return call.send(conversation, {**content, **words}, keyboard)

    return send


def send_media_group(call: Call) -> list[Json]:
    call.parameters.required("media")
    given = call.parameters.structure("media")
    if not isinstance(given, list):
        raise bad_request("expected an Array of InputMedia")
    items = [_input_media(item) for item in given]
    kinds = {kind for kind, _ in items}
    if not kinds <= _IN_ALBUMS:
        kind = min(kinds - _IN_ALBUMS)
        raise bad_request(f"can't parse InputMedia: type \"{kind}\" can't be used in sendMediaGroup")
    if len(items) not in _ALBUM_SIZES:
        raise bad_request("an album must include 2-10 items")
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise bad_request("can't use the media of the specified type in the album")
    conversation = call.open_chat()
    contents = [_album_content(call, place, kind, item) for place, (kind, item) in enumerate(items, start=1)]
    group = str(secrets.randbits(60))
    return [call.send(conversation, {"media_group_id": group, **content}, Markup()) for content in contents]


def _album_content(call: Call, place: int, kind: str, item: Json) -> Json:
    try:
        return _media_content(call, kind, item)
    except ApiError as error:
        words = error.description.removeprefix("Bad Request: ")
        raise bad_request(f'failed to send message #{place} with the error message "{words}"') from error


def edit_media_content(call: Call) -> Json:
    """The content of the parameter `media`, an InputMedia, for a message that is edited. Raises ApiError 400."""
    call.parameters.required("media")
    return _media_content(call, *_input_media(call.parameters.structure("media")))


def _input_media(given: Any) -> tuple[str, Json]:
    fields = Fields.of(given, "can't parse InputMedia: ", "expected an Object")
    kind = fields.text("type")
    if kind not in CAPTIONED - {"voice"}:
        raise fields.complaint(f'type "{kind}" is unsupported')
    if not fields.optional_text("media"):
        raise fields.complaint("media not found")
    return kind, fields.values


def _media_content(call: Call, kind: str, item: Json) -> Json:
    parameters = Parameters(item, call.parameters.files)
    words = _caption_fields(parameters, kind)
    return {**content_of(file_of(call, parameters, "media", kind), kind, parameters), **words}


def file_of(call: Call, parameters: Parameters, key: str, kind: str) -> StoredFile:
    """The file behind a parameter. Raises ApiError 400 where there is none, or none of this kind."""
    upload = parameters.upload(key)
    if upload is not None:
        return _kept(call, upload, kind)
    reference = parameters.text(key)
    if not reference or reference.startswith("attach://"):
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = call.world.files.by_id(reference)
    if file is None:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {_type_name(file.kind)} as {_type_name(kind)}")
    return file


def _type_name(kind: str) -> str:
    return _TYPE_NAMES.get(kind, kind.title())


def _kept(call: Call, upload: Upload, kind: str) -> StoredFile:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        content_type = image_of(upload.data).content_type
    elif upload.content_type == _UNNAMED_TYPE:
        content_type = guess_type(upload.name)[0] or _USUAL_TYPES.get(kind, _UNNAMED_TYPE)
    else:
        content_type = upload.content_type
    return call.world.files.keep(upload.data, content_type, FOLDERS[kind], name=upload.name)


def photo_sizes(file: StoredFile) -> list[Json]:
    """The photo in its one, real size."""
    image = image_of(file.data)
    return [{**_identity(file), "width": image.width, "height": image.height}]


def content_of(file: StoredFile, kind: str, parameters: Parameters) -> Json:
    """The fields of a message that carries this file."""
    if kind == "photo":
        return {"photo": photo_sizes(file)}
    described = _identity(file) | _measures(file, kind, parameters)
    if kind in _NAMED:
        described["file_name"] = file.name
    if kind in _NAMED or kind == "voice":
        described["mime_type"] = file.content_type
    if kind == "audio":
        described |= {key: parameters.text(key) for key in ("performer", "title") if parameters.text(key)}
    if kind == "sticker":
        described |= {"type": "regular", "is_animated": False, "is_video": False}
    # Telegram tells of an animation as a document too, for clients that know no animations.
    return {kind: described, **({"document": _document(described)} if kind == "animation" else {})}


def _measures(file: StoredFile, kind: str, parameters: Parameters) -> Json:
    measures: Json = {}
    if kind in _LASTING:
        known = ogg_seconds(file.data) if kind == "voice" else 0
        measures["duration"] = min(max(parameters.integer("duration"), 0), _LONGEST_SECONDS) or known
    if kind in ("video", "animation", "sticker"):
        side = 512 if kind == "sticker" else 320
        measures |= {key: _side(parameters, key, side) for key in ("width", "height")}
    if kind == "video_note":
        measures["length"] = _side(parameters, "length", 240)
    return measures


def _side(parameters: Parameters, key: str, default: int) -> int:
    return min(max(parameters.integer(key), 0), _LARGEST_SIDE) or default


def _document(described: Json) -> Json:
    return {key: value for key, value in described.items() if key not in ("width", "height", "duration")}


def _identity(file: StoredFile) -> Json:
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}


def _caption_fields(parameters: Parameters, kind: str) -> Json:
    if kind not in CAPTIONED:
        return {}
    fields = caption(parameters).fields("caption", "caption_entities")
    if kind in _SEEN and fields and parameters.flag("show_caption_above_media"):
        fields["show_caption_above_media"] = True
    if kind in _SEEN and parameters.flag("has_spoiler"):
        fields["has_media_spoiler"] = True
    return fields


METHODS: dict[str, Callable[[Call], Any]] = {
    **{f"send{kind.title().replace('_', '')}": _sender(kind) for kind in FOLDERS},
    "sendMediaGroup": send_media_group,
}
