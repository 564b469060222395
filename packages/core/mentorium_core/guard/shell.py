"""The shell of a report: what a model wrote around the sentences that code has made; nothing in it counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from mentorium_core.guard.folding import FoldedText, Word, fold, is_joined_emoji
from mentorium_core.guard.languages import KNOWN_EVERYWHERE, is_wrong_language, strange_words
from mentorium_core.guard.lexicon import lexicon
from mentorium_core.guard.model import Breach, GuardVerdict, Violation
from mentorium_core.guard.names import invented_names
from mentorium_core.guard.outcomes import SentenceContext, find_outcomes
from mentorium_core.guard.quantities import clauses
from mentorium_core.guard.roman import find_roman
from mentorium_core.guard.scanning import scan
from mentorium_core.guard.strange_titles import strange_titles
from mentorium_domain.enums import Language

LONGEST_SHELL: Final = 700
"""Characters of free words around the sentences."""
_TOKEN: Final = re.compile(r"\[\[ ?S([0-9]{1,2}) ?\]\]")
CHILD_TOKEN: Final = re.compile(r"⟦([A-Z]\d{1,3})(?::\w{1,8})?⟧(?:-?[a-zʻʼ']{1,12}(?![\w]))?")
_LINK: Final = re.compile(
    r"\w*://\S*|\b[a-z]+:(?=[a-z])\S*|\bwww\.\S*|[\w.+-]{0,64}@\S*|\b[\w-]+\.(?=[a-zа-я])[a-zа-я]{2,}\S*|\b\w+\[\w*\]|\b(?:точка|dot|nuqta)\s(?:com|ком|uz|уз|ru|ру)\b",
    re.IGNORECASE,
)
_BACKTICK: Final = re.compile(r"(?<![^\W\d_])`|`(?![^\W\d_])")
"""Between two letters it is the apostrophe of those who have no other key."""
_ALONE: Final = {
    Language.RU: frozenset("авикосуяэ"),
    Language.UZ: frozenset("uae"),
    Language.EN: frozenset("aios"),
}
"""Letters that are a word by themselves (s and o of English: what is left of 's, and O!)."""
HIDDEN_NAME: Final = "⟦"
"""What a name's token is while the words around it are read."""
_SENTENCE_ENDS: Final = re.compile(r"[.!?…:\n]")
_MARKS: Final = frozenset(" \n.,!?:;—–-…«»“”„\"'()№")
_TELLING_SIGNS: Final = frozenset("💯🔟🥇🥈🥉🏆🏅🎖📈📉📊⬆⬇↗↘↖↙🔼🔽⏫⏬👆👇☝✌🤘🤞🔝🔺🔻▲▼△▽⏳⌛")
"""Emoji that count, rank or point up and down."""
_EMOJI_BLOCKS: Final = ((0x2600, 0x27BF), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1FAFF), (0x2B50, 0x2B55))
_CLOCKS: Final = range(0x1F550, 0x1F568)
_DICE: Final = range(0x2680, 0x2686)
_MOST_ALIKE: Final = 2
_LONGEST_IN_LETTERS: Final = 3
_LIKE_FIGURES: Final = re.compile("[OolISBZ]+|[ЗОобЧ]+")
_ALL_LISTED: Final = 2
"""Of English words so short none is missing in our list."""
_VOWEL: Final = re.compile("[aeiouyаеиоуыэюя]")
_BREACHES: Final = {
    "number": Breach.NUMBER,
    "up": Breach.DIRECTION,
    "down": Breach.DIRECTION,
    "comparison": Breach.COMPARISON,
    "diagnosis": Breach.DIAGNOSIS,
    "date": Breach.DATE,
    "contest": Breach.OUTCOME,
}


def split_shell(text: str) -> tuple[str, ...]:
    """The free words before, between and behind the tokens `[[S1]]…`: one more than there are tokens."""
    return tuple(_TOKEN.split(text)[::2])


def join_shell(parts: Sequence[str]) -> str:
    """The shell of these free words, with `[[S1]]` behind the first of them, `[[S2]]` behind the second …"""
    tokens = [f"[[S{number}]]" for number in range(1, len(parts))]
    return "".join(part + token for part, token in zip(parts, [*tokens, ""], strict=True))


def fill_shell(text: str, sentences: Sequence[str]) -> str:
    """The shell with the sentences in place of their tokens; only for what `check_shell` found nothing in."""
    return _TOKEN.sub(lambda token: sentences[int(token[1]) - 1], text)


def check_shell(
    text: str,
    sentences: int,
    language: Language,
    *,
    children: Collection[str] = (),
    longest: int = LONGEST_SHELL,
) -> GuardVerdict:
    """Whether the shell holds `[[S1]]` to `[[S<sentences>]]` once each and in order, and its free words nothing that
    could be wrong.

    That is: no number in any script or in words, no direction, comparison or rank, no name but the tokens of
    `children` (bare: C1), no date, link, markup or diagnosis, no other language, at most `longest` characters of free
    words.
    """
    found = list(_tokens(text, sentences))
    if sum(map(len, split_shell(text))) > longest:
        return GuardVerdict((*found, Violation(Breach.TOO_LONG, 0, len(text))))
    begins = 0
    for number, token in enumerate([*_TOKEN.finditer(text), None]):
        part = text[begins : token.start() if token else len(text)]
        found += [
            Violation(breach, begins + start, begins + end, number)
            for breach, start, end in _breaches(part, language, children)
        ]
        begins = token.end() if token else len(text)
    return GuardVerdict(tuple(sorted(set(found), key=lambda violation: (violation.start, violation.end))))


