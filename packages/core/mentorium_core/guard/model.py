"""What is checked and what is found: facts, what may be said besides, breaches with their places in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Breach(StrEnum):
    """What is wrong with a span; the words of the metric and of the log."""

    NUMBER = "number"
    METRIC = "metric"
    PERIOD = "period"
    CHILD = "child"
    DATE = "date"
    SENTENCE_MISSING = "sentence_missing"
    SENTENCE_DOUBLED = "sentence_doubled"
    SENTENCE_UNKNOWN = "sentence_unknown"
    SENTENCE_ORDER = "sentence_order"
    DIRECTION = "direction"
    OUTCOME = "outcome"
    COMPARISON = "comparison"
    NAME = "name"
    LINK = "link"
    MARKUP = "markup"
    DIAGNOSIS = "diagnosis"
    LANGUAGE = "language"
    MIXED_SCRIPT = "mixed_script"
    HIDDEN_CHARACTER = "hidden_character"
    TOO_LONG = "too_long"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Violation:
    """`text[start:end]` of the text as it was given. `part`: the free words of a shell that hold it (`split_shell`)."""

    breach: Breach
    start: int
    end: int
    part: int | None = None


@dataclass(frozen=True, slots=True)
class GuardVerdict:
    """What was found, in the order of the text. Log `breaches`, never the words."""

    violations: tuple[Violation, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.violations

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Each kind once."""
        return tuple(dict.fromkeys(violation.breach for violation in self.violations))

    @property
    def parts(self) -> tuple[int, ...]:
        """The parts of a shell that are to be asked for once more; empty where its tokens themselves are wrong."""
        return tuple(sorted({violation.part for violation in self.violations if violation.part is not None}))

    @property
    def tokens_hold(self) -> bool:
        """Whether every sentence of a shell stands once and in its place."""
        return not any(violation.breach.value.startswith("sentence_") for violation in self.violations)


class Metric(StrEnum):
    """What a number of a child's learning counts."""

    STUDY_MINUTES = "study_minutes"
    ACTIVE_DAYS = "active_days"
    DAYS_IN_PERIOD = "days_in_period"
    LESSONS_DONE = "lessons_done"
    COURSE_LESSONS = "course_lessons"  # value `of` required
    LESSON_NUMBER = "lesson_number"
    TESTS_TAKEN = "tests_taken"
    AVERAGE_PERCENT = "average_percent"
    SCORE = "score"  # points `of` the most
    TEST_PERCENT = "test_percent"
    TOPIC_PERCENT = "topic_percent"
    TOPIC_RESULTS = "topic_results"
    PASS_PERCENT = "pass_percent"  # noqa: S105  # the pass mark
    COURSE_PERCENT = "course_percent"
    TEST_TAKEN = "test_taken"  # of a title, without a value: its points are not told
    COURSE_FINISHED = "course_finished"  # of a title, without a value
    COURSE_LEFT = "course_left"  # of a title, without a value
    STREAK_WEEKS = "streak_weeks"
    OVERDUE = "overdue"
    AWARDS = "awards"
    MATERIALS = "materials"
    PRICE = "price"  # whole soums or stars
    SUBSCRIPTION_DAYS = "subscription_days"
    OTHER = "other"  # counted by nothing above: bound by value alone, and never beside another metric's word


@dataclass(frozen=True, slots=True)
class FactDays:
    """The days a fact is of, both included."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number or day that a tool told.

    `child`: the bare token (C1), None for what is of no child (prices, pass marks). `title`: of the test, topic, lesson
    or course, as the tool told it. `days`: None for what holds now (course, overdue). `is_before`: of the period that
    another is compared with. `of`: the whole it is a part of (8 of 10, 15 of 24). `day`: when it was or is due.
    """

    metric: Metric
    value: Decimal | None = None
    of: Decimal | None = None
    day: date | None = None
    child: str | None = None
    title: str | None = None
    days: FactDays | None = None
    is_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an answer may say beside the facts.

    `question`: this message of the parent as the model was given it; its numbers, days, periods and words are known.
    `numbers`: those of our own templates (ten minutes). `titles`: the platform's texts that may be quoted, figures
    and all, beside those of the facts. `today`: the day in Tashkent.
    """

    today: date
    question: str = ""
    numbers: frozenset[Decimal] = frozenset({Decimal(10)})
    titles: tuple[str, ...] = ()


class PeriodWords(Protocol):
    """Words that name days, as the guard keeps them between sentences."""

    def fits(self, fact: Fact) -> bool: ...


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What earlier sentences of this answer have spoken of, so that a sentence without a period or child is bound.

    Whoever checks hands it on as it is; nobody but the guard reads it.
    """

    child: str | None = None
    title: str | None = None
    period: PeriodWords | None = None
    metrics: frozenset[Metric] = frozenset()


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """`said`: to be handed in with the next sentence of the same answer."""

    verdict: GuardVerdict
    said: SaidBefore = field(default_factory=SaidBefore)

    @property
    def ok(self) -> bool:
        return self.verdict.ok
