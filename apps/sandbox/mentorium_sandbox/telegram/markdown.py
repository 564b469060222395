"""Telegram's MarkdownV2 and its legacy Markdown: text and entities out, with the server's own complaints."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from mentorium_sandbox.telegram.entities import place
from mentorium_sandbox.telegram.errors import ApiError, cannot_parse
from mentorium_sandbox.telegram.links import LinkError, emoji_of, normal_link, time_of, user_of
from mentorium_sandbox.telegram.text import units

Entity = dict[str, Any]
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "link": "TextUrl",
    "emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_MARKS = {
    "*": "bold",
    "__": "underline",
    "_": "italic",
    "~": "strikethrough",
    "||": "spoiler",
    "```": "pre",
    "`": "code",
    "[": "link",
    "![": "emoji",
}
_ENDS = {kind: "]" if mark.endswith("[") else mark for mark, kind in _MARKS.items()}
_TOKEN = re.compile(r"\\[\x01-\x7e]|```|`|__|_|\*|~|\|\||!\[|[\[\]()>#+\-=|{}.!\n]")
_CODE_TOKEN = re.compile(r"\\[\x01-\x7e]|```|`")
_FENCE_LANGUAGE = re.compile(r"([^\s`]+)(?=\s)")
_LINE_BREAK = re.compile(r"\r\n|\n\r|\n|\r")


@dataclass(slots=True)
class _OpenMarkup:
    kind: str
    offset: int
    at: int
    text_from: int
    language: str = ""

    @property
    def name(self) -> str:
        return "PreCode" if self.language else _NAMES[self.kind]


@dataclass(slots=True)
class _Text:
    """What a reader will see, and how long it is in UTF-16 units."""

    source: str
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[Entity] = field(default_factory=list)

    def write(self, piece: str) -> None:
        if piece:
            self.pieces.append(piece)
            self.length += units(piece)

    def mark(self, kind: str, offset: int, **details: Any) -> None:
        if self.length > offset:
            self.entities.append({"type": kind, "offset": offset, "length": self.length - offset, **details})

    def mark_link(self, url: str, offset: int) -> None:
        if (user_id := user_of(url)) is not None:
            self.mark("text_mention", offset, user={"id": user_id})
            return
        try:
            self.mark("text_link", offset, url=normal_link(url))
        except LinkError:
            return  # the server shows such a link as plain text

    def byte(self, position: int) -> int:
        return len(self.source[:position].encode(errors="replace"))

    def result(self) -> tuple[str, list[Entity]]:
        return "".join(self.pieces), sorted(self.entities, key=place)


class _MarkdownV2:
    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        self._text = _Text(source)
        self._open: list[_OpenMarkup] = []
        self._quoted = False
        self._line_begins = True

    def parse(self) -> tuple[str, list[Entity]]:
        while (match := self._next_token()) is not None:
            self._plain(self._source[self._position : match.start()])
            self._position = match.end()
            self._token(match[0], match.start())
        self._plain(self._source[self._position :])
        self._end_of_text()
        return self._text.result()

    def _next_token(self) -> re.Match[str] | None:
        in_code = self._open and self._open[-1].kind in ("code", "pre")
        return (_CODE_TOKEN if in_code else _TOKEN).search(self._source, self._position)

    def _plain(self, piece: str) -> None:
        self._text.write(piece)
        if piece.strip("\r"):
            self._line_begins = False

    def _token(self, token: str, at: int) -> None:
        if token.startswith("\\"):
            self._text.write(token[1])
            self._line_begins = token[1] == "\n" or (token[1] == "\r" and self._line_begins)
        elif token == "\n":
            self._line_break(at)
        elif self._ends(token):
            self._close(token)
        elif token == ">" and self._line_begins:
            self._begin_quote(at)
        elif token in _MARKS:
            self._begin(token, at)
        else:
            raise cannot_parse(f"Character '{token[0]}' is reserved and must be escaped with the preceding '\\'")

    def _ends(self, token: str) -> bool:
        if not self._open:
            return False
        end = _ENDS.get(self._open[-1].kind)
        return token == end or (end == "`" and token == "```")

    def _begin_quote(self, at: int) -> None:
        if not self._quoted:
            self._quoted = True
            self._open.append(_OpenMarkup("blockquote", self._text.length, at, len(self._text.pieces)))

    def _begin(self, mark: str, at: int) -> None:
        opened = _OpenMarkup(_MARKS[mark], self._text.length, at, len(self._text.pieces))
        if opened.kind == "pre":
            if (language := _FENCE_LANGUAGE.match(self._source, self._position)) is not None:
                opened.language = language[1]
                self._position = language.end()
            if (line_break := _LINE_BREAK.match(self._source, self._position)) is not None:
                self._position = line_break.end()
        self._open.append(opened)

    def _close(self, token: str) -> None:
        opened = self._open.pop()
        if opened.kind == "link":
            self._close_link(opened)
        elif opened.kind == "emoji":
            self._close_emoji(opened)
        elif opened.kind == "pre":
            details = {"language": opened.language} if opened.language else {}
            self._text.mark("pre", opened.offset, **details)
        else:
            self._position -= len(token) - len(_ENDS[opened.kind])
            self._text.mark(opened.kind, opened.offset)

    def _close_link(self, opened: _OpenMarkup) -> None:
        url = self._address("a URL") if self._source.startswith("(", self._position) else None
        self._text.mark_link("".join(self._text.pieces[opened.text_from :]) if url is None else url, opened.offset)

    def _close_emoji(self, opened: _OpenMarkup) -> None:
        if not self._source.startswith("(", self._position):
            raise cannot_parse("Custom emoji entity must contain a tg://emoji URL")
        url = self._address("a custom emoji URL")
        if (moment := time_of(url)) is not None:
            shown = {"date_time_format": moment[1]} if moment[1] else {}
            self._text.mark("date_time", opened.offset, unix_time=moment[0], **shown)
        elif (emoji_id := emoji_of(url)) is not None:
            self._text.mark("custom_emoji", opened.offset, custom_emoji_id=str(emoji_id))
        else:
            raise cannot_parse("Custom emoji URL must have scheme tg")

    def _address(self, what: str) -> str:
        """What stands in the round brackets."""
        begin = self._position + 1
        match = re.compile(r"((?:\\[\x01-\x7e]|[^)])*)\)").match(self._source, begin)
        if match is None:
            raise cannot_parse(f"Can't find end of {what} at byte offset {self._text.byte(begin)}")
        self._position = match.end()
        return re.sub(r"\\([\x01-\x7e])", r"\1", match[1])

    def _line_break(self, at: int) -> None:
        if self._quoted and not self._source.startswith(">", self._position):
            self._close_quote(at)
        else:
            self._text.write("\n")
        self._line_begins = True

    def _close_quote(self, at: int) -> None:
        kind = self._quote_kind(at)
        if self._open[-1].kind != "blockquote":
            raise self._missing_end()
        self._quoted = False
        self._text.write("\n")
        self._text.mark(kind, self._open.pop().offset)

    def _quote_kind(self, end: int) -> str:
        """A spoiler that begins just at the end of a quote makes the quote an expandable one."""
        last = self._open[-1]
        if last.kind == "spoiler" and self._source[last.at : end].rstrip("\r") == "||":
            self._open.pop()
            return "expandable_blockquote"
        return "blockquote"

    def _end_of_text(self) -> None:
        if self._quoted:
            kind = self._quote_kind(len(self._source))
            if self._open[-1].kind == "blockquote":
                self._text.mark(kind, self._open.pop().offset)
        if self._open:
            raise self._missing_end()

    def _missing_end(self) -> ApiError:
        opened = self._open[-1]
        return cannot_parse(f"Can't find end of {opened.name} entity at byte offset {self._text.byte(opened.at)}")


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """The visible text and its entities, outer ones first. Raises ApiError 400 as the server does."""
    return _MarkdownV2(source).parse()


_LEGACY_TOKEN = re.compile(r"\\[_*`\[]|[_*`\[]")
_LEGACY_STYLES = {"_": "italic", "*": "bold", "`": "code"}


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """The same for legacy Markdown, which knows no nesting."""
    text, position = _Text(source), 0
    while (match := _LEGACY_TOKEN.search(source, position)) is not None:
        text.write(source[position : match.start()])
        if match[0].startswith("\\"):
            text.write(match[0][1])
            position = match.end()
        elif match[0] == "[":
            position = _legacy_link(text, match.start())
        else:
            position = _legacy_style(text, match.start(), match[0])
    text.write(source[position:])
    return text.result()


def _legacy_style(text: _Text, at: int, mark: str) -> int:
    """Write the entity that begins here; returns where the text goes on."""
    source, offset = text.source, text.length
    if not source.startswith("```", at):
        end = _legacy_end(text, mark, at + 1, at)
        text.write(source[at + 1 : end])
        text.mark(_LEGACY_STYLES[mark], offset)
        return end + 1
    begin, details = at + 3, {}
    if (language := _FENCE_LANGUAGE.match(source, begin)) is not None:
        details, begin = {"language": language[1]}, language.end()
    if (line_break := _LINE_BREAK.match(source, begin)) is not None:
        begin = line_break.end()
    end = _legacy_end(text, "```", begin, at)
    text.write(source[begin:end])
    text.mark("pre", offset, **details)
    return end + 3


def _legacy_link(text: _Text, at: int) -> int:
    source, offset = text.source, text.length
    end = _legacy_end(text, "]", at + 1, at)
    shown = source[at + 1 : end]
    text.write(shown)
    if not source.startswith("(", end + 1):
        text.mark_link(shown, offset)
        return end + 1
    url, bracket, _ = source[end + 2 :].partition(")")
    text.mark_link(url, offset)
    return end + 2 + len(url) + len(bracket)


def _legacy_end(text: _Text, mark: str, begin: int, at: int) -> int:
    end = text.source.find(mark, begin)
    if end < 0:
        raise cannot_parse(f"Can't find end of the entity starting at byte offset {text.byte(at)}")
    return end
