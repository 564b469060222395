"""A text parameter with its parse mode or explicit entities, made into what a reader sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mentorium_sandbox.telegram.entities import Entity, completed
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.html import parse_html
from mentorium_sandbox.telegram.links import LinkError, normal_link
from mentorium_sandbox.telegram.markdown import parse_markdown, parse_markdown_v2
from mentorium_sandbox.telegram.nested_fields import Fields, listed
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.text import CAPTION_LIMIT, MESSAGE_LIMIT, units

_MOST_BYTES = 32 * 1024
_PARSERS: dict[str, Callable[[str], tuple[str, list[Entity]]]] = {
    "html": parse_html,
    "markdown": parse_markdown,
    "markdownv2": parse_markdown_v2,
}
_PLAIN_NAMES = "bold italic underline strikethrough spoiler code blockquote expandable_blockquote"
_PLAIN = frozenset(_PLAIN_NAMES.split())
_FOUND_NAMES = "mention hashtag cashtag bot_command url email phone_number bank_card_number"
_FOUND_BY_ITSELF = frozenset(_FOUND_NAMES.split())


@dataclass(frozen=True, slots=True)
class FormattedText:
    text: str
    entities: list[Entity] = field(default_factory=list)

    def fields(self, text_key: str = "text", entities_key: str = "entities") -> dict[str, Any]:
        """As it stands in a message; nothing at all for an empty text."""
        if not self.text:
            return {}
        entities = {entities_key: self.entities} if self.entities else {}
        return {text_key: self.text, **entities}


def message_text(parameters: Parameters, *, may_be_empty: bool = False) -> FormattedText:
    """The parameter `text`. Raises ApiError 400: empty, too long after parsing, cannot be parsed."""
    if not parameters.text("text") and not may_be_empty:
        raise bad_request("message text is empty")
    formatted = formatted_parameter(parameters, "text", "entities")
    if not formatted.text and not may_be_empty:
        raise bad_request("text must be non-empty")
    if units(formatted.text) > MESSAGE_LIMIT:
        raise bad_request("message is too long")
    return formatted


def caption(parameters: Parameters) -> FormattedText:
    """The parameter `caption`. Raises ApiError 400: too long after parsing, cannot be parsed."""
    formatted = formatted_parameter(parameters, "caption", "caption_entities")
    if units(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return formatted


def formatted_parameter(
    parameters: Parameters, text_key: str, entities_key: str, mode_key: str = "parse_mode"
) -> FormattedText:
    """A text with its formatting. Raises ApiError 400."""
    text, mode = parameters.text(text_key), parameters.text(mode_key).lower()
    if len(text.encode()) > _MOST_BYTES:
        raise bad_request("text is too long")
    if text and mode and mode != "none":
        parse = _PARSERS.get(mode)
        if parse is None:
            raise bad_request("unsupported parse_mode")
        text, entities = parse(text)
    else:
        entities = _explicit(parameters.structure(entities_key))
    return FormattedText(*completed(text, entities))


def _explicit(given: Any) -> list[Entity]:
    checked = (_entity(entity) for entity in listed(given)) if isinstance(given, list) else ()
    return [entity for entity in checked if entity is not None]


def _entity(given: Any) -> Entity | None:
    """Checked; None for a kind that the server finds by itself."""
    fields = Fields.of(given, "can't parse MessageEntity: ", "expected an Object")
    span: Entity = {"offset": fields.integer("offset"), "length": fields.integer("length")}
    kind = fields.text("type")
    if kind in _PLAIN:
        return {"type": kind, **span}
    if kind == "pre":
        language = fields.optional_text("language")
        return {"type": kind, **span, **({"language": language} if language else {})}
    if kind == "text_link":
        return _link(fields.text("url"), span)
    if kind == "text_mention":
        return {"type": kind, **span, "user": {"id": fields.object("user").integer("id")}}
    if kind == "custom_emoji":
        return {"type": kind, **span, "custom_emoji_id": str(fields.integer("custom_emoji_id"))}
    if kind == "date_time":
        shown = fields.optional_text("date_time_format")
        return {
            "type": kind,
            **span,
            "unix_time": fields.integer("unix_time"),
            **({"date_time_format": shown} if shown else {}),
        }
    if kind in _FOUND_BY_ITSELF:
        return None
    raise fields.complaint("Unsupported type specified")


def _link(url: str, span: Entity) -> Entity | None:
    try:
        return {"type": "text_link", **span, "url": normal_link(url)}
    except LinkError:
        return None
