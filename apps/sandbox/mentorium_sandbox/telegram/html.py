"""Telegram's HTML: text with tags in, text and entities out, with the server's own complaints."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from mentorium_sandbox.telegram.entities import place
from mentorium_sandbox.telegram.errors import ApiError, cannot_parse
from mentorium_sandbox.telegram.links import LinkError, normal_link, user_of
from mentorium_sandbox.telegram.text import units

Entity = dict[str, Any]
_STYLES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
}
_TAGS = frozenset({*_STYLES, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"})
_TAG_NAME = re.compile(r"[^ \t\r\n\0\v>]*")
_ATTRIBUTE_NAME = re.compile(r"""[^ \t\r\n\0\v=>/"']*""")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_BLANKS = re.compile(r"[ \t\r\n\0\v]*")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#(\d{1,8})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_LAST_CHARACTER = 0x10FFFF
_HALF_SYMBOLS = range(0xD800, 0xE000)


@dataclass(slots=True)
class _OpenTag:
    tag: str
    attributes: dict[str, str]
    offset: int
    text_from: int


@dataclass(slots=True)
class _Parser:
    source: str
    position: int = 0
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> None:
        while (start := self.source.find("<", self.position)) >= 0:
            self._write(start)
            self.position = start + 1
            if self._ahead() == "/":
                self._close(start)
            else:
                self._start(start)
        self._write(len(self.source))
        if self.open:
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')

    def _write(self, end: int) -> None:
        piece = _unescaped(self.source[self.position : end])
        if piece:
            self.pieces.append(piece)
            self.length += units(piece)

    def _ahead(self) -> str:
        return self.source[self.position : self.position + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.source, self.position)
        taken = match[0] if match is not None else ""
        self.position += len(taken)
        return taken

    def _complaint(self, text: str, at: int) -> ApiError:
        return cannot_parse(f"{text} at byte offset {len(self.source[:at].encode(errors='replace'))}")

    def _start(self, at: int) -> None:
        tag = self._take(_TAG_NAME).lower()
        if not self._ahead():
            raise self._complaint("Unclosed start tag", at)
        if tag not in _TAGS:
            raise self._complaint(f'Unsupported start tag "{tag}"', at)
        attributes: dict[str, str] = {}
        self._take(_BLANKS)
        while self._ahead() != ">":
            self._attribute(tag, at, attributes)
            self._take(_BLANKS)
        self.position += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._complaint('Tag "span" must have class "tg-spoiler"', at)
        self.open.append(_OpenTag(tag, attributes, self.length, len(self.pieces)))

    def _attribute(self, tag: str, at: int, attributes: dict[str, str]) -> None:
        name = self._take(_ATTRIBUTE_NAME)
        if not name:
            raise self._complaint(f'Empty attribute name in the tag "{tag}"', at)
        self._take(_BLANKS)
        attributes[name] = ""
        if self._ahead() == "=":
            self.position += 1
            self._take(_BLANKS)
            attributes[name] = self._value(tag, at)
        elif not self._ahead():
            raise self._complaint(f'Unclosed start tag "{tag}"', at)

    def _value(self, tag: str, at: int) -> str:
        mark, begin = self._ahead(), self.position
        if not mark:
            raise self._complaint(f'Unclosed start tag "{tag}"', at)
        if mark in ("'", '"'):
            end = self.source.find(mark, begin + 1)
            self.position = end + 1 if end >= 0 else len(self.source)
            value = _unescaped(self.source[begin + 1 : end])
        else:
            value = self._take(_NAME_TOKEN).lower()
            if self._ahead() and self._ahead() != ">" and not self._take(_BLANKS):
                raise self._complaint("Unexpected end of name token", begin)
        if not self._ahead():
            raise self._complaint("Unclosed start tag", at)
        return value

    def _close(self, at: int) -> None:
        if not self.open:
            raise self._complaint("Unexpected end tag", at)
        self.position += 1
        tag = self._take(_TAG_NAME).lower()
        self._take(_BLANKS)
        if self._ahead() != ">":
            raise self._complaint("Unclosed end tag", at)
        self.position += 1
        opened = self.open.pop()
        if tag and tag != opened.tag:
            where = f"Unmatched end tag at byte offset {len(self.source[:at].encode(errors='replace'))}"
            raise cannot_parse(f'{where}, expected "</{opened.tag}>", found "</{tag}>"')
        if self.length > opened.offset:
            self._mark(opened)

    def _mark(self, opened: _OpenTag) -> None:
        span: Entity = {"offset": opened.offset, "length": self.length - opened.offset}
        tag, attributes = opened.tag, opened.attributes
        if tag in _STYLES:
            self.entities.append({"type": _STYLES[tag], **span})
        elif tag == "a":
            self._mark_link(attributes.get("href") or "".join(self.pieces[opened.text_from :]), span)
        elif tag in ("pre", "code"):
            self._mark_code(tag, attributes, span)
        elif tag == "blockquote":
            kind = "expandable_blockquote" if "expandable" in attributes else "blockquote"
            self.entities.append({"type": kind, **span})
        elif tag == "tg-emoji":
            self._mark_emoji(attributes.get("emoji-id", ""), span)
        else:
            self._mark_time(attributes, span)

    def _mark_link(self, url: str, span: Entity) -> None:
        if (user_id := user_of(url)) is not None:
            self.entities.append({"type": "text_mention", **span, "user": {"id": user_id}})
            return
        try:
            self.entities.append({"type": "text_link", **span, "url": normal_link(url)})
        except LinkError:
            return  # the server shows such a link as plain text

    def _mark_code(self, tag: str, attributes: dict[str, str], span: Entity) -> None:
        """<pre><code class="language-x"> is one `pre` that knows its language."""
        language = attributes.get("class", "")
        language = language.removeprefix("language-") if tag == "code" and language.startswith("language-") else ""
        last = self.entities[-1] if self.entities else {}
        same = (last.get("offset"), last.get("length")) == (span["offset"], span["length"])
        if same and tag == "pre" and last["type"] == "code" and "language" in last:
            last["type"] = "pre"
        elif same and language and last["type"] == "pre":
            last["language"] = language
        else:
            self.entities.append({"type": tag, **span, **({"language": language} if language else {})})

    def _mark_emoji(self, emoji_id: str, span: Entity) -> None:
        if not re.fullmatch(r"-?[0-9]{1,19}", emoji_id) or int(emoji_id) == 0:
            raise cannot_parse("Invalid custom emoji identifier specified")
        self.entities.append({"type": "custom_emoji", **span, "custom_emoji_id": emoji_id})

    def _mark_time(self, attributes: dict[str, str], span: Entity) -> None:
        moment = attributes.get("unix", "")
        if not re.fullmatch(r"[0-9]{1,10}", moment):
            raise cannot_parse("Invalid date and time specified")
        shown = {"date_time_format": attributes["format"]} if attributes.get("format") else {}
        self.entities.append({"type": "date_time", **span, "unix_time": int(moment), **shown})


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The visible text and its entities, outer ones first. Raises ApiError 400 as the server does."""
    if "<" not in source and "&" not in source:
        return source, []
    parser = _Parser(source)
    parser.parse()
    entities = [_without_language(e) if e["type"] == "code" else e for e in parser.entities]
    return "".join(parser.pieces), sorted(entities, key=place)


def _without_language(entity: Entity) -> Entity:
    return {key: value for key, value in entity.items() if key != "language"}


def _unescaped(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1], 16) if match[1] else int(match[2])
    if code in _HALF_SYMBOLS:
        raise cannot_parse(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
            "code units"
        )
    return chr(code) if 0 < code < _LAST_CHARACTER else match[0]
