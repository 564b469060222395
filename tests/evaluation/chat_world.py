"""A child's facts made by a seed, sentences that say them, and the same with one figure made false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Final

from mentorium_core.guard.model import Fact, FactDays, Given, Metric
from mentorium_core.i18n import format_day_month, format_duration, format_percent, format_period
from mentorium_core.i18n.number_words import duration_words, number_words, percent_words
from mentorium_domain.enums import Language
from tests.evaluation.shell_attacks import DATA, read_sections

_DAY: Final = timedelta(days=1)
_FIRST: Final = date(2026, 3, 3)
_MINUTES_OF_DAYS: Final = 1301
"""More than any other figure, and than two of them together."""
WEEKDAYS: Final = {
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    Language.RU: ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"),
    Language.UZ: ("dushanba", "seshanba", "chorshanba", "payshanba", "juma", "shanba", "yakshanba"),
}
"""As they stand behind `on`, `в` and before `kuni`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a world as sentences say it: `minutes`, `percent` or a plain count; facts of one `metric`."""

    value: int
    kind: str
    metric: Metric
    of: int | None = None

    def said(self, language: Language, *, in_words: bool = False) -> str:
        if self.kind == "minutes":
            return duration_words(language, self.value * 60) if in_words else format_duration(language, self.value * 60)
        if self.kind == "percent":
            return percent_words(language, self.value) if in_words else format_percent(language, self.value)
        return number_words(language, self.value) if in_words else str(self.value)


@dataclass(frozen=True, slots=True)
class World:
    """`figures` and `texts` fill the slots of the sentences; no two figures of one kind are equal."""

    language: Language
    facts: tuple[Fact, ...]
    figures: Mapping[str, Figure]
    texts: Mapping[str, str]
    given: Given
    asked: int

    def fill(self, sentence: str, instead: Mapping[str, str] | None = None, *, in_words: bool = False) -> str:
        said = {name: figure.said(self.language, in_words=in_words) for name, figure in self.figures.items()}
        return sentence.format(**{**said, **self.texts, **(instead or {})})

    def is_free(self, value: int) -> bool:
        """Whether no figure, whole or date is this number."""
        taken = {figure.value for figure in self.figures.values()} | {fact.of for fact in self.facts}
        taken |= {fact.value for fact in self.facts}
        return value not in taken and value not in {self.asked, 10}


@cache
def sentences(language: Language) -> Mapping[str, tuple[str, ...]]:
    """By what they are: true, vague, fine …"""
    return read_sections(DATA / f"chat_{language.value}.txt")


def make_world(random: Random, language: Language) -> World:
    today = _FIRST + timedelta(days=random.randrange(40) * 7 + random.randrange(5))
    monday = today - timedelta(days=today.weekday())
    this, last = FactDays(monday, today), FactDays(monday - 7 * _DAY, monday - _DAY)
    earlier = FactDays(monday - 14 * _DAY, monday - 8 * _DAY)
    partly = FactDays(monday - 7 * _DAY, today - 7 * _DAY)
    figures = _figures(random)
    titles = dict(
        zip(("t1", "t2", "topic", "course", "due", "topic2"), sentences(language)["world"][0].split("|"), strict=True)
    )
    due = today + timedelta(days=random.randint(2, 20))
    counted = {"lw": last, "tw": this, "lb": earlier, "tb": partly}
    facts = [_fact(name, figure, titles, counted) for name, figure in figures.items() if name not in _WHOLES]
    facts.append(Fact(metric=Metric.OTHER, day=due, child="C1", title=titles["due"]))
    facts.append(Fact(metric=Metric.DAYS_IN_PERIOD, value=Decimal(7), child="C1", days=last))
    studied = random.sample(range(7), figures["lw_days"].value)
    facts += _outcomes(figures, titles, last, studied)
    asked = random.choice([n for n in range(11, 99) if n not in {figure.value for figure in figures.values()}])
    texts = {
        **titles,
        "lw_of": "7",
        "lw_period": format_period(language, last.first_day, last.last_day),
        "tw_period": format_period(language, this.first_day, this.last_day),
        "day": format_day_month(language, due),
        "on_day": WEEKDAYS[language][studied[0]],
        "off_day": WEEKDAYS[language][next(day for day in range(7) if day not in studied)],
    }
    question = sentences(language)["question"][0].format(asked)
    given = Given(today=today, question=question)
    return World(language, tuple(facts), figures, texts, given, asked)


def _outcomes(
    figures: Mapping[str, Figure], titles: Mapping[str, str], last: FactDays, studied: Sequence[int]
) -> Iterator[Fact]:
    """The first test is passed and the second is not; the days of study of last week; one award and late work of C1."""
    for title, score, most, more in (("t1", "s1", "m1", -1), ("t2", "s2", "m2", 1)):
        mark, of = Decimal(figures[score].value + more), Decimal(figures[most].value)
        yield Fact(metric=Metric.PASS_PERCENT, value=mark, of=of, child="C1", title=titles[title], days=last)
    for number in studied:
        day = last.first_day + number * _DAY
        minutes = Decimal(_MINUTES_OF_DAYS + number)
        yield Fact(metric=Metric.STUDY_MINUTES, value=minutes, child="C1", day=day, days=FactDays(day, day))
    yield Fact(metric=Metric.AWARDS, value=Decimal(1), child="C1", days=last)
    yield Fact(metric=Metric.AWARDS, value=Decimal(), child="C2", days=last)
    yield Fact(metric=Metric.OVERDUE, value=Decimal(), child="C2")


_WHOLES: Final = frozenset({"m1", "m2", "req"})


def _figures(random: Random) -> dict[str, Figure]:
    minutes, shares = random.sample(range(21, 600), 6), random.sample(range(41, 99), 6)
    days = random.randint(2, 6)
    counts = random.sample([count for count in range(2, 16) if count not in {days, 7, 10, 12}], 10)
    wholes = random.sample(range(20, 40), 3)
    plain = {
        "lw_lessons": Metric.LESSONS_DONE, "tw_lessons": Metric.LESSONS_DONE, "lw_lessons2": Metric.LESSONS_DONE,
        "tw_tests": Metric.TESTS_TAKEN, "late": Metric.OVERDUE, "streak": Metric.STREAK_WEEKS,
        "tb_lessons": Metric.LESSONS_DONE,
    }  # fmt: skip
    named = {name: Figure(value, "count", metric) for (name, metric), value in zip(plain.items(), counts, strict=False)}
    named["lw_days"] = Figure(days, "count", Metric.ACTIVE_DAYS)
    for name, value, whole in zip(("s1", "s2", "done"), counts[7:10], wholes, strict=True):
        metric = Metric.COURSE_LESSONS if name == "done" else Metric.SCORE
        named[name] = Figure(value, "count", metric, whole)
        named[{"s1": "m1", "s2": "m2", "done": "req"}[name]] = Figure(whole, "count", metric)
    for name, value in zip(("lw_time", "tw_time", "lw_time2", "tb_time"), minutes, strict=False):
        named[name] = Figure(value, "minutes", Metric.STUDY_MINUTES)
    percents = {
        "lw_avg": Metric.AVERAGE_PERCENT, "lb_avg": Metric.AVERAGE_PERCENT, "p1": Metric.TEST_PERCENT,
        "p2": Metric.TEST_PERCENT, "tp": Metric.TOPIC_PERCENT, "tp2": Metric.TOPIC_PERCENT,
    }  # fmt: skip
    for (name, metric), value in zip(percents.items(), shares, strict=True):
        named[name] = Figure(value, "percent", metric)
    return named


def _fact(name: str, figure: Figure, titles: Mapping[str, str], counted: Mapping[str, FactDays]) -> Fact:
    title = {"s1": "t1", "p1": "t1", "s2": "t2", "p2": "t2", "tp": "topic", "tp2": "topic2", "done": "course"}.get(name)
    last = counted["lw"]
    days = counted.get(name[:2]) if title is None else None
    if name in {"tp", "tp2"}:
        days = FactDays(last.last_day - timedelta(days=83), last.last_day)
    elif name in {"s1", "s2", "p1", "p2"}:
        days = last
    return Fact(
        metric=figure.metric,
        value=Decimal(figure.value),
        of=Decimal(figure.of) if figure.of is not None else None,
        child="C2" if name.endswith(("lessons2", "time2")) else "C1",
        title=titles[title] if title is not None else None,
        days=days,
        is_before=name.startswith(("lb_", "tb_")),
    )
