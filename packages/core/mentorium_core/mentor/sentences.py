"""Whole sentences out of a text that is still being written: only what is whole can be checked, and then shown."""

from __future__ import annotations

import re
from typing import Final

LONGEST_SENTENCE: Final = 300
"""In characters: a text without an end is checked and shown in pieces of so many."""

_CLOSERS: Final = "\"'»”’)\\]*_~`"
CLOSING: Final = frozenset(".!?…\"'»”’)]*_~`")
"""What a sentence may end with."""
_MAY_END: Final = re.compile(rf"([.!?…。؟]+)[{_CLOSERS}]*\s+|\n\s*")
_SILENT_END: Final = re.compile(rf"(?:[^\W\d]{{2}}|[%⟧])[{_CLOSERS}]*([.!?…]+)[{_CLOSERS}]*$")
_BETWEEN_WORDS: Final = re.compile(r"(?<=[^\W\d]{2})[,;]?\s+(?=[^\W\d]{2})")
_LAST_WORD: Final = re.compile(r"[\w.]*$")
_ABBREVIATIONS: Final = frozenset(
    {"гг", "мин", "сек", "др", "пр", "см", "стр", "им", "ул", "ок", "тыс", "руб", "напр", "нед", "мес", "тел", "т.е"}
    | {"т.д", "т.п", "т.к", "и.о", "dr", "mr", "mrs", "ms", "no", "vs", "etc", "approx", "min", "sec", "hr", "hrs"}
    | {"i.e", "e.g", "v.h.k", "va.h.k", "mas", "daq"}
)


class SentenceBuffer:
    """Gives whole sentences with the white space behind them; what is not whole yet is held back.

    A full stop behind a figure, a letter or an abbreviation ends a sentence only where the next one begins like one:
    the words that tell what the figure means may still follow.
    """

    def __init__(self) -> None:
        self._held = ""

    @property
    def held(self) -> str:
        return self._held

    def feed(self, text: str) -> list[str]:
        """The sentences that are whole now."""
        self._held += text
        whole, begin = [], 0
        for found in _MAY_END.finditer(self._held):
            if _ends(self._held[begin : found.start()], found, self._held[found.end() : found.end() + 1]):
                whole.append(self._held[begin : found.end()])
                begin = found.end()
        self._held = self._held[begin:]
        while len(self._held) > LONGEST_SENTENCE and (cut := _between_words(self._held)):
            whole.append(self._held[:cut])
            self._held = self._held[cut:]
        return whole

    def finish(self) -> str:
        """The end of what was fed, whole or not."""
        rest, self._held = self._held, ""
        return rest


def looks_whole(text: str) -> bool:
    """Whether a text that nothing follows ends like a sentence, and not with a figure or an abbreviation."""
    found = _SILENT_END.search(text[-40:].rstrip())
    return found is not None and (found[1][-1] != "." or not _is_abbreviation(text.rstrip().rstrip(f".{_CLOSERS}")))


def _between_words(text: str) -> int:
    """Where a text too long may be cut: far behind, and not beside a figure; 0 for nowhere."""
    cuts = [found.end() for found in _BETWEEN_WORDS.finditer(text, 0, LONGEST_SENTENCE)]
    return cuts[-1] if cuts else 0


def _ends(before: str, found: re.Match[str], following: str) -> bool:
    if "\n" in found[0]:
        return True
    if found[1] != "." or not _is_abbreviation(before):
        return True
    is_list_number = before.strip().isdigit()
    return bool(following) and not (following.islower() or following.isdigit() or is_list_number)


def _is_abbreviation(before: str) -> bool:
    """Whether a full stop behind this text may belong to its last word: `15 мин`, `т.е`, `27`, `A`."""
    match = _LAST_WORD.search(before)
    word = match[0].lower() if match is not None else ""
    return bool(word) and (len(word) == 1 or word[-1].isdigit() or word in _ABBREVIATIONS)
