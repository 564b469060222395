"""Where a long text may be cut: at paragraph borders, never inside a block of code that fits one message itself.

All positions are UTF-16 units, as Telegram counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from aiogram.types import MessageEntity

_PARAGRAPH, _LINE, _WORD = re.compile(r"\n{2,}"), re.compile(r"\n"), re.compile(r"\s")
MOST_ENTITIES: Final = 100
"""In one message (https://limits.tginfo.me)."""
_FORMATTED, _CODE = 1, 2
_LOW_SURROGATES: Final = range(0xDC00, 0xE000)


@dataclass(frozen=True, slots=True)
class MessagePart:
    """What fits one message."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


def split(text: str, entities: Sequence[MessageEntity], limit: int) -> list[MessagePart]:
    """The text in parts of at most `limit` units and a hundred entities; Telegram drops what is more.

    Each part keeps its share of the entities. Blank parts are left out.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    end = len(units) // 2
    cuts = _Cuts.of(text, units, entities) if end > limit or len(entities) > MOST_ENTITIES else None
    parts, start = [], 0
    while start < end:
        latest = min(start + limit, _begin_of_one_too_many(entities, start, end))
        stop = end if cuts is None or end <= latest else cuts.best(start, latest)
        parts.append(_cut(units, entities, start, stop))
        start = stop
    return [part for part in parts if part.text]


def _begin_of_one_too_many(entities: Iterable[MessageEntity], start: int, end: int) -> int:
    """Where a part that begins at `start` has to end at the latest for the sake of its entities."""
    begins = sorted(max(entity.offset, start) for entity in entities if entity.offset + entity.length > start)
    return max(begins[MOST_ENTITIES], start + 1) if len(begins) > MOST_ENTITIES else end


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Places to cut, in order of liking: each list is sorted; `floor` says how full the part has to be for it."""

    units: bytes
    places: tuple[tuple[float, list[int]], ...]

    @classmethod
    def of(cls, text: str, units: bytes, entities: Sequence[MessageEntity]) -> _Cuts:
        offsets = list(accumulate((2 if char > "\uffff" else 1 for char in text), initial=0))
        titles = _ends_of_titles(units, entities)
        paragraphs, lines, words = (
            [offsets[found.end()] for found in border.finditer(text) if offsets[found.start()] not in titles]
            for border in (_PARAGRAPH, _LINE, _WORD)
        )
        inside = _inside(entities, len(units) // 2)
        free = [[place for place in border if not inside[place]] for border in (paragraphs, lines, words)]
        in_format = [[place for place in border if inside[place] < _CODE] for border in (lines, words)]
        return cls(
            units,
            (
                (0.5, free[0]),
                (0.5, free[1]),
                (0.0, free[0]),
                (0.0, free[1]),
                (0.0, free[2]),
                (0.0, in_format[0]),
                (0.0, in_format[1]),
                (0.0, lines),
            ),
        )

    def best(self, start: int, latest: int) -> int:
        """The best place after `start` and not after `latest`."""
        for floor, places in self.places:
            before = bisect_right(places, latest)
            if before and places[before - 1] > start + floor * (latest - start):
                return places[before - 1]
        return latest - 1 if self._in_a_pair(latest) else latest

    def _in_a_pair(self, place: int) -> bool:
        return int.from_bytes(self.units[2 * place : 2 * place + 2], "little") in _LOW_SURROGATES


def _ends_of_titles(units: bytes, entities: Iterable[MessageEntity]) -> set[int]:
    """Where bold lines end: what they announce stays with them."""
    return {
        entity.offset + entity.length
        for entity in entities
        if entity.type == "bold"
        and units[2 * entity.offset - 2 : 2 * entity.offset].decode("utf-16-le", "ignore") in "\n"
    }


def _inside(entities: Iterable[MessageEntity], length: int) -> bytearray:
    """For each place whether it lies within an entity, and within code."""
    inside = bytearray(length + 1)
    for entity in sorted(entities, key=lambda entity: entity.type == "pre"):
        mark = _CODE if entity.type == "pre" else _FORMATTED
        first, last = entity.offset + 1, min(entity.offset + entity.length, length)
        inside[first:last] = bytes([mark]) * max(last - first, 0)
    return inside


def _cut(units: bytes, entities: Iterable[MessageEntity], start: int, stop: int) -> MessagePart:
    """This stretch without blank lines around it."""
    text = units[2 * start : 2 * stop].decode("utf-16-le", "replace")
    start += len(text) - len(text.lstrip("\n"))
    text = text.strip("\n").rstrip()
    stop = start + len(text.encode("utf-16-le")) // 2
    shares = ((entity, max(entity.offset, start), min(entity.offset + entity.length, stop)) for entity in entities)
    return MessagePart(
        text,
        tuple(
            entity.model_copy(update={"offset": first - start, "length": last - first})
            for entity, first, last in shares
            if first < last
        ),
    )
