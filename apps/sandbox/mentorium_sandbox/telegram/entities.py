"""Formatting entities brought into the one form in which the server keeps them.

Entities of one style that touch are one; code holds no other style; links, mentions and quotes do not cut each other;
a style is cut where a link, a quote or another style begins.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.text import find_entities, units

Entity = dict[str, Any]
_STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
_CODE = frozenset({"code", "pre"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_OUTER_FIRST = {
    **dict.fromkeys(_QUOTES, 0),
    "pre": 10,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    **{style: 90 + place for place, style in enumerate(_STYLES)},
    "custom_emoji": 99,
}
_CONTROLS = re.compile("[\x00-\x08\t\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_LARGEST = 1_000_000


def place(entity: Entity) -> tuple[int, int, int]:
    """For sorting: by beginning, the outer one first."""
    return entity["offset"], -entity["length"], _OUTER_FIRST.get(entity["type"], 50)


def completed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Text and entities as a reader gets them: cleaned, trimmed, with what the server finds by itself.

    Raises ApiError 400 for entities outside the text or in the middle of a symbol.
    """
    _check_bounds(text, entities)
    text, entities = _cleaned(text, sorted((e for e in entities if e["length"] > 0), key=place))
    text, entities = _trimmed(text, entities)
    return text, arranged(entities, find_entities(text))


def arranged(entities: Iterable[Entity], found: Iterable[Entity] = ()) -> list[Entity]:
    """The form described above; `found` gives way to what the author has marked."""
    ordered = sorted(entities, key=place)
    quotes = _apart(e for e in ordered if e["type"] in _QUOTES)
    firm = _apart(e for e in ordered if e["type"] not in _QUOTES and e["type"] not in _STYLES)
    firm = [entity for entity in firm if not _crosses(entity, quotes)]
    firm += [e for e in found if not _touches_any(e, firm) and not _crosses(e, quotes)]
    styles = [entity for entity in ordered if entity["type"] in _STYLES]
    return sorted([*quotes, *firm, *_pieces(styles, [*quotes, *firm])], key=place)


def _end(entity: Entity) -> int:
    return int(entity["offset"] + entity["length"])


def _apart(ordered: Iterable[Entity]) -> list[Entity]:
    """Each entity that does not begin within the one kept before it."""
    kept: list[Entity] = []
    for entity in ordered:
        if not kept or entity["offset"] >= _end(kept[-1]):
            kept.append(entity)
    return kept


def _crosses(entity: Entity, quotes: list[Entity]) -> bool:
    """Part of it stands inside a quote and part outside, or a quote stands inside of it."""
    start, end = entity["offset"], _end(entity)
    return any(
        start < _end(quote) and quote["offset"] < end and not (quote["offset"] <= start and end <= _end(quote))
        for quote in quotes
    )


def _touches_any(entity: Entity, others: list[Entity]) -> bool:
    return any(entity["offset"] < _end(other) and other["offset"] < _end(entity) for other in others)


def _pieces(styles: list[Entity], others: list[Entity]) -> list[Entity]:
    """Each style joined where it touches itself, then cut where something else begins or ends."""
    if not styles:
        return []
    spans = [span for style in _STYLES for span in _joined([e for e in styles if e["type"] == style])]
    edges = {edge for other in others for edge in (other["offset"], _end(other))}
    cuts = sorted(edges | {span["offset"] for span in spans})
    code = [entity for entity in others if entity["type"] in _CODE]
    return [piece for span in spans for piece in _cut(span, cuts) if not _touches_any(piece, code)]


def _joined(same_style: list[Entity]) -> list[Entity]:
    joined: list[Entity] = []
    for entity in same_style:
        if joined and entity["offset"] <= _end(joined[-1]):
            joined[-1] = {**joined[-1], "length": max(_end(joined[-1]), _end(entity)) - joined[-1]["offset"]}
        else:
            joined.append(entity)
    return joined


def _cut(span: Entity, cuts: list[int]) -> list[Entity]:
    inner = [cut for cut in cuts if span["offset"] < cut < _end(span)]
    edges = [span["offset"], *inner, _end(span)]
    return [{**span, "offset": start, "length": end - start} for start, end in pairwise(edges)]


def _check_bounds(text: str, entities: list[Entity]) -> None:
    if not entities:
        return
    length, halves = units(text), _half_symbols(text)
    for entity in entities:
        for key in ("offset", "length"):
            if not 0 <= entity[key] <= _LARGEST:
                raise bad_request(f"receive an entity with incorrect {key} {entity[key]}")
        if entity["length"]:
            _check_edges(entity, length, halves)


def _check_edges(entity: Entity, length: int, halves: dict[int, int]) -> None:
    start, end = entity["offset"], _end(entity)
    if start in halves:
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {halves[start]}")
    if start > length:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {start}")
    if end in halves:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol "
            f"at byte offset {halves[end]}"
        )
    if end > length:
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
        )


def _half_symbols(text: str) -> dict[int, int]:
    """UTF-16 offsets in the middle of a symbol, each with the byte offset of the next symbol."""
    halves, unit, byte = {}, 0, 0
    if text.isascii():
        return {}
    for character in text:
        byte += len(character.encode())
        unit += 1
        if character > "\uffff":
            halves[unit] = byte
            unit += 1
    return halves


def _cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without the characters that the server does not keep; all of them are one unit long."""
    text = _CONTROLS.sub(" ", text)
    if not _REMOVED.search(text):
        return text, entities
    removed = [units(text[: match.start()]) for match in _REMOVED.finditer(text)]
    moved = []
    for entity in entities:
        start = entity["offset"] - bisect_left(removed, entity["offset"])
        length = _end(entity) - bisect_left(removed, _end(entity)) - start
        if length > 0:
            moved.append({**entity, "offset": start, "length": length})
    return _REMOVED.sub("", text), moved


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Blanks fall away at the end, and at the beginning as far as no entity covers them."""
    text = text.rstrip(" \n")
    end = units(text)
    blanks = len(text) - len(text.lstrip(" \n"))
    lead = min([blanks, *(entity["offset"] for entity in entities)])
    kept = [
        {**entity, "offset": entity["offset"] - lead, "length": min(_end(entity), end) - entity["offset"]}
        for entity in entities
        if entity["offset"] < end
    ]
    return text[lead:], kept
