"""Names that a model has invented: it knows nobody, so any name beside the tokens is somebody's else or nobody's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from mentorium_core.guard.folding import Word
from mentorium_core.guard.languages import KNOWN_EVERYWHERE
from mentorium_core.guard.lexicon import lexicon
from mentorium_core.guard.model import Breach
from mentorium_core.pseudonymisation.skeleton import skeleton
from mentorium_domain.enums import Language

_SHORTEST: Final = 4
_CASES: Final = frozenset(["", "a", "u", "e", "i", "oi", "om", "ei", "iu", "ia", "ning", "ga", "ni", "da", "dan", "s"])
"""Russian and Uzbek endings as skeletons."""
_LONGEST_CASE: Final = 4
_SURNAMES: Final = (
    "ova",
    "eva",
    "ovich",
    "evich",
    "ovna",
    "evna",
    "bek",
    "jon",
    "hon",
    "enko",
    "baev",
    "baeva",
    "zoda",
)
_ENDS: Final = ".!?…:\n"
_OPENS: Final = " «“\"'(–—-„"


def invented_names(text: str, words: Sequence[Word], language: Language) -> Iterator[tuple[Breach, Word]]:
    """Known names wherever they stand, and what has a capital letter within a sentence."""
    known = lexicon(language)
    for word in words:
        if "caps" in known.sections(word.folded) or word.folded in KNOWN_EVERYWHERE:
            continue
        within = word.written[:1].isupper() and not begins_sentence(text, word.start)
        if within or _is_all_capital(word) or is_known_name(word, language):
            yield Breach.NAME, word


def is_known_name(word: Word, language: Language) -> bool:
    """Whether the word is a first name or surname of our lists, in any script; of some only with its capital letter."""
    if any("name" in lexicon(of).sections(word.folded) for of in Language):
        return True
    if not word.written[:1].isupper() or "own" in lexicon(language).sections(word.folded):
        return False
    if "name_capital" in lexicon(language).sections(word.folded) or is_listed_name(word.folded, language):
        return True
    bones = skeleton(word.folded)
    return len(bones) > _SHORTEST and any(bones.endswith(ending) for ending in _SURNAMES)


@lru_cache(20_000)
def is_listed_name(word: str, language: Language) -> bool:
    """Whether the folded word is a name of our lists, in any script and with a Russian or Uzbek ending."""
    if "name" in lexicon(language).sections(word):
        return True
    bones = skeleton(word)
    return any(
        bones[:length] in _skeletons() and bones[length:] in _CASES
        for length in range(max(_SHORTEST, len(bones) - _LONGEST_CASE), len(bones) + 1)
    )


@cache
def _skeletons() -> frozenset[str]:
    names = [name for language in Language for name in lexicon(language).entries("name")]
    return frozenset(bones for name in names if len(bones := skeleton(name.rstrip("*"))) >= _SHORTEST)


def begins_sentence(text: str, place: int) -> bool:
    """Whether only opening marks and signs that are no letters stand between this place and the sentence before."""
    while place > 0:
        before = text[place - 1]
        if before in _ENDS:
            return True
        if before not in _OPENS and not _is_emoji(before):
            return False
        place -= 1
    return True


def _is_all_capital(word: Word) -> bool:
    return len(word.written) > 1 and word.written.isupper()


def _is_emoji(sign: str) -> bool:
    return ord(sign) >= 0x2600
