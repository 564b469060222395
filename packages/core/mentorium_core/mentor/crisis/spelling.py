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
_SPACED_OUT: Final = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]| ['ʻʼ]){3,}(?!\S)")
"""Letters with one space between each: a wider gap ends the word."""
_SPACED: Final = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]| ['ʻʼ])+(?!\S)")
_PRONOUNS: Final = frozenset("iя")
"""Words of one letter, which letters spaced out may begin with."""
_MIXED: Final = re.compile(r"(?<![^\W_])[^\W_]{2,20}(?![^\W_])")
_LATIN_DIGITS: Final = str.maketrans("0134578", "oieastb")
_CYRILLIC_DIGITS: Final = str.maketrans("013468", "оиечбв")
_LETTERS: Final = re.compile(
    r"(?<![^\W_])[^\W\d_]{4,60}(?![^\W_])|(?<![^\W\d_])[^\W\d_]{4,60}(?=\d)|(?<=\d)[^\W\d_]{4,60}"
)
_PART: Final = re.compile(r"[^\W\d_](?:[a-zа-яёўқғҳ]|[ʻʼ]\w?)*")
_MEAN_PART: Final = 2.5
"""Letters: words joined by capitals are longer than the pieces of what alternates capitals."""
_SINGLE_LETTERS: Final = 4
"""So many letters one by one are a word in disguise."""
MOST_BETWEEN: Final = 2
"""So many other words may stand between two places of a phrase."""
_END: Final = ("",) * (MOST_BETWEEN + 1)
"""Stands where a sentence ends: no phrase reaches across."""


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, a gap between its sentences; letters one by one are put together."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", _WHOLE_PHRASE.sub(" ", text)))
    plain = _LETTERS.sub(_apart, plain).lower()
    if _SPACED_OUT.search(plain) is not None:
        plain = _SPACED.sub(_together, plain)
    plain = fold_apostrophes(plain)
    words: list[str] = []
    for sentence in _SENTENCE_END.split(plain):
        words += [*_joined([_one_script(word) for word in WORD.findall(sentence)]), *_END]
    return words


def with_letters(text: str) -> str:
    """`k1ll`, `d1e`, `х0чу`: digits that stand for letters as these; the same text where there are none."""
    return _MIXED.sub(_lettered, text)


def _lettered(found: re.Match[str]) -> str:
    word = found[0]
    if word[0].isdecimal() or word.isalpha():
        return word
    return word.translate(_CYRILLIC_DIGITS if _CYRILLIC.search(word.lower()) else _LATIN_DIGITS)


def parts_of(word: str) -> list[str]:
    """`IWantToDie` as four words; `WaNt` is one, and so is a word without capitals within."""
    parts = _PART.findall(word)
    return parts if len(word) >= _MEAN_PART * len(parts) else [word]


def _apart(found: re.Match[str]) -> str:
    return " ".join(parts_of(found[0])) if not found[0][1:].islower() else found[0]


def _together(found: re.Match[str]) -> str:
    """`i w a n t` is `i want`, or one word."""
    word = found[0].replace(" ", "")
    return f"{word} {word[1:]}" if word[0] in _PRONOUNS else word


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
        joined += ["".join(single)] if len(single) >= _SINGLE_LETTERS else single
        single = []
        joined.append(word)
    return joined[:-1]
