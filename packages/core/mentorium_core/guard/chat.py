"""A sentence of the chat against the facts: each number with its metric, period, child and title, or known as given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from typing import Final

from mentorium_core.guard.borne_out import is_one_day
from mentorium_core.guard.claims import Claimant, find_claims, words_of
from mentorium_core.guard.folding import FoldedText, fold, title_key
from mentorium_core.guard.languages import words_of_another
from mentorium_core.guard.lexicon import lexicon
from mentorium_core.guard.matching import Binding, is_beside_its_metric, judge
from mentorium_core.guard.model import (
    Breach,
    CheckedSentence,
    Fact,
    Given,
    GuardVerdict,
    Metric,
    PeriodWords,
    SaidBefore,
    Violation,
)
from mentorium_core.guard.outcomes import SentenceContext, find_outcomes
from mentorium_core.guard.periods import DatedText, Mention, find_periods, is_known_day
from mentorium_core.guard.quantities import BY_WORD, Quantity, clauses, find_quantities, metrics_named
from mentorium_core.guard.roman import find_roman, is_roman
from mentorium_core.guard.scanning import SET_ASIDE, Token, scan, set_titles_aside
from mentorium_core.guard.strange_titles import strange_titles
from mentorium_domain.enums import Language

LONGEST_SENTENCE: Final = 1000
"""In characters; what is longer is not looked at and not let through."""
_NAME_TOKEN: Final = re.compile(r"[⟦\[]{1,2} ?([A-Z]\d{1,3})(?: ?: ?\w{1,8})? ?[⟧\]]{1,2}")
_BARE_CHILD: Final = re.compile(r"\b(C\d{1,2})\b")
_LIST_NUMBER: Final = re.compile(r"\s*(?:[-*•]\s*)?\**(\d{1,2})[.)](?=\s|\*)")
_LINK: Final = re.compile(r"\w+://|\bwww\.|\]\(", re.IGNORECASE)
_CLOCK: Final = re.compile(r"\b\d{1,2}:\d\d\b")
_STRANGER: Final = "P"
_ONE: Final = Decimal(1)
_TEN: Final = Decimal(10)
_IDIOMATIC_ONES: Final = frozenset({"days", "weeks", "months", "times", "topics", "children"})
_TEMPLATE_UNITS: Final = frozenset({None, "minutes"})


@dataclass(frozen=True, slots=True)
class _GivenQuantities:
    """What the parent and our templates count, and the texts of the platform with their units."""

    numbers: frozenset[Decimal]
    asked: frozenset[tuple[Decimal, Decimal | None, str | None]]
    quoted: frozenset[tuple[Decimal, Decimal | None, str | None]]


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence taken apart."""

    folded: FoldedText
    text: str
    tokens: list[Token]
    dated: DatedText
    titles: tuple[tuple[int, str], ...]
    strange_titles: tuple[range, ...]
    children: tuple[tuple[int, str], ...]
    clauses: list[range]


def check_sentence(
    sentence: str,
    facts: Sequence[Fact],
    given: Given,
    language: Language,
    said: SaidBefore | None = None,
) -> CheckedSentence:
    """Whether every number that the sentence says is a fact's, with its metric, child and period, or is known as given.

    Directions must agree with the facts, too; no name, link, diagnosis, comparison with others or other language. The
    sentence is the model's, with tokens in place of names; `facts` are of this turn's tools and of the turns still in
    the history. `said` is what `CheckedSentence` of the sentence before had; None begins an answer.
    """
    if len(sentence) > LONGEST_SENTENCE:
        return CheckedSentence(GuardVerdict((Violation(Breach.TOO_LONG, 0, len(sentence)),)), said or SaidBefore())
    before = said or _asked(given, language)
    read = _read(sentence, facts, given, language)
    found = [
        Violation(breach, *read.folded.span(start, end))
        for breach, start, end in _breaches(read, facts, given, language, before)
    ]
    found += [Violation(Breach.HIDDEN_CHARACTER, place, place + 1) for place in read.folded.turned]
    verdict = GuardVerdict(tuple(sorted(set(found), key=lambda violation: (violation.start, violation.end))))
    return CheckedSentence(verdict, _said(read, before))


