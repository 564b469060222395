"""What a sentence of the chat claims without a number: that something rose, that others do better, an illness."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mentorium_core.guard.folding import fold_word
from mentorium_core.guard.lexicon import lexicon
from mentorium_core.guard.model import Breach, Fact, FactDays, Metric, PeriodWords
from mentorium_core.guard.names import is_listed_name
from mentorium_core.guard.quantities import BY_WORD, metrics_named
from mentorium_core.guard.scanning import Token
from mentorium_domain.enums import Language

_COUNTED: Final = frozenset({"study", "lesson", "test", "average", "result", "topic", "overdue", "streak"})
_NONE: Final = {
    "lesson": Metric.LESSONS_DONE,
    "test": Metric.TESTS_TAKEN,
    "study": Metric.STUDY_MINUTES,
    "overdue": Metric.OVERDUE,
    "award": Metric.AWARDS,
}
"""What phrases such as `no lessons` say is none."""
_SHORTEST_MONTH: Final = 28
_SHORTEST_NAME: Final = 4
_UNMISTAKABLE: Final = 7
"""Letters: `improved` is a claim by itself; up, ahead and better are words of advice, too."""
_SHORT_CLAUSE: Final = 4
"""Tokens: `It has improved`, said behind a sentence of figures."""
_NO_DIRECTION: Final = frozenset({"fine", "miss_deadline", "did_pass", "did_fail"})
"""Of a missed deadline, of points above a pass mark `outcomes.py` has its own facts."""
_LONGEST_ENDING: Final = 2


@dataclass(frozen=True, slots=True)
class Claimant:
    """Of whom a sentence speaks: the child's token, or none. `goes_on`: figures were told before; `periods`: the places
    of its own, `children` those of the children's names; `names_day`: it speaks of a single day.
    """

    child: str | None
    is_named: bool
    children: tuple[int, ...]
    names_day: bool
    period: PeriodWords | None
    goes_on: bool
    periods: tuple[int, ...]
    question_words: frozenset[str]


def find_claims(
    text: str,
    tokens: Sequence[Token],
    clauses: Sequence[range],
    facts: Sequence[Fact],
    of: Claimant,
    language: Language,
) -> Iterator[tuple[Breach, int, int]]:
    """Claims that no fact bears out, with their places in the text."""
    refuses = any("refuse" in token.meanings for token in tokens)
    about = of.is_named or bool(metrics_named(tokens)) or any(token.value is not None for token in tokens)
    for places in clauses:
        clause = [tokens[place] for place in places]
        yield from _directions(clause, facts, of)
        yield from _ends(clause, facts, of)
        yield from _none(clause, facts, of)
        yield from _words_of_none(clause, of, about=about, refuses=_is_refused(clause, of, refuses=refuses))
    yield from _names(text, tokens, of, language)


def _is_refused(clause: Sequence[Token], of: Claimant, *, refuses: bool) -> bool:
    """Whether the sentence says that it cannot tell; of a clause that names a child, it must say so itself."""
    meanings = frozenset().union(*(token.meanings for token in clause))
    names = any(clause[0].start <= place < clause[-1].end for place in of.children)
    return "refuse" in meanings or (refuses and ("asking" in meanings or not names))


def _words_of_none(
    clause: Sequence[Token], of: Claimant, *, about: bool, refuses: bool
) -> Iterator[tuple[Breach, int, int]]:
    """Others, illnesses, contests, shares without a figure: no fact is of these."""
    told_of_none = refuses or any(token.meanings & {"negation", "advice", "absent"} for token in clause)
    for token in clause:
        if "others" in token.meanings and "fine" not in token.meanings and about and not refuses:
            yield Breach.COMPARISON, token.start, token.end
        if "condition" in token.meanings and not refuses and (of.is_named or token.folded not in of.question_words):
            yield Breach.DIAGNOSIS, token.start, token.end
        if "contest" in token.meanings and not told_of_none:
            yield Breach.NUMBER, token.start, token.end
        if "vague" in token.meanings and "vague_not" not in token.meanings and about:
            yield Breach.NUMBER, token.start, token.end


def _directions(clause: Sequence[Token], facts: Sequence[Fact], of: Claimant) -> Iterator[tuple[Breach, int, int]]:
    named = metrics_named(clause) & _COUNTED
    goes_on = of.goes_on and len(clause) <= _SHORT_CLAUSE
    dated = any(clause[0].start <= place < clause[-1].end for place in of.periods)
    if not (named or of.is_named or goes_on or dated) or any("advice" in token.meanings for token in clause):
        return
    if "study" in named:
        named -= {"lesson"}  # in Russian the time of lessons is the study time
    negated = any("negation" in token.meanings for token in clause)
    metrics = frozenset(metric for name in named for metric in BY_WORD[name])
    metrics = metrics or frozenset(Metric)
    for token in clause:
        sign = 1 if "up" in token.meanings else -1 if "down" in token.meanings else 0
        on_its_own = bool(named) or of.is_named or dated or len(token.folded) >= _UNMISTAKABLE
        if not sign or token.meanings & _NO_DIRECTION or not on_its_own or _is_of_parents(token, clause):
            continue
        borne_out = [change * sign > 0 for change in _changes(facts, metrics, of)]
        if all(borne_out) if negated else not any(borne_out):
            yield Breach.DIRECTION, token.start, token.end


def _is_of_parents(token: Token, clause: Sequence[Token]) -> bool:
    """`Nobody knows them better than you`."""
    meanings = frozenset().union(*(near.meanings for near in clause))
    return "like_parents" in token.meanings and meanings >= {"nobody", "knowing"}


def _changes(facts: Sequence[Fact], metrics: Collection[Metric], of: Claimant) -> list[Decimal]:
    """By how much each figure of these metrics changed against as long a period before, of the same child and title."""
    rows: dict[tuple[Metric, str | None, str | None], list[Fact]] = {}
    for fact in facts:
        is_of_a_day = fact.day is not None and fact.title is None  # no period: a Tuesday is not held against a Monday
        if fact.value is not None and fact.metric in metrics and of.child in {None, fact.child} and not is_of_a_day:
            rows.setdefault((fact.metric, fact.child, fact.title), []).append(fact)
    return [
        (now.value or Decimal()) - (before.value or Decimal())
        for row in rows.values()
        for now in row
        if not now.is_before and (of.period is None or of.period.fits(now))
        for before in row
        if _follows(now.days, before.days)
    ]


def _follows(now: FactDays | None, before: FactDays | None) -> bool:
    """Whether the one period is later, and as long: an unfinished week is not held against a whole one."""
    if now is None or before is None or before.last_day >= now.first_day:
        return False
    lengths = [(days.last_day - days.first_day).days + 1 for days in (now, before)]
    return lengths[0] == lengths[1] or min(lengths) >= _SHORTEST_MONTH


def _ends(clause: Sequence[Token], facts: Sequence[Fact], of: Claimant) -> Iterator[tuple[Breach, int, int]]:
    """That a course is finished, said without a number of lessons."""
    counts_lessons = any("unit_lessons" in token.meanings for token in clause)
    if counts_lessons or any(token.meanings & {"negation", "advice"} for token in clause):
        return
    of_course = any("m_course" in token.meanings for token in clause)
    for token in clause:
        says_so = "finished" in token.meanings or (of_course and "ends" in token.meanings)
        if says_so and not _has_finished(facts, of.child):
            yield Breach.NUMBER, token.start, token.end


def _none(clause: Sequence[Token], facts: Sequence[Fact], of: Claimant) -> Iterator[tuple[Breach, int, int]]:
    """That there was none of something, where the facts know of some and of no zero.

    Facts of several periods know of none only for the one that the sentence is about.
    """
    says_none = any(token.means("none_") in _NONE for token in clause)
    if not says_none or any("advice" in token.meanings for token in clause):
        return
    several = len({fact.days for fact in facts if fact.days is not None and of.child in {None, fact.child}}) > 1
    for token in clause:
        metric = _NONE.get(token.means("none_") or "")
        if metric is Metric.STUDY_MINUTES and of.names_day:
            continue  # told day by day: `outcomes.py`
        told = [
            fact.value
            for fact in facts
            if fact.metric is metric
            and fact.value is not None
            and of.child in {None, fact.child}
            and (of.period is None or metric is Metric.OVERDUE or of.period.fits(fact))
        ]
        is_unclear = of.period is None and several and metric is not Metric.OVERDUE
        if told and all(told) and not is_unclear:
            yield Breach.NUMBER, token.start, token.end


def _has_finished(facts: Sequence[Fact], child: str | None) -> bool:
    """Whether a course of the child is done."""
    return any(
        fact.metric is Metric.COURSE_LESSONS
        and fact.value is not None
        and fact.of is not None
        and fact.value >= fact.of
        for fact in facts
        if child in {None, fact.child}
    )


def _names(text: str, tokens: Sequence[Token], of: Claimant, language: Language) -> Iterator[tuple[Breach, int, int]]:
    """A name that is no token; one that the parent wrote may be asked about, and nothing be counted beside it."""
    known = lexicon(language)
    counts = any(token.value is not None for token in tokens)
    for token in tokens:
        if not text[token.start : token.start + 1].isupper() or "own" in known.sections(token.folded):
            continue
        if not is_listed_name(token.folded, language):
            continue
        if counts or not _is_asked_about(token.folded, of.question_words):
            yield Breach.NAME, token.start, token.end


def _is_asked_about(name: str, question_words: frozenset[str]) -> bool:
    """Whether the parent wrote the name, with whatever ending."""
    stem = name[: max(_SHORTEST_NAME, len(name) - _LONGEST_ENDING)]
    return any(word.startswith(stem) for word in question_words)


def words_of(tokens: Sequence[Token]) -> frozenset[str]:
    """As they are looked up."""
    return frozenset(fold_word(token.folded) for token in tokens if token.folded[:1].isalpha())
