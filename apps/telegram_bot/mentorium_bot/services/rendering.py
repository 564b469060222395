"""The model's Markdown as Telegram shows it: plain text and entities, in parts that fit a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aiogram.types import MessageEntity
from telegramify_markdown import RenderConfig, convert, split_entities

MESSAGE_LIMIT: Final = 4096
"""In UTF-16 units, as Telegram counts."""


@dataclass(frozen=True, slots=True)
class Part:
    """What fits one message."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


def render(markdown: str) -> list[Part]:
    """The parts of an answer, split at line ends; half-written Markdown is fine. Blank text has no part."""
    text, entities = convert(markdown, config=_CONFIG)
    return [
        Part(chunk, tuple(MessageEntity.model_validate(entity.to_dict()) for entity in inside))
        for chunk, inside in split_entities(text.strip(), entities, MESSAGE_LIMIT)
    ]


def _plain_config() -> RenderConfig:
    """Headings are bold lines without the library's own emoji."""
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    symbols.heading_level_1 = symbols.heading_level_2 = symbols.heading_level_3 = symbols.heading_level_4 = ""
    symbols.unordered_list_item = "•"
    return config


_CONFIG: Final = _plain_config()