def _read(sentence: str, facts: Sequence[Fact], given: Given, language: Language) -> _Read:
    folded = fold(sentence)
    titles = frozenset(fact.title for fact in facts if fact.title).union(given.titles)
    text, quoted = set_titles_aside(
        folded.text, list(map(_folded_title, titles)), partial(_counts, language, folded.text)
    )
    children = {fact.child for fact in facts if fact.child}
    named = [(token.start(), token[1]) for token in _NAME_TOKEN.finditer(text)]
    named += [(token.start(), token[1]) for token in _BARE_CHILD.finditer(text) if token[1] in children]
    text = _NAME_TOKEN.sub(_aside, text)
    text = _BARE_CHILD.sub(lambda token: _aside(token) if token[1] in children else token[0], text)
    if (number := _LIST_NUMBER.match(text)) is not None:
        text = text[: number.start(1)] + " " * len(number[1]) + text[number.end(1) :]
    tokens = scan(text, language)
    dated = find_periods(tokens, given.today)
    strange = tuple(strange_titles(text, titles))
    return _Read(folded, text, tokens, dated, tuple(quoted), strange, tuple(sorted(set(named))), clauses(tokens))


@lru_cache(4096)
def _folded_title(title: str) -> str:
    return fold(title).text


def _counts(language: Language, text: str, title: str) -> bool:
    """Whether a title says a number of something, and would be a claim without quotation marks; an award is none."""
    return _has_quantity(language, title) and not any(
        "m_award" in lexicon(language).sections(word.folded) for word in fold(text).words()
    )


@lru_cache(4096)
def _has_quantity(language: Language, title: str) -> bool:
    return any(quantity.unit is not None for quantity in find_quantities(scan(title, language), ()))


def _aside(match: re.Match[str]) -> str:
    return SET_ASIDE * len(match[0])


@lru_cache(256)
def _asked(given: Given, language: Language) -> SaidBefore:
    """What the parent's own message speaks of: an answer may take it as understood."""
    read = _read(given.question, (), given, language)
    return _said(read, SaidBefore())


def _said(read: _Read, before: SaidBefore) -> SaidBefore:
    period = next((mention for mention in read.dated.mentions if not mention.is_before), None)
    metrics = frozenset(metric for name in metrics_named(read.tokens) for metric in BY_WORD.get(name, ()))
    return SaidBefore(
        child=read.children[-1][1] if read.children else before.child,
        title=read.titles[-1][1] if read.titles else before.title,
        period=period or before.period,
        metrics=metrics or before.metrics,
    )


def _breaches(
    read: _Read, facts: Sequence[Fact], given: Given, language: Language, before: SaidBefore
) -> Iterator[tuple[Breach, int, int]]:
    yield from ((Breach.LINK, *link.span()) for link in _LINK.finditer(read.text))
    for place, sign in enumerate(read.text):
        if not sign.isdecimal() and unicodedata.numeric(sign, None) is not None and sign not in given.question:
            yield Breach.NUMBER, place, place + 1
    for time in _CLOCK.finditer(read.text):
        if time[0] not in given.question:
            yield Breach.NUMBER, *time.span()
    yield from _strangers(read, given)
    yield from _roman(read, language)
    yield from _numbers(read, facts, given, language, before)
    yield from _unknown_days(read, facts, given, language)
    period = next((mention for mention in read.dated.mentions if not mention.is_before), None)
    child = _child_of(read, len(read.text), before)
    of = Claimant(
        child=child,
        is_named=bool(read.children),
        period=period,
        goes_on=bool(before.metrics),
        children=tuple(start for start, _ in read.children),
        names_day=any(is_one_day(mention) for mention in read.dated.mentions),
        periods=tuple(mention.start for mention in read.dated.mentions),
        question_words=_question_words(given, language),
    )
    yield from find_claims(read.text, read.tokens, read.clauses, facts, of, language)
    yield from find_outcomes(read.text, _context(read, before), facts)
    words = FoldedText(read.text, range(len(read.text)), len(read.text)).words()
    for breach, word in words_of_another(words, language, of.question_words):
        yield breach, word.start, word.end


