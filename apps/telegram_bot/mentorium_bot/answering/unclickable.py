"""Nothing in an answer leads anywhere: what Telegram would make a link of by itself stands as code, which has none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from aiogram.types import MessageEntity

from mentorium_core.guard.links import clickable_spans
from mentorium_core.i18n import utf16_length

_CODE: Final = frozenset({"code", "pre"})
_LEADING: Final = frozenset({"text_link", "text_mention"})


def unclickable(text: str, entities: Sequence[MessageEntity]) -> list[MessageEntity]:
    """The entities without links, and with code where a link would come of itself. The text stays as it is."""
    kept = [entity for entity in entities if entity.type not in _LEADING]
    code = [(entity.offset, entity.offset + entity.length) for entity in kept if entity.type in _CODE]
    found = [
        MessageEntity(type="code", offset=offset, length=utf16_length(text[start:end]))
        for start, end in _merged(clickable_spans(text))
        if not _touches((offset := utf16_length(text[:start])), offset + utf16_length(text[start:end]), code)
    ]
    return sorted([*kept, *found], key=lambda entity: (entity.offset, -entity.length)) if found else kept


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _touches(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)
