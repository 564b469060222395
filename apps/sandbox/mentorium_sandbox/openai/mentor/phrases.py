"""The scripted mentor's words in three languages. Children are not declined and have no gender here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Format strings; braces name what `telling` puts in."""

    decimal: str
    months: tuple[str, ...]
    months_standing: tuple[str, ...]
    day: str
    days_of_month: str
    days_across: str
    hours: str
    minutes: str
    periods: Mapping[str, str]
    verdicts: Mapping[str, str]
    time: str
    time_before: str
    idle: str
    active_days: str
    lessons: str
    tests_taken: str
    streak: str
    overdue: str
    award: str
    course: str
    next_lessons: str
    forecast: str
    strongest: str
    weakest: str
    too_few: str
    test: str
    no_tests: str
    average: str
    average_before: str
    due: str
    nothing_ahead: str
    before: str
    comparison: str
    by_day: str
    no_study_day: str
    weekdays: tuple[str, ...]
    lessons_titled: str
    no_lessons: str
    award_on: str
    no_awards: str
    late: str
    nothing_late: str
    next_test: str
    no_next_test: str
    passed: str
    not_passed: str
    no_pass_mark: str
    not_a_verdict: str
    verdict_because: str
    to_improve: str
    ask_the_child: str
    only_the_child: str
    ten_minutes: str
    ask: str
    next_lesson: str
    comment: str
    no_comments: str
    side_by_side: str
    explained: str
    not_explained: str
    price: str
    own: str
    renews: str
    ends: str
    no_own: str
    buy: str
    refund: str
    unknown_child: str
    medical: str
    family: str
    staff: str
    troubles: Mapping[str, str]
    which_child: str
    either: str
    greeting: str
    thanks: str
    off_topic: str
    other_children: str
    no_data_here: str
