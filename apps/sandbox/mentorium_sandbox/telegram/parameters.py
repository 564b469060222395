"""The parameters of a Bot API call, from the query, a form, a multipart body or JSON: all look the same inside."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.multipart import MultipartResponseWrapper

from mentorium_sandbox.telegram.errors import ApiError, bad_request

UPLOAD_LIMIT = 50 * 1024 * 1024
_JSON_NAMES = {
    "reply_markup": "reply keyboard markup",
    "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options",
    "menu_button": "menu button",
    "scope": "BotCommandScope",
    "reaction": "reaction types",
}
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    content_type: str
    data: bytes


@dataclass(slots=True)
class Parameters:
    values: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    @classmethod
    async def read(cls, request: web.Request) -> Parameters:
        """Raises ApiError 400 for a body that cannot be read, 413 above 50 MB."""
        parameters = cls(dict(request.query))
        if not request.can_read_body:
            return parameters
        if request.content_type.startswith("multipart/"):
            try:
                reader = await request.multipart()
            except ValueError as error:
                raise bad_request("can't parse the multipart body") from error
            await parameters.read_parts(reader)
        elif request.content_type == "application/json":
            parameters.values.update(_json_object(await request.read()))
        else:
            parameters.values.update(await _form(request))
        return parameters

    async def read_parts(self, reader: MultipartReader | MultipartResponseWrapper) -> None:
        """Add the parts of a multipart body. Raises ApiError 400 for a body that cannot be read, 413 above 50 MB."""
        size = 0
        try:
            while (part := await reader.next()) is not None:
                if not isinstance(part, BodyPartReader) or part.name is None:
                    continue
                data = bytes(await part.read(decode=True))
                size += len(data)
                if size > UPLOAD_LIMIT:
                    raise ApiError(413, "Request Entity Too Large")
                self._keep(part, data)
        except ValueError as error:
            raise bad_request("can't parse the multipart body") from error

    def _keep(self, part: BodyPartReader, data: bytes) -> None:
        name = str(part.name)
        if part.filename is None:
            self.values[name] = data.decode("utf-8", errors="replace")
            return
        self.files[name] = Upload(part.filename, part.headers.get("Content-Type", "application/octet-stream"), data)

    def text(self, key: str) -> str:
        """The parameter as a string; empty when it is missing. Raises ApiError 400 for half a surrogate pair."""
        value = self.values.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            return json.dumps(value)
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise bad_request("strings must be encoded in UTF-8")
        return value

    def required(self, key: str) -> str:
        """The parameter as a string. Raises ApiError 400 when it is missing or empty."""
        if not (text := self.text(key)):
            raise bad_request(f'parameter "{key}" is required')
        return text

    def integer(self, key: str, default: int = 0) -> int:
        """The parameter as a whole number; the default when it is missing or none."""
        try:
            return int(self.values.get(key, default))
        except (TypeError, ValueError, OverflowError):
            return default

    def flag(self, key: str) -> bool:
        return str(self.values.get(key, "")).lower() in _TRUE

    def structure(self, key: str) -> Any:
        """A nested value, which forms carry as a JSON string; None when it is missing or empty."""
        value = self.values.get(key)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise bad_request(f"can't parse {_JSON_NAMES.get(key, key)} JSON object") from error

    def upload(self, key: str) -> Upload | None:
        """The file sent as this parameter, directly or by `attach://<name>`."""
        reference = self.values.get(key)
        if isinstance(reference, str) and reference.startswith("attach://"):
            return self.files.get(reference.removeprefix("attach://"))
        return self.files.get(key)

    def described(self) -> dict[str, Any]:
        """For the journal: nested JSON unfolded, files by name and size."""
        files = {key: {"file": file.name, "size": len(file.data)} for key, file in self.files.items()}
        return {key: _unfolded(value) for key, value in self.values.items()} | files


async def _form(request: web.Request) -> dict[str, Any]:
    try:
        return dict(await request.post())
    except (ValueError, LookupError) as error:
        raise bad_request("strings must be encoded in UTF-8") from error


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw) if raw.strip() else {}
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise bad_request("can't parse JSON object: expected an Object")
    return value


def _unfolded(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