def _context(read: _Read, before: SaidBefore) -> SentenceContext:
    return SentenceContext(
        tokens=read.tokens,
        clauses=read.clauses,
        titles=read.titles,
        strange_titles=read.strange_titles,
        mentions=read.dated.mentions,
        child_at=lambda place: _child_of(read, place, before),
        period_before=before.period,
        title_before=before.title,
        of_tests_before=not before.metrics.isdisjoint({Metric.SCORE, Metric.PASS_PERCENT}),
    )


def _strangers(read: _Read, given: Given) -> Iterator[tuple[Breach, int, int]]:
    """Tokens of persons outside the family: where the parent named them they may be asked about, and not counted."""
    counts = any(token.value is not None for token in read.tokens)
    for start, token in read.children:
        if token.startswith(_STRANGER) and (counts or token not in given.question):
            yield Breach.NAME, start, start + len(token)


def _roman(read: _Read, language: Language) -> Iterator[tuple[Breach, int, int]]:
    """Roman numerals where something is counted; I is an English word."""
    if not (metrics_named(read.tokens) or read.children):
        return
    yield from ((Breach.NUMBER, *numeral.span()) for numeral in find_roman(read.text))
    for token in read.tokens:
        written = read.text[token.start : token.end]
        if len(written) == 1 and is_roman(written) and not (language is Language.EN and written == "I"):
            yield Breach.NUMBER, token.start, token.end


def _numbers(
    read: _Read, facts: Sequence[Fact], given: Given, language: Language, before: SaidBefore
) -> Iterator[tuple[Breach, int, int]]:
    known = _given_quantities(given, language)
    years = {Decimal(day.year) for day in [given.today, *(fact.day for fact in facts if fact.day)]}
    for quantity in find_quantities(read.tokens, read.dated.taken):
        clause = next((clause for clause in read.clauses if quantity.place in clause), range(len(read.tokens)))
        tokens = [read.tokens[place] for place in clause]
        binding = _binding(read, quantity, tokens, before)
        if _is_idiom(quantity, tokens, read) or (quantity.unit in {None, "months"} and quantity.value in years):
            continue
        breach = judge(quantity, facts, binding)
        if breach is not None and not _is_given(quantity, tokens, read, known, binding.words):
            yield breach, quantity.start, quantity.end


def _binding(read: _Read, quantity: Quantity, clause: Sequence[Token], before: SaidBefore) -> Binding:
    begin, end = clause[0].start, clause[-1].end
    return Binding(
        words=metrics_named(clause),
        said=frozenset(metric for word in metrics_named(read.tokens) for metric in BY_WORD.get(word, ()))
        or before.metrics,
        child=_child_of(read, quantity.start, before),
        titles=_titles_of(read, quantity, begin, end),
        period=_period_of(read, quantity, begin, end, before),
        is_total=any(token.meanings & {"m_total", "m_course"} for token in clause),
    )


def _child_of(read: _Read, place: int, before: SaidBefore) -> str | None:
    """The child named last before this place, else first behind it, else before this sentence."""
    named = [child for start, child in read.children if start < place and child.startswith("C")]
    behind = [child for start, child in read.children if start >= place and child.startswith("C")]
    return named[-1] if named else behind[0] if behind else before.child


def _titles_of(read: _Read, quantity: Quantity, begin: int, end: int) -> frozenset[str]:
    """Of its clause, else the one quoted last before it, else the first behind it; as `title_key`."""
    here = [title for start, title in read.titles if begin <= start < end]
    earlier = [title for start, title in read.titles if start < quantity.start]
    later = [title for start, title in read.titles if start >= quantity.start]
    return frozenset(map(title_key, here or earlier[-1:] or later[:1]))


def _period_of(read: _Read, quantity: Quantity, begin: int, end: int, before: SaidBefore) -> PeriodWords | None:
    """Of its clause, the nearest; else the last before it, else the first behind it, else of an earlier sentence."""
    here = [mention for mention in read.dated.mentions if begin <= mention.start < end]
    if here:
        return min(here, key=lambda mention: _distance(mention, quantity))
    earlier = [mention for mention in read.dated.mentions if mention.start < quantity.start]
    later = [mention for mention in read.dated.mentions if mention.start >= quantity.start]
    return earlier[-1] if earlier else later[0] if later else before.period


def _distance(mention: Mention, quantity: Quantity) -> int:
    return min(abs(mention.start - quantity.end), abs(quantity.start - mention.end))


