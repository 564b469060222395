"""Is it the language asked for, in its own letters: words of two scripts, words of another language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from mentorium_core.guard.folding import Word
from mentorium_core.guard.lexicon import lexicon
from mentorium_core.guard.model import Breach
from mentorium_domain.enums import Language

_LATIN: Final = re.compile("[a-zʻʼ'öğşçé]*", re.IGNORECASE)
_RUSSIAN: Final = re.compile("[а-яё']*", re.IGNORECASE)
_ENGLISH: Final = re.compile("[a-zé]+(?:'(?:s|t|re|ve|ll|d|m|clock))?", re.IGNORECASE)
_SCRIPT: Final = {Language.RU: _RUSSIAN, Language.UZ: _LATIN, Language.EN: _ENGLISH}
_HAS_LATIN: Final = re.compile("[a-z]", re.IGNORECASE)
_HAS_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
KNOWN_EVERYWHERE: Final = frozenset(["ai", "mentorium", "telegram", "chatgpt", "python", "scratch"])
_LOOKS_CYRILLIC: Final = str.maketrans("aeopcyxkhbmt", "аеорсухкнвмт")
_LOOKS_LATIN: Final = str.maketrans("аеорсухкнвмт", "aeopcyxkhbmt")
_JUDGED_FROM: Final = 5
"""So many words are a sentence whose language can be told."""
_SURELY_FROM: Final = 8
_TOLD_BY: Final = 2
_ONE_OWN_OF: Final = 4


def strange_words(words: Sequence[Word], language: Language) -> Iterator[tuple[Breach, Word]]:
    """Words of two scripts, and words in letters that the language does not have."""
    own = _SCRIPT[language]
    for word in words:
        if own.fullmatch(word.written) or word.folded in KNOWN_EVERYWHERE:
            continue
        both = _HAS_LATIN.search(word.written) and _HAS_CYRILLIC.search(word.written)
        yield (Breach.MIXED_SCRIPT if both else Breach.LANGUAGE), word


def is_wrong_language(words: Sequence[Word], language: Language) -> bool:
    """Whether the words are a sentence of another language, known to us or not."""
    if len(words) < _JUDGED_FROM:
        return False
    known = lexicon(language)
    if sum(known.sounds_own(word.folded) for word in words) * _ONE_OWN_OF < len(words) - 1:
        return True
    own = sum("own" in known.sections(word.folded) for word in words)
    return any(
        sum("own" in lexicon(other).sections(word.folded) for word in words) > max(_TOLD_BY, own)
        for other in Language
        if other is not language
    )


def words_of_another(
    words: Sequence[Word], language: Language, known: Collection[str]
) -> Iterator[tuple[Breach, Word]]:
    """For the chat, where titles and the parent's own words may be in any script: what no honest answer has.

    A word of two scripts; a sentence most of whose words are of another language.
    """
    own_words = list({word.folded: word for word in words if word.folded not in known}.values())  # each once
    strange = list(strange_words(own_words, language))
    yield from ((Breach.MIXED_SCRIPT, word) for breach, word in strange if _is_disguised(breach, word, language))
    most = len(strange) * 2 > len(own_words) >= _JUDGED_FROM
    if most or (len(own_words) >= _SURELY_FROM and is_wrong_language(own_words, language)):
        yield Breach.LANGUAGE, own_words[0]


def _is_disguised(breach: Breach, word: Word, language: Language) -> bool:
    """A word of two scripts, or a number word in letters of another script that look the same."""
    if breach is Breach.MIXED_SCRIPT:
        return True
    sections = lexicon(language).sections(
        word.folded.translate(_LOOKS_CYRILLIC if language is Language.RU else _LOOKS_LATIN)
    )
    return "number" in sections or any(section.startswith("value_") for section in sections)