def _tokens(text: str, sentences: int) -> Iterator[Violation]:
    seen: list[int] = []
    for token in _TOKEN.finditer(text):
        number = int(token[1])
        if not 1 <= number <= sentences:
            yield Violation(Breach.SENTENCE_UNKNOWN, *token.span())
        elif number in seen:
            yield Violation(Breach.SENTENCE_DOUBLED, *token.span())
        elif seen and number < max(seen):
            yield Violation(Breach.SENTENCE_ORDER, *token.span())
        seen.append(number)
    for _ in set(range(1, sentences + 1)) - set(seen):
        yield Violation(Breach.SENTENCE_MISSING, len(text), len(text))


def _breaches(part: str, language: Language, children: Collection[str]) -> Iterator[tuple[Breach, int, int]]:
    """In places of the part as it was written."""
    folded = fold(part)
    for place in folded.turned:
        yield Breach.HIDDEN_CHARACTER, place, place + 1
    yield from ((Breach.MARKUP, *tick.span()) for tick in _BACKTICK.finditer(part))
    for breach, start, end in _breaches_of(folded, language, children):
        yield breach, *folded.span(start, end)


def _breaches_of(
    folded: FoldedText, language: Language, children: Collection[str]
) -> Iterator[tuple[Breach, int, int]]:
    for child in CHILD_TOKEN.finditer(folded.text):
        if child[1] not in children:
            yield Breach.NAME, *child.span()
    free = CHILD_TOKEN.sub(lambda token: HIDDEN_NAME * len(token[0]), folded.text)
    yield from ((Breach.LINK, *link.span()) for link in _LINK.finditer(free))
    yield from _signs(free)
    words = FoldedText(free, range(len(free)), len(free)).words()
    yield from _roman(free, words, language)
    yield from _meanings(words, language)
    tokens = scan(free, language)
    quoted = tuple(strange_titles(free, ()))
    yield from find_outcomes(free, SentenceContext(tokens, clauses(tokens), (), quoted, (), lambda _: None), ())
    for breach, word in [*strange_words(words, language), *invented_names(free, words, language)]:
        yield breach, word.start, word.end
    for sentence in _sentences(free, words):
        if is_wrong_language(sentence, language):
            yield Breach.LANGUAGE, sentence[0].start, sentence[-1].end


def _sentences(text: str, words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    first = 0
    for number, word in enumerate(words, 1):
        behind = words[number].start if number < len(words) else len(text)
        if number == len(words) or _SENTENCE_ENDS.search(text, word.end, behind):
            yield words[first:number]
            first = number


def _signs(text: str) -> Iterator[tuple[Breach, int, int]]:
    """Everything that is no letter."""
    for place, sign in enumerate(text):
        if sign in _MARKS or sign == HIDDEN_NAME or (sign.isalpha() and unicodedata.numeric(sign, None) is None):
            continue
        if unicodedata.numeric(sign, None) is not None or sign in "%‰+=<>≥≤±×÷/|#":
            yield Breach.NUMBER, place, place + 1
        elif not _is_harmless_emoji(text, place):
            yield Breach.MARKUP, place, place + 1


def _is_harmless_emoji(text: str, place: int) -> bool:
    sign, code = text[place], ord(text[place])
    if is_joined_emoji(text, place):
        return True
    if sign in _TELLING_SIGNS or code in _CLOCKS or code in _DICE:
        return False
    if text[place : place + _MOST_ALIKE + 1] == sign * (_MOST_ALIKE + 1):
        return False
    return any(first <= code <= last for first, last in _EMOJI_BLOCKS)


def _roman(text: str, words: Sequence[Word], language: Language) -> Iterator[tuple[Breach, int, int]]:
    yield from ((Breach.NUMBER, *numeral.span()) for numeral in find_roman(text))
    for word in words:
        if _is_figures_in_letters(word, language):
            yield Breach.NUMBER, word.start, word.end


def _is_figures_in_letters(word: Word, language: Language) -> bool:
    """A letter that is no word, and short words that are none: З for 3, lO for 10, Чб for 46."""
    if len(word.folded) == 1:
        return word.folded not in _ALONE[language]
    if len(word.folded) > _LONGEST_IN_LETTERS or word.folded in KNOWN_EVERYWHERE:
        return False
    if lexicon(language).sections(word.folded) & {"own", "caps"}:
        return False
    if _LIKE_FIGURES.fullmatch(word.written):
        return True
    if len(word.folded) == _ALL_LISTED and language is Language.EN:
        return True
    return not word.written[1:].islower() or not _VOWEL.search(word.folded)


def _meanings(words: Sequence[Word], language: Language) -> Iterator[tuple[Breach, int, int]]:
    known = lexicon(language)
    fine = {place for section, first, end in known.phrases(words) if section == "fine" for place in range(first, end)}
    for section, first, end in known.meanings(words):
        if section in _BREACHES and not fine.issuperset(range(first, end)):
            yield _BREACHES[section], words[first].start, words[end - 1].end
    for other in Language:
        if other is not language:
            for word in words:
                if "number" in lexicon(other).sections(word.folded) and "own" not in known.sections(word.folded):
                    yield Breach.NUMBER, word.start, word.end
