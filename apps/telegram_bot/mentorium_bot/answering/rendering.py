"""The model's Markdown as Telegram shows it: plain text and entities, in parts that fit a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aiogram.types import MessageEntity
from telegramify_markdown import RenderConfig, convert

from mentorium_bot.answering.unclickable import unclickable
from mentorium_bot.splitting import MessagePart, split
from mentorium_core.i18n import utf16_length

MESSAGE_LIMIT: Final = 4096
"""In UTF-16 units, as Telegram counts."""
LONGEST_IN_MESSAGES: Final = 12_000
"""In UTF-16 units: a longer answer is easier to read as a file."""

_CODE: Final = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)
_SIGNS: Final = (
    (re.compile(r"(?<=\d)(\s?)\*{2}(?=\s?\d)"), r"\1\\*\\*"),  # a power
    (re.compile(r"(?<=[^\W_])\*(?=[^\W_])"), r"\\*"),  # a product
    (re.compile(r"(?<!\w)__([a-z]+)__(?!\w)"), r"\\_\\_\1\\_\\_"),  # a name of Python's
    (re.compile(r"(\*\*[^*\n]+[:.!?,])\*\*(?=[^\W_])"), r"\1** "),  # else its stars would be seen
)


@dataclass(frozen=True, slots=True)
class FinalAnswer:
    """What is left of an answer in the chat: its messages, and the whole of it where it is too long for them."""

    parts: list[MessagePart]
    whole: str | None = None


def render(markdown: str) -> list[MessagePart]:
    """The parts of an answer, split at paragraph borders; half-written Markdown is fine. Blank text has no part."""
    text, found = convert(_with_signs(markdown), config=_CONFIG)
    entities = [MessageEntity.model_validate(entity.to_dict()) for entity in found]
    return split(text, unclickable(text, entities), MESSAGE_LIMIT)


def final_answer(markdown: str) -> FinalAnswer:
    """All of an answer as messages; of a very long one the beginning, beside the whole."""
    parts = render(markdown)
    if sum(utf16_length(part.text) for part in parts) <= LONGEST_IN_MESSAGES:
        return FinalAnswer(parts)
    return FinalAnswer(parts[:1], "\n\n".join(part.text for part in parts))


def _with_signs(markdown: str) -> str:
    """Signs of multiplication as signs: within a word or between figures a star emphasises nothing. Code stays."""
    pieces = _CODE.split(markdown)
    for pattern, replacement in _SIGNS:
        pieces[::2] = [pattern.sub(replacement, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _plain_config() -> RenderConfig:
    """Headings are bold lines without the library's own emoji."""
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    symbols.heading_level_1 = symbols.heading_level_2 = symbols.heading_level_3 = symbols.heading_level_4 = ""
    symbols.unordered_list_item = "•"
    return config


_CONFIG: Final = _plain_config()
