"""Sending files: documents, sound, video, albums; a file comes as an upload or by its id."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call, text_fields
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.files import StoredFile, image_of
from mentorium_sandbox.telegram.formatting import caption
from mentorium_sandbox.telegram.keyboards import Markup, markup
from mentorium_sandbox.telegram.parameters import Parameters

Json = dict[str, Any]
_FOLDERS = {
    "photo": "photos",
    "document": "documents",
    "audio": "music",
    "video": "videos",
    "animation": "animations",
    "voice": "voice",
    "video_note": "video_notes",
    "sticker": "stickers",
}
_WITHOUT_CAPTION = frozenset({"video_note", "sticker"})
_IN_ALBUMS = frozenset({"photo", "video", "document", "audio"})


def file_of(call: Call, parameters: Parameters, key: str, kind: str) -> StoredFile:
    """The file behind a parameter. Raises ApiError 400 where there is none, or none of this kind."""
    upload = parameters.upload(key)
    if upload is not None:
        if not upload.data:
            raise bad_request("file must be non-empty")
        content_type = image_of(upload.data).content_type if kind == "photo" else upload.content_type
        return call.world.files.keep(upload.data, content_type, _FOLDERS[kind], name=upload.name)
    reference = parameters.text(key)
    if not reference or reference.startswith("attach://"):
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = call.world.files.by_id(reference)
    if file is None:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    return file


def photo_sizes(file: StoredFile) -> list[Json]:
    """The photo in its one, real size."""
    image = image_of(file.data)
    return [{**_identity(file), "width": image.width, "height": image.height}]


def content_of(file: StoredFile, kind: str, parameters: Parameters) -> Json:
    """The fields of a message that carries this file."""
    if kind == "photo":
        return {"photo": photo_sizes(file)}
    described: Json = _identity(file)
    if kind in {"document", "audio", "video", "animation"}:
        described["file_name"] = file.name
    if kind in {"document", "audio", "video", "animation", "voice"}:
        described["mime_type"] = file.content_type
    if kind in {"audio", "video", "animation", "voice", "video_note"}:
        described["duration"] = max(parameters.integer("duration"), 0)
    if kind in {"video", "animation"}:
        described |= {"width": parameters.integer("width", 320), "height": parameters.integer("height", 320)}
    if kind == "video_note":
        described["length"] = parameters.integer("length", 240)
    if kind == "audio":
        described |= {key: parameters.text(key) for key in ("performer", "title") if parameters.text(key)}
    if kind == "sticker":
        described |= {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    # Telegram tells of an animation as a document too, for clients that know no animations.
    return {kind: described, **({"document": dict(described)} if kind == "animation" else {})}


def _identity(file: StoredFile) -> Json:
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}


def _sender(kind: str) -> Callable[[Call], Json]:
    def send(call: Call) -> Json:
        parameters = call.parameters
        words = {} if kind in _WITHOUT_CAPTION else _caption_fields(parameters)
        keyboard = markup(parameters)
        conversation = call.open_chat()
        file = file_of(call, parameters, kind, kind)
        return call.send(conversation, {**content_of(file, kind, parameters), **words}, keyboard)

    return send


def _caption_fields(parameters: Parameters) -> Json:
    above = {"show_caption_above_media": True} if parameters.flag("show_caption_above_media") else {}
    spoiler = {"has_media_spoiler": True} if parameters.flag("has_spoiler") else {}
    return {**text_fields(caption(parameters), "caption", "caption_entities"), **above, **spoiler}


def send_media_group(call: Call) -> list[Json]:
    items = call.parameters.structure("media")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise bad_request("can't parse media JSON array: expected an Array of InputMedia")
    if not 2 <= len(items) <= 10:
        raise bad_request("group send failed: media group must include 2-10 items")
    kinds = {item.get("type") for item in items}
    if not kinds <= _IN_ALBUMS or (kinds & {"document", "audio"} and len(kinds) > 1):
        raise bad_request("media of different types can't be mixed in an album")
    conversation = call.open_chat()
    contents = []
    for item in items:
        parameters = Parameters({key: _flat(value) for key, value in item.items()}, call.parameters.files)
        file = file_of(call, parameters, "media", item["type"])
        contents.append({**content_of(file, item["type"], parameters), **_caption_fields(parameters)})
    group = str(secrets.randbits(60))
    return [call.send(conversation, {"media_group_id": group, **content}, Markup()) for content in contents]


def edit_media_content(call: Call) -> Json:
    """The content of the parameter `media`, an InputMedia, for a message that is edited."""
    item = call.parameters.structure("media")
    if not isinstance(item, dict) or item.get("type") not in _FOLDERS:
        raise bad_request("can't parse InputMedia: expected an Object with a known type")
    parameters = Parameters({key: _flat(value) for key, value in item.items()}, call.parameters.files)
    file = file_of(call, parameters, "media", item["type"])
    return {**content_of(file, item["type"], parameters), **_caption_fields(parameters)}


def _flat(value: Any) -> Any:
    """Nested values travel as JSON strings in forms; an album's items hold them as they are."""
    return json.dumps(value) if isinstance(value, list | dict) else value


METHODS = {
    **{f"send{''.join(word.title() for word in kind.split('_'))}": _sender(kind) for kind in _FOLDERS},
    "sendMediaGroup": send_media_group,
}
MEDIA_KINDS = tuple(_FOLDERS)
