"""Rich messages: from Markdown, HTML or ready blocks of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.keyboards import markup
from mentorium_sandbox.telegram.nested_fields import Fields
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.rich_html import html_blocks
from mentorium_sandbox.telegram.rich_markdown import markdown_blocks
from mentorium_sandbox.telegram.rich_text import plain_text

Json = dict[str, Any]
_MOST_CHARACTERS = 32_768
_MOST_BLOCKS = 500
_MOST_LEVELS = 16
_MOST_COLUMNS = 20
_SOURCES: dict[str, Callable[[str], list[Json]]] = {"markdown": markdown_blocks, "html": html_blocks}
_TEXTS = frozenset({"paragraph", "heading", "pre", "footer", "pullquote", "thinking"})
_NESTING = frozenset({"blockquote", "expandable_blockquote", "details"})


def send_rich_message(call: Call) -> Json:
    rich, keyboard = rich_message(call.parameters), markup(call.parameters)
    return call.send(call.open_chat(), {"rich_message": rich}, keyboard)


def send_rich_message_draft(call: Call) -> bool:
    rich = rich_message(call.parameters, in_draft=True)
    call.open_chat().show_draft(
        draft_id(call.parameters),
        plain_text(rich["blocks"]),
        [],
        can_stop=call.parameters.flag("can_stop"),
        keep_on_stop=call.parameters.flag("keep_on_stop"),
        rich_message=rich,
    )
    return True


def draft_id(parameters: Parameters) -> int:
    """Raises ApiError 400 for zero."""
    number = parameters.integer("draft_id")
    if number == 0:
        raise bad_request("draft_id must be non-zero")
    return number


def rich_message(parameters: Parameters, *, in_draft: bool = False) -> Json:
    """The parameter `rich_message` as it stands in a message. Raises ApiError 400."""
    fields = Fields.of(parameters.structure("rich_message"), "", "object expected as rich message")
    given = [key for key in ("markdown", "html", "blocks") if fields.has(key)]
    if len(given) != 1:
        raise bad_request("exactly one of markdown, html and blocks must be specified in the rich message")
    if fields.has("media") and fields.array("media"):
        raise bad_request("not in the sandbox: media of rich messages")
    source = given[0]
    if source == "blocks":
        blocks = [_block(block, in_draft=in_draft, level=1) for block in fields.array("blocks")]
    else:
        blocks = _SOURCES[source](fields.text(source))
    _check_size(blocks)
    return {"blocks": blocks, **({"is_rtl": True} if fields.flag("is_rtl") else {})}


def _block(given: Any, *, in_draft: bool, level: int) -> Json:
    fields = Fields.of(given, "can't parse rich block: ", "expected an Object")
    kind = fields.text("type")
    if level > _MOST_LEVELS:
        raise fields.complaint("too many nested blocks")
    if kind == "thinking" and not in_draft:
        raise fields.complaint("thinking blocks are allowed in drafts only")
    if kind in _TEXTS:
        _checked_text(fields, "text")
        size = {"size": fields.integer("size")} if kind == "heading" else {}
        return {**fields.values, **size}
    if kind == "divider":
        return {"type": kind}
    if kind in _NESTING:
        inner = [_block(block, in_draft=in_draft, level=level + 1) for block in fields.array("blocks")]
        return {
            **fields.values,
            "blocks": inner,
            **({"summary": _checked_text(fields, "summary")} if kind == "details" else {}),
        }
    if kind == "list":
        return {"type": kind, "items": [_item(item, in_draft, level) for item in fields.array("items")]}
    if kind == "table":
        return {**fields.values, "cells": [_row(row, fields) for row in fields.array("cells")]}
    raise bad_request(f"not in the sandbox: rich block {kind}")


def _item(given: Any, in_draft: bool, level: int) -> Json:
    fields = Fields.of(given, "can't parse rich list item: ", "expected an Object")
    label = f"{fields.integer('value')}." if fields.has("value") else "•"
    inner = [_block(block, in_draft=in_draft, level=level + 1) for block in fields.array("blocks")]
    return {**fields.values, "label": label, "blocks": inner}


def _row(given: Any, table: Fields) -> list[Json]:
    if not isinstance(given, list) or len(given) > _MOST_COLUMNS:
        raise table.complaint(f"a row of a table must be an Array of at most {_MOST_COLUMNS} cells")
    cells = [Fields.of(cell, table.where, "a cell of a table must be an Object") for cell in given]
    return [
        {"align": "left", "valign": "top", **cell.values, "text": _checked_text(cell, "text", "")} for cell in cells
    ]


def _checked_text(fields: Fields, key: str, default: str | None = None) -> Any:
    """Formatted text: a string, a list or an object with text inside."""
    value = fields.values.get(key, default)
    if not _is_rich_text(value):
        raise fields.complaint(f'Field "{key}" must be of type RichText')
    return value


def _is_rich_text(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_rich_text(part) for part in value)
    if isinstance(value, dict):
        return isinstance(value.get("type"), str) and ("text" not in value or _is_rich_text(value["text"]))
    return isinstance(value, str)


def _check_size(blocks: list[Json]) -> None:
    if not (plain := plain_text(blocks)).strip():
        raise bad_request("message text is empty")
    if len(plain) > _MOST_CHARACTERS or sum(1 for _ in _all_blocks(blocks)) > _MOST_BLOCKS:
        raise bad_request("message is too long")


def _all_blocks(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from _all_blocks(block.get("blocks", []))
        for item in block.get("items", []):
            yield from _all_blocks(item["blocks"])


METHODS: dict[str, Callable[[Call], Any]] = {
    "sendRichMessage": send_rich_message,
    "sendRichMessageDraft": send_rich_message_draft,
}
