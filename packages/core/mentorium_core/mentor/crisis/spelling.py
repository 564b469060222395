"""One spelling for a word in every script, layout and disguise, for looking it up in the lexicon."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from mentorium_core.i18n import fold_apostrophes
from mentorium_core.pseudonymisation.skeleton import WORD, skeletons
from mentorium_domain.enums import Language

_UNSEEN: Final = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_WHOLE_PHRASE: Final = re.compile("[\u3300-\u3357\u33ae\u33af\ufdfa\ufdfb]")
"""Characters that NFKC writes out in five to eighteen: no words of ours, and a text of them would take long."""
_LATIN, _CYRILLIC = re.compile("[a-z]"), re.compile("[\u0400-\u04ff]")
_TWINS: Final = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_BACK: Final = str.maketrans("асеорхукмтнвіј", "aceopxykmthbij")
_OPEN_O: Final = re.compile("oʻ|[ўöõó]")
_YO: Final = re.compile("(?<=[аеёиоуўэюяы])ё|^ё")
_SENTENCE_END: Final = re.compile(r"(?<![.…])[!?;.](?=\s|$)|\n")
_SPACED: Final = 4
"""So many letters one by one are a word in disguise."""
MOST_BETWEEN: Final = 2
"""So many other words may stand between two places of a phrase."""
_END: Final = ("",) * (MOST_BETWEEN + 1)
"""Stands where a sentence ends: no phrase reaches across."""


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, a gap between its sentences; letters one by one are put together."""
    plain = fold_apostrophes(_UNSEEN.sub("", unicodedata.normalize("NFKC", _WHOLE_PHRASE.sub(" ", text))).lower())
    words: list[str] = []
    for sentence in _SENTENCE_END.split(plain):
        words += [*_joined([_one_script(word) for word in WORD.findall(sentence)]), *_END]
    return words


def spellings(words: Sequence[str], language: Language) -> list[str]:
    """Each word as the lexicon of this language spells it; an Uzbek oʻ, which is no o, becomes 0."""
    if language is not Language.UZ:
        return [spelt or word for word, spelt in zip(words, skeletons(words), strict=True)]
    pieces = [_OPEN_O.split(_YO.sub("йо", word)) for word in words]
    flat = iter(skeletons([piece for word in pieces for piece in word]))
    spelt = ["0".join(next(flat) for _ in word) for word in pieces]
    return [new or word for word, new in zip(words, spelt, strict=True)]


def _one_script(word: str) -> str:
    """Letters of the other script that look alike are put right."""
    if not (_LATIN.search(word) and _CYRILLIC.search(word)):
        return word
    cyrillic, latin = word.translate(_TWINS), word.translate(_BACK)
    if not _LATIN.search(cyrillic):
        return cyrillic
    return latin if not _CYRILLIC.search(latin) else word


def _joined(words: list[str]) -> list[str]:
    joined: list[str] = []
    single: list[str] = []
    for word in [*words, "  "]:
        if len(word) == 1:
            single.append(word)
            continue
        joined += ["".join(single)] if len(single) >= _SPACED else single
        single = []
        joined.append(word)
    return joined[:-1]