def _is_idiom(quantity: Quantity, clause: Sequence[Token], read: _Read) -> bool:
    """`один из способов`, `two things`: a word that counts nothing of ours."""
    if quantity.in_figures:
        return False
    if quantity.of is None and quantity.value == _ONE and _is_fine(quantity, read.tokens):
        return True
    begin, end = clause[0].start, clause[-1].end
    bound = bool(read.children) or any(begin <= mention.start < end for mention in read.dated.mentions)
    if quantity.value == _ONE and not bound and any("advice" in token.meanings for token in clause):
        return True  # try one more lesson together
    if quantity.unit is None:
        speaks = metrics_named(read.tokens) or read.children or read.dated.mentions
        return not speaks or (quantity.value == _ONE and not bound and _is_before_a_noun(quantity, read.tokens))
    return quantity.value == _ONE and quantity.unit in _IDIOMATIC_ONES and not metrics_named(clause)


def _is_before_a_noun(quantity: Quantity, tokens: Sequence[Token]) -> bool:
    """`one result is no verdict`: of whom nothing is told."""
    return any(token.folded.isalpha() for token in tokens[quantity.place + 1 : quantity.place + 2])


def _is_fine(quantity: Quantity, tokens: Sequence[Token]) -> bool:
    return any("fine" in token.meanings for token in tokens if token.start == quantity.start)


def _is_given(
    quantity: Quantity, clause: Sequence[Token], read: _Read, known: _GivenQuantities, words: frozenset[str]
) -> bool:
    """A number of the parent's message, our templates or a quoted text, and no word of its metric beside it."""
    if quantity.unit == "money" and quantity.key in known.quoted:
        return True
    if is_beside_its_metric(quantity, words):
        return False
    named = any(clause[0].start <= start < clause[-1].end for start, _ in read.children)
    if named and not any("advice" in token.meanings for token in read.tokens):
        return False
    return (
        (quantity.value in known.numbers and _fits_template(quantity, read.tokens))
        or (quantity.unit is not None and quantity.key in known.quoted)
        or any(
            quantity.value == value and quantity.of == of and unit in {None, quantity.unit}
            for value, of, unit in known.asked
        )
    )


def _fits_template(quantity: Quantity, tokens: Sequence[Token]) -> bool:
    """Ten minutes, and other numbers as they stand; ten of something else is no template's."""
    if quantity.of is not None or quantity.unit not in _TEMPLATE_UNITS:
        return False
    return quantity.unit is not None or quantity.value != _TEN or not _is_before_a_noun(quantity, tokens)


@lru_cache(256)
def _given_quantities(given: Given, language: Language) -> _GivenQuantities:
    def of(tokens: Sequence[Token]) -> frozenset[tuple[Decimal, Decimal | None, str | None]]:
        taken = find_periods(tokens, given.today).taken
        return frozenset(quantity.key for quantity in find_quantities(tokens, taken))

    quoted = frozenset(key for title in given.titles for key in of(scan(_folded_title(title), language)))
    return _GivenQuantities(given.numbers, of(_question_tokens(given, language)), quoted)


def _unknown_days(
    read: _Read, facts: Sequence[Fact], given: Given, language: Language
) -> Iterator[tuple[Breach, int, int]]:
    """Dates and months that neither a fact nor the parent has named."""
    asked = {(mention.first, mention.last) for mention in _asked_days(given, language)}
    for mention in read.dated.written:
        if (mention.first, mention.last) in asked:
            continue
        titles = frozenset(title_key(title) for start, title in read.titles if start < mention.start)
        if not is_known_day(mention, facts, given, titles):
            yield Breach.DATE, mention.start, mention.end


@lru_cache(256)
def _asked_days(given: Given, language: Language) -> tuple[Mention, ...]:
    return find_periods(_question_tokens(given, language), given.today).mentions


@lru_cache(256)
def _question_words(given: Given, language: Language) -> frozenset[str]:
    written = frozenset(word.folded for word in fold(given.question).words())
    return written | words_of(_question_tokens(given, language))


@lru_cache(256)
def _question_tokens(given: Given, language: Language) -> tuple[Token, ...]:
    """Without the tokens of names: their digits are no numbers of the parent's."""
    return tuple(scan(_NAME_TOKEN.sub(_aside, fold(given.question).text), language))
