"""Which win, which improvement, which action: tables of small cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from mentorium_core.advice.model import Choice, HardTest, LessStudy, Memory, OverdueWork, WeakTopic
from mentorium_core.advice.rules import (
    ACTIONS_A_TOPIC,
    ACTIONS_OF,
    QUESTIONS_A_TOPIC,
    QUESTIONS_OF_ANY,
    TOPIC_CODES,
    action_pool,
    choose_action,
    choose_improvement,
    choose_question,
)
from mentorium_core.i18n import has_text
from mentorium_core.progress import model as progress
from mentorium_core.progress.model import Award, CourseStatus, DueTest, LearnerFacts, TopicResult, Verdict
from mentorium_core.progress.rules import topic_verdict
from mentorium_core.reports.model import (
    AwardEarned,
    CameBack,
    CaughtUp,
    CourseFinished,
    FinishedLessons,
    GoodTest,
    MilestoneReached,
    StudiedMore,
    WeeksInARow,
    Wording,
)
from mentorium_core.reports.rules import choose_wording
from mentorium_core.reports.wins import choose_win
from mentorium_domain.enums import Language
from tests.unit.core.reports.known import COURSE, FACT_CHECKING, TITLE, aziza, graded

DAY = date(2026, 11, 18)


def quiet() -> LearnerFacts:
    """A week like the one before, with nothing to be proud of and nothing to improve."""
    return replace(
        aziza(),
        day_seconds=(1200,) * 7,
        before_day_seconds=(1200,) * 7,
        lessons_done=0,
        lesson_titles=(),
        tests=(),
        topics=(),
        awards=(),
        courses=(replace(COURSE, done_in_period=0),),
    )


def fresh() -> tuple[TopicResult, ...]:
    """Each with a result in the period."""
    return aziza().topics


def left(score: int) -> progress.TestResult:
    return replace(graded(score), course_id=COURSE.course_id)


LATE = (DueTest(TITLE, date(2026, 11, 13)), DueTest(TITLE, date(2026, 11, 6)), DueTest(TITLE, date(2026, 11, 1)))
FINISHED = replace(COURSE, status=CourseStatus.COMPLETED, done_lessons=40, completed_on=DAY)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"lessons_done": 2, "lesson_titles": (TITLE,)}, FinishedLessons(2, TITLE)),
        ({"before_day_seconds": (900,) * 7}, StudiedMore(8400, 6300)),
        ({"streak_weeks": 3}, WeeksInARow(3)),
        ({"before_day_seconds": (0,) * 7, "streak_weeks": 3}, CameBack(7)),
        ({"awards": (Award("a", "badge", TITLE, DAY),), "streak_weeks": 9}, AwardEarned(TITLE)),
        ({"before_overdue": 2, "lessons_done": 1}, CaughtUp(2)),
        ({"tests": (graded(15),)}, None),
        ({"tests": (graded(16),)}, GoodTest(TITLE, Decimal(16), Decimal(20), Decimal(80), True)),
        (
            {"tests": (graded(16),), "courses": (replace(COURSE, done_lessons=21, done_in_period=2),)},
            MilestoneReached(COURSE.title, 50),
        ),
        (
            {"tests": (graded(20),), "courses": (replace(COURSE, done_lessons=21, done_in_period=2),)},
            GoodTest(TITLE, Decimal(20), Decimal(20), Decimal(100), True),
        ),
        ({"tests": (graded(20),), "courses": (FINISHED,)}, CourseFinished(COURSE.title)),
    ],
)
def test_the_win_is_the_most_telling_thing_that_happened(changes: dict[str, object], expected: object) -> None:
    win = choose_win(replace(quiet(), **changes))  # type: ignore[arg-type]
    assert (win.achievement if win else None) == expected


def test_best_in_a_month_needs_something_to_be_better_than() -> None:
    alone = choose_win(replace(quiet(), tests=(graded(19),), earlier_tests=()))
    equal = choose_win(replace(quiet(), tests=(graded(15),) * 2 + (graded(18),), earlier_tests=(graded(18),)))
    for win in (alone, equal):
        assert win is not None
        assert isinstance(win.achievement, GoodTest)
        assert not win.achievement.best_in_month


@pytest.mark.parametrize(
    ("changes", "verdict", "expected"),
    [
        ({}, Verdict.ON_TRACK, None),
        ({"topics": aziza().topics[:1]}, Verdict.ON_TRACK, None),
        ({"topics": fresh(), "late": LATE}, Verdict.ON_TRACK, WeakTopic),
        ({"topics": tuple(replace(x, results_in_period=0) for x in fresh()), "late": LATE}, "on_track", OverdueWork),
        ({"topics": fresh(), "tests": (graded(3),)}, Verdict.ON_TRACK, HardTest),
        ({"tests": (left(3),), "courses": (replace(COURSE, status=CourseStatus.DROPPED),)}, Verdict.ON_TRACK, None),
        ({"topics": tuple(replace(x, score=x.max_score - i) for i, x in enumerate(aziza().topics))}, "on_track", None),
        ({"tests": (graded(13),), "late": LATE}, Verdict.SLOWED_DOWN, HardTest),
        ({"tests": (graded(14),)}, Verdict.ON_TRACK, None),
        ({"late": LATE}, Verdict.ON_TRACK, OverdueWork),
        ({"late": LATE}, Verdict.FINISHED, None),
        ({"day_seconds": (100,) * 7}, Verdict.SLOWED_DOWN, LessStudy),
        ({"day_seconds": (100,) * 7}, Verdict.TOO_EARLY, None),
    ],
)
def test_one_thing_to_improve_or_none(changes: dict[str, object], verdict: Verdict, expected: type | None) -> None:
    facts = replace(quiet(), **changes)  # type: ignore[arg-type]
    improvement = choose_improvement(facts, topic_verdict(facts.topics), verdict, Memory())
    assert (type(improvement.shortfall) if improvement else None) == expected


def test_an_action_is_new_for_as_long_as_there_are_new_ones() -> None:
    pool = action_pool(WeakTopic("fact_checking", FACT_CHECKING, Decimal(1), Decimal(2), Decimal(50)))
    used: list[str] = []
    for _ in pool:
        used.append(choose_action(pool, Memory(action_ids=tuple(used))))
    assert used == list(pool)
    assert choose_action(pool, Memory(action_ids=tuple(used))) == used[0]


def test_asking_again_changes_neither_action_nor_wording() -> None:
    pool = ("any-1", "any-2")
    again = Memory(template_ids=("wording-3",), action_ids=("any-2",), again=Choice("wording-3", "any-2"))
    assert choose_action(pool, again) == "any-2"
    assert choose_wording(again) is Wording.THIRD


def test_an_action_that_no_longer_fits_is_not_repeated() -> None:
    assert choose_action(("any-1",), Memory(again=Choice("wording-1", "overdue-1"))) == "any-1"


def test_unknown_template_ids_of_old_are_no_obstacle() -> None:
    assert choose_wording(Memory(("gone", "wording-1"), again=Choice("gone", None))) is Wording.SECOND


def test_questions_of_a_topic_take_turns() -> None:
    weeks = [date(2026, 11, 16) + timedelta(weeks=week) for week in range(4)]
    for topic, count in (("chatbots", QUESTIONS_A_TOPIC), ("unheard-of", QUESTIONS_OF_ANY)):
        assert len({choose_question(topic, week, Memory()).question_id for week in weeks}) == count


def test_month_and_week_do_not_ask_the_same_question() -> None:
    """parents A23"""
    week, month = date(2026, 11, 23), date(2026, 11, 1)
    for topic in ("chatbots", "unheard-of", None):
        asked: list[str] = []
        for _ in range(QUESTIONS_OF_ANY):
            for first_day in (week, month):
                question_id = choose_question(topic, first_day, Memory(question_ids=tuple(asked[-3:]))).question_id
                assert question_id not in asked[-3:]
                asked.append(question_id)
    again = Memory(question_ids=("chatbots-1",), again=Choice(None, None, "chatbots-1"))
    assert choose_question("chatbots", week, again).question_id == "chatbots-1"


@pytest.mark.parametrize("language", Language)
def test_the_catalogues_hold_exactly_the_actions_and_questions_the_rules_choose_from(language: str) -> None:
    assert ACTIONS_A_TOPIC >= 3
    actions = dict.fromkeys(TOPIC_CODES, ACTIONS_A_TOPIC) | ACTIONS_OF
    questions = dict.fromkeys(TOPIC_CODES, QUESTIONS_A_TOPIC) | {"any": QUESTIONS_OF_ANY}
    for kind, counts in (("action", actions), ("question", questions)):
        for topic, count in counts.items():
            known = [n for n in range(count + 3) if has_text(language, f"{kind}-{topic}-{n}")]
            assert known == list(range(1, count + 1)), (kind, topic)
