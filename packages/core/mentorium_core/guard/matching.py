"""Which fact bears a number out: by value, metric, child, title and period; or what is wrong with the number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from mentorium_core.guard.folding import title_key
from mentorium_core.guard.model import Breach, Fact, Metric, PeriodWords
from mentorium_core.guard.quantities import BY_UNIT, BY_WORD, NARROWS, Quantity

_ONE: Final = Decimal(1)
_HUNDRED: Final = Decimal(100)
_EVERY: Final = frozenset(Metric)
_OF_A_WHOLE: Final = frozenset({Metric.SCORE, Metric.COURSE_LESSONS, Metric.ACTIVE_DAYS, Metric.PASS_PERCENT})
_OF_NOW: Final = frozenset({Metric.OVERDUE, Metric.STREAK_WEEKS, Metric.COURSE_LESSONS, Metric.PRICE})
"""Told of no period, whatever days the sentence names."""
_LATE_COUNTS: Final = frozenset({None, "works", "lessons", "tests", "days"})
_FREE_UNITS: Final = frozenset({None, "months", "topics", "children", "times", "money", "percent", "days"})


@dataclass(frozen=True, slots=True)
class Binding:
    """What the words around a number bind it to. `words` are the clause's metrics, `said` those of what went before."""

    words: frozenset[str]
    said: frozenset[Metric]
    child: str | None
    titles: frozenset[str]
    period: PeriodWords | None
    is_total: bool = False


def judge(quantity: Quantity, facts: Sequence[Fact], binding: Binding) -> Breach | None:
    """None where a fact says just that."""
    of_value = [fact for fact in facts if _says(fact, quantity, facts, binding)]
    if not of_value:
        return Breach.NUMBER
    of_metric = [fact for fact in of_value if fact.metric in metrics_of(quantity, binding)]
    if not of_metric:
        return Breach.METRIC
    of_child = [fact for fact in of_metric if fact.child is None or binding.child in {None, fact.child}]
    if not of_child or (binding.child is None and len({fact.child for fact in facts if fact.child is not None}) > 1):
        return Breach.CHILD
    of_title = [
        fact for fact in of_child if not (binding.titles and fact.title) or title_key(fact.title) in binding.titles
    ]
    if not of_title:
        return Breach.METRIC
    if binding.period is not None:
        fits = any(fact.metric in _OF_NOW or binding.period.fits(fact) for fact in of_title)
        return None if fits else Breach.PERIOD
    return None if any(_is_plain(fact, facts) for fact in of_title) else Breach.PERIOD


def metrics_of(quantity: Quantity, binding: Binding) -> Collection[Metric]:
    """What the number may count by its unit and by the words of its clause."""
    named = frozenset(metric for word in binding.words for metric in BY_WORD.get(word, ()))
    free = {Metric.OTHER} if quantity.unit in _FREE_UNITS and not named else set()
    passing = {Metric.PASS_PERCENT} if "pass" not in binding.words else set[Metric]()  # no mark is a result
    named -= passing
    if quantity.unit is None:
        if quantity.of is not None:
            return (named or _EVERY - passing) & _OF_A_WHOLE
        return ((named or binding.said) - passing) | free
    allowed = BY_UNIT[quantity.unit] - passing
    if Metric.PRICE not in named | binding.said:
        allowed = allowed - {Metric.SUBSCRIPTION_DAYS}
    told = named | binding.said
    if told.isdisjoint({Metric.ACTIVE_DAYS, Metric.STREAK_WEEKS, Metric.LESSONS_DONE}):
        allowed = allowed - {Metric.ACTIVE_DAYS}  # three days at the sea are no days of study
    if Metric.STREAK_WEEKS not in told:
        allowed = allowed - {Metric.STREAK_WEEKS}
    if quantity.unit == "days" and not told:
        free.add(Metric.DAYS_IN_PERIOD)
    if "overdue" in binding.words and quantity.unit in _LATE_COUNTS:
        return {Metric.OVERDUE}
    narrowed = {metric for word in binding.words & NARROWS for metric in BY_WORD[word]} & allowed
    return (narrowed or allowed) | free


def is_beside_its_metric(quantity: Quantity, words: frozenset[str]) -> bool:
    """Whether a word of the clause names what such a number would count."""
    counted = BY_UNIT[quantity.unit] if quantity.unit is not None else _EVERY
    return any(not counted.isdisjoint(BY_WORD.get(word, ())) for word in words)


def _says(fact: Fact, quantity: Quantity, facts: Sequence[Fact], binding: Binding) -> bool:
    if fact.value is None:
        return False
    if quantity.of is not None:
        return fact.value == quantity.value and quantity.of in {fact.of, *_days_of(fact, facts)}
    if quantity.unit == "percent" and fact.metric is Metric.PASS_PERCENT and fact.of:
        return (fact.value * _HUNDRED / fact.of).quantize(_ONE, ROUND_HALF_UP) == quantity.value
    if binding.is_total and fact.metric in _OF_A_WHOLE and fact.of == quantity.value:
        return True
    return quantity.value in {fact.value, fact.value.quantize(_ONE, ROUND_HALF_UP)}


def _days_of(fact: Fact, facts: Sequence[Fact]) -> set[Decimal | None]:
    """How many days the period of these active days has."""
    if fact.metric is not Metric.ACTIVE_DAYS:
        return set()
    return {other.value for other in facts if other.metric is Metric.DAYS_IN_PERIOD and other.child == fact.child}


def _is_plain(fact: Fact, facts: Sequence[Fact]) -> bool:
    """Whether the number needs no word of its period: no other period has another figure of the same."""
    if fact.days is None or fact.metric is Metric.SCORE or fact.metric in _OF_NOW:
        return True
    same = [
        other
        for other in facts
        if (other.metric, other.child, other.title, other.day) == (fact.metric, fact.child, fact.title, fact.day)
        and not other.is_before
    ]
    return not fact.is_before and all(other.value == fact.value for other in same)
