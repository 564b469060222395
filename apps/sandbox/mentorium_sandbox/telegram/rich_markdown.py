"""GitHub's Markdown of a rich message, as far as this sandbox shows it: blocks with formatted text."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]
_INLINE = re.compile(
    r"""
      \\(?P<plain>[!-/:-@\[-`{-~])
    | `(?P<code>[^`]+)`
    | \*\*(?P<bold>.+?)\*\*
    | ~~(?P<strikethrough>.+?)~~
    | \|\|(?P<spoiler>.+?)\|\|
    | \*(?P<italic>[^\s*](?:.*?[^\s*])?)\*
    | (?<!\w)_(?P<slanted>[^\s_](?:.*?[^\s_])?)_(?!\w)
    | \[(?P<label>[^\]]+)\]\((?P<url>[^)\s]+)\)
    """,
    re.VERBOSE | re.DOTALL,
)
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_ITEM = re.compile(r"\s*([-*+•]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)")
_DIVIDER = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*")
_TABLE_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|?)+\s*")


def markdown_blocks(source: str) -> list[Json]:
    """The blocks of a rich message. Nothing is refused: what is no markup is text."""
    blocks: list[Json] = []
    lines = source.replace("\r\n", "\n").split("\n")
    while lines:
        block = _next_block(lines)
        if block is not None:
            blocks.append(block)
    return blocks


def inline(source: str) -> Any:
    """Formatted text: a string, or a list of strings and formatted parts."""
    parts: list[Any] = []
    position = 0
    for match in _INLINE.finditer(source):
        parts.append(source[position : match.start()])
        parts.append(_formatted(match))
        position = match.end()
    parts = [part for part in [*parts, source[position:]] if part]
    return parts[0] if len(parts) == 1 else parts or ""


def _formatted(match: re.Match[str]) -> Any:
    if match["plain"]:
        return match["plain"]
    if match["code"]:
        return {"type": "code", "text": match["code"]}
    if match["url"]:
        return {"type": "url", "text": inline(match["label"]), "url": match["url"]}
    kind = "italic" if match["slanted"] else str(match.lastgroup)
    return {"type": kind, "text": inline(match["slanted"] or match[kind])}


def _next_block(lines: list[str]) -> Json | None:
    line = lines[0]
    if not line.strip():
        lines.pop(0)
        return None
    if line.lstrip().startswith("```"):
        return _fence(lines)
    if heading := _HEADING.fullmatch(line.strip()):
        lines.pop(0)
        return {"type": "heading", "size": len(heading[1]), "text": inline(heading[2])}
    if _DIVIDER.fullmatch(line):
        lines.pop(0)
        return {"type": "divider"}
    if line.startswith(">"):
        quoted = "\n".join(taken.removeprefix(">").removeprefix(" ") for taken in _take(lines, _is_quote))
        return {"type": "blockquote", "blocks": markdown_blocks(quoted)}
    if _ITEM.fullmatch(line):
        return {"type": "list", "items": [_item(taken) for taken in _take(lines, _ITEM.fullmatch)]}
    if len(lines) > 1 and "|" in line and "|" in lines[1] and _TABLE_RULE.fullmatch(lines[1]):
        return _table(_take(lines, lambda taken: "|" in taken))
    return {"type": "paragraph", "text": inline("\n".join(_take(lines, _is_paragraph)))}


def _take(lines: list[str], belongs: Any) -> list[str]:
    """The first line and those after it that belong to it."""
    taken = [lines.pop(0)]
    while lines and belongs(lines[0]):
        taken.append(lines.pop(0))
    return taken


def _is_quote(line: str) -> bool:
    return line.startswith(">")


def _is_paragraph(line: str) -> bool:
    begins_another = line.startswith((">", "```", "#")) or _ITEM.fullmatch(line) or _DIVIDER.fullmatch(line)
    return bool(line.strip()) and not begins_another


def _fence(lines: list[str]) -> Json:
    language = lines.pop(0).strip().strip("`").strip()
    inside = []
    while lines and not lines[0].lstrip().startswith("```"):
        inside.append(lines.pop(0))
    del lines[:1]
    return {"type": "pre", "text": "\n".join(inside), **({"language": language} if language else {})}


def _item(line: str) -> Json:
    match = _ITEM.fullmatch(line)
    mark, box, text = match.groups() if match is not None else ("-", None, line)
    label = mark if mark[0].isdigit() else "•"
    checkbox = {} if box is None else {"has_checkbox": True, **({"is_checked": True} if box != " " else {})}
    return {"label": label, "blocks": [{"type": "paragraph", "text": inline(text)}], **checkbox}


def _table(lines: list[str]) -> Json:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in [lines[0], *lines[2:]]]
    return {"type": "table", "cells": [[_cell(text, number == 0) for text in row] for number, row in enumerate(rows)]}


def _cell(text: str, is_header: bool) -> Json:
    header = {"is_header": True} if is_header else {}
    return {"align": "left", "valign": "top", "text": inline(text), **header}
