"""A text parameter with its parse mode or explicit entities, made into what a reader sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mentorium_sandbox.telegram.errors import bad_request, cannot_parse
from mentorium_sandbox.telegram.html import parse_html
from mentorium_sandbox.telegram.markdown import parse_markdown, parse_markdown_v2
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.text import CAPTION_LIMIT, MESSAGE_LIMIT, find_entities, units

Entity = dict[str, Any]
_FIELDS = ("url", "language", "custom_emoji_id", "unix_time", "date_time_format")
_NAMES = (
    "mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler blockquote "
    "expandable_blockquote code pre text_link text_mention custom_emoji date_time"
)
_TYPES = frozenset(_NAMES.split())


@dataclass(frozen=True, slots=True)
class FormattedText:
    text: str
    entities: list[Entity] = field(default_factory=list)


def message_text(parameters: Parameters, *, may_be_empty: bool = False) -> FormattedText:
    """The parameter `text`. Raises ApiError 400: empty, too long after parsing, cannot be parsed."""
    formatted = _formatted(parameters, "text", "entities")
    if not formatted.text and not may_be_empty:
        raise bad_request("message text is empty")
    if units(formatted.text) > MESSAGE_LIMIT:
        raise bad_request("message is too long")
    return formatted


def caption(parameters: Parameters) -> FormattedText:
    """The parameter `caption`. Raises ApiError 400: too long after parsing, cannot be parsed."""
    formatted = _formatted(parameters, "caption", "caption_entities")
    if units(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return formatted


def _formatted(parameters: Parameters, text_key: str, entities_key: str) -> FormattedText:
    text = parameters.text(text_key).replace("\r", "")
    mode = parameters.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(text)
    elif mode == "markdownv2":
        text, entities = parse_markdown_v2(text)
    elif mode == "markdown":
        text, entities = parse_markdown(text)
    elif mode and mode != "none":
        raise bad_request("unsupported parse_mode")
    else:
        entities = _explicit(parameters.structure(entities_key))
    text, entities = _trimmed(text, entities)
    return FormattedText(text, _with_found(text, entities))


def _explicit(given: Any) -> list[Entity]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise cannot_parse("expected an Array of MessageEntity")
    return sorted((_checked(entity) for entity in given), key=lambda entity: (entity["offset"], -entity["length"]))


def _checked(entity: Any) -> Entity:
    if not isinstance(entity, dict):
        raise cannot_parse("expected an Object as MessageEntity")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise cannot_parse("MessageEntity offset and length must be of type Number")
    if str(entity.get("type")) not in _TYPES:
        raise cannot_parse("MessageEntity has an unsupported type")
    if entity["type"] == "text_link" and not isinstance(entity.get("url"), str):
        raise cannot_parse("MessageEntity of type text_link has no url")
    if offset < 0 or length < 0:
        raise bad_request("ENTITY_BOUNDS_INVALID")
    chosen = {key: entity[key] for key in _FIELDS if key in entity}
    return {"type": entity["type"], "offset": offset, "length": length, **chosen}


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Blanks at both ends fall away; what stood on them is cut."""
    lead = units(text[: len(text) - len(text.lstrip())])
    stripped = text.strip()
    end = units(stripped)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        length = min(entity["offset"] + entity["length"] - lead, end) - start
        if length > 0:
            kept.append({**entity, "offset": start, "length": length})
    return stripped, kept


def _with_found(text: str, entities: list[Entity]) -> list[Entity]:
    closed = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in ("code", "pre", "text_link")]
    found = [
        entity
        for entity in find_entities(text)
        if not any(entity["offset"] < end and start < entity["offset"] + entity["length"] for start, end in closed)
    ]
    if not found:
        return entities
    return sorted([*entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))
