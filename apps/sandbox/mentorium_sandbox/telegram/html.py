"""Telegram's HTML: text with tags in, text and entities out, with the server's own complaints."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from mentorium_sandbox.telegram.errors import cannot_parse
from mentorium_sandbox.telegram.text import units

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[^\s>/<]*)(?P<attributes>[^>]*)>")
_ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


@dataclass(slots=True)
class _Open:
    name: str
    offset: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Output:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)

    def write(self, piece: str) -> None:
        plain = _unescape(piece)
        self.pieces.append(plain)
        self.length += units(plain)


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The visible text and its entities, outer ones first. Raises ApiError 400 as the server does."""
    if "<" not in source and "&" not in source:
        return source, []
    output, position = _Output(), 0
    while (start := source.find("<", position)) >= 0:
        output.write(source[position:start])
        tag = _TAG.match(source, start)
        if tag is None:
            raise cannot_parse(f"Unclosed start tag at byte offset {_byte(source, start)}")
        if tag["slash"]:
            _close(output, tag["name"].lower(), _byte(source, start))
        else:
            _start(output, tag, _byte(source, start))
        position = tag.end()
    output.write(source[position:])
    if output.open:
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{output.open[-1].name}"')
    output.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return "".join(output.pieces), output.entities


def _start(output: _Output, tag: re.Match[str], at: int) -> None:
    name = tag["name"].lower()
    if name not in _TYPES:
        raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {at}')
    attributes = {
        key.lower(): _unescape(first or second or third)
        for key, first, second, third in _ATTRIBUTE.findall(tag["attributes"])
    }
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    output.open.append(_Open(name, output.length, attributes))


def _close(output: _Output, name: str, at: int) -> None:
    if not output.open:
        raise cannot_parse(f"Unexpected end tag at byte offset {at}")
    opened = output.open.pop()
    if name and name != opened.name:
        raise cannot_parse(f'Unmatched end tag at byte offset {at}, expected "</{opened.name}>", found "</{name}>"')
    entity = _entity(opened, output)
    if entity is not None:
        output.entities.append(entity)


def _entity(opened: _Open, output: _Output) -> dict[str, Any] | None:
    length = output.length - opened.offset
    entity: dict[str, Any] = {"type": _TYPES[opened.name], "offset": opened.offset, "length": length}
    if length == 0:
        return None
    if opened.name == "a":
        url = opened.attributes.get("href", "")
        return {**entity, "url": url} if url else None
    if opened.name == "tg-emoji":
        return {**entity, "custom_emoji_id": opened.attributes.get("emoji-id", "")}
    if opened.name == "blockquote" and "expandable" in opened.attributes:
        return {**entity, "type": "expandable_blockquote"}
    return _code_entity(opened, output, entity)


def _code_entity(opened: _Open, output: _Output, entity: dict[str, Any]) -> dict[str, Any] | None:
    """<pre><code class="language-x"> is one `pre` that knows its language."""
    language = opened.attributes.get("class", "")
    if opened.name == "code" and language.startswith("language-") and output.open and output.open[-1].name == "pre":
        output.open[-1].attributes["language"] = language.removeprefix("language-")
        return None
    if opened.name == "pre" and "language" in opened.attributes:
        return {**entity, "language": opened.attributes["language"]}
    return entity


def _unescape(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1]) if match[1] else int(match[2], 16)
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code <= 0x10FFFF else match[0]


def _byte(source: str, position: int) -> int:
    return len(source[:position].encode())
