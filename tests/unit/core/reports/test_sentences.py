"""One property for each promise that a report makes, on random learners: 300, with `HARDSHIP_LONG=1` 2,000."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from mentorium_core.advice.model import (
    Choice,
    DoneTogether,
    HardTest,
    Improvement,
    Memory,
    OverdueWork,
    Told,
    WeakTopic,
)
from mentorium_core.advice.rules import action_pool, subject_of
from mentorium_core.billing.model import Access
from mentorium_core.i18n import clip, format_day_month, t
from mentorium_core.progress.model import CourseStatus, NextLesson, Titles, Verdict
from mentorium_core.reports import model
from mentorium_core.reports.explanations import tonight, why
from mentorium_core.reports.lines import COMMENT_LIMIT
from mentorium_core.reports.model import (
    CourseLine,
    GoodTest,
    Idle,
    IdleReason,
    Mended,
    MoreTests,
    ReportDocument,
    Win,
)
from mentorium_core.reports.rules import compose
from mentorium_core.reports.text import render_report
from mentorium_domain.enums import Language
from tests.fixtures.long_form import LONG
from tests.unit.core.reports.known import NOW, aziza
from tests.unit.core.reports.random_facts import RandomLearner

SEEDS = range(2_000 if LONG else 300)


@pytest.fixture(scope="module")
def learners() -> list[RandomLearner]:
    return [RandomLearner(seed) for seed in SEEDS]


def document_of(learner: RandomLearner, memory: Memory | None = None) -> ReportDocument:
    return compose(learner.facts, learner.now, Access.FULL, memory or Memory(), asked=True)


def improvement_of(document: ReportDocument) -> Improvement | None:
    return next((block for block in document.blocks if isinstance(block, Improvement)), None)


def test_no_report_says_slower_while_time_and_lessons_rose(learners: list[RandomLearner]) -> None:
    """parents A1, A2"""
    for learner in learners:
        facts, verdict = learner.facts, document_of(learner).verdict
        if verdict is Verdict.SLOWED_DOWN:
            assert facts.active_seconds < facts.before_active_seconds
            assert facts.lessons_done <= facts.before_lessons_done
        if verdict is Verdict.ON_TRACK:
            assert facts.active_seconds >= facts.before_active_seconds
            assert facts.lessons_done >= facts.before_lessons_done


def test_late_work_changes_no_verdict(learners: list[RandomLearner]) -> None:
    """parents A1"""
    for learner in learners:
        without = replace(learner.facts, late=(), overdue=0, before_overdue=0)
        assert compose(without, learner.now, Access.FULL, Memory(), asked=True).verdict is document_of(learner).verdict


@pytest.mark.parametrize("language", Language)
def test_late_and_due_work_is_told_by_title_and_date(learners: list[RandomLearner], language: Language) -> None:
    """parents A3, A10"""
    for learner in learners[:300]:
        document, facts = document_of(learner), learner.facts
        caption = render_report(document, language).caption
        is_idle = any(isinstance(block, Idle) for block in document.blocks)
        due = [*facts.late[:1], *([] if is_idle else facts.due_next[:1])]
        for work in due if document.verdict is not Verdict.FINISHED else []:
            assert clip(work.title.get(language), 20).rstrip("…") in caption
            assert format_day_month(language, work.due_on) in caption


@pytest.mark.parametrize("language", Language)
def test_the_teachers_words_are_always_told(learners: list[RandomLearner], language: Language) -> None:
    """parents A3: whole, under the report or after it; filler never stays while they go."""
    after = 0
    for learner in learners:
        text = render_report(document_of(learner), language)
        for comment in learner.facts.comments:
            assert clip(comment.body, COMMENT_LIMIT) in (text.words or text.caption)
        if text.words is not None:
            after += 1
            assert t(language, "report-period-note", kind=learner.facts.period.kind.value) not in text.caption
            assert len(text.words.encode("utf-16-le")) // 2 <= 4096
    assert after


def test_a_caption_fills_the_room_that_there_is(learners: list[RandomLearner]) -> None:
    """parents A3: 1,024 units, where it used to end at 900 letters."""
    longest = max(
        len(render_report(document_of(learner), "ru").caption.encode("utf-16-le")) // 2 for learner in learners
    )
    assert 1000 < longest <= 1024


def test_a_topic_is_new_or_unresolved_and_never_told_more_than_twice_in_a_row() -> None:
    """parents A4: week after week, with nothing new and then with a new result each week."""
    for seed in SEEDS:
        learner = RandomLearner(seed)
        told: list[Told] = []
        for _ in range(6):
            improvement = improvement_of(document_of(learner, Memory(told=tuple(told))))
            subject = subject_of(improvement.shortfall) if improvement else ""
            assert not subject or [one.subject for one in told[-2:]] != [subject, subject]
            if improvement and isinstance(improvement.shortfall, WeakTopic):
                of_topic = [topic for topic in learner.facts.topics if topic.title == improvement.shortfall.title]
                is_unresolved = bool(told) and told[-1].subject == subject
                assert any(topic.results_in_period for topic in of_topic) or is_unresolved
            told.append(Told(subject))


def test_a_fresh_hard_test_comes_before_a_topic_that_went_better() -> None:
    """parents A4"""
    test, *others = aziza().tests
    hard = replace(test, score=Decimal(3), max_score=Decimal(10), topic_code="")
    improvement = improvement_of(
        compose(replace(aziza(), tests=(hard, *others)), NOW, Access.FULL, Memory(), asked=True)
    )
    assert improvement is not None
    assert isinstance(improvement.shortfall, HardTest)


def test_a_first_month_is_compared_with_nothing(learners: list[RandomLearner]) -> None:
    """parents A2: nor is what follows half a month."""
    first = 0
    for learner in learners:
        facts, before = learner.facts, learner.facts.period.previous()
        if facts.began_on is not None and facts.began_on <= before.first_day:
            continue
        document = document_of(learner)
        for block in document.blocks:
            match block:
                case model.StudyTime(before_seconds=earlier) | model.LessonsDone(before=earlier):
                    assert earlier is None
                case model.TestsTaken(before=earlier_percent):
                    assert earlier_percent is None
        assert document.verdict not in {Verdict.SLOWED_DOWN, Verdict.ON_TRACK, Verdict.AS_USUAL}
        assert document.chart is None or all(bar.before_seconds is None for bar in document.chart.bars)
        first += 1
    assert first > 20


def test_as_usual_lies_between_faster_and_slower(learners: list[RandomLearner]) -> None:
    """parents A1"""
    seen = 0
    for learner in learners:
        if document_of(learner).verdict is not Verdict.AS_USUAL:
            continue
        period = learner.facts.period
        a_day = Fraction(learner.facts.active_seconds, period.days)
        a_day_before = Fraction(learner.facts.before_active_seconds, period.previous().days)
        assert a_day * 100 >= a_day_before * 75
        assert learner.facts.active_seconds * 75 <= learner.facts.before_active_seconds * 100
        seen += 1
    assert seen


def test_a_months_verdict_agrees_with_its_trend_which_counts_no_week_before_the_child_came(
    learners: list[RandomLearner],
) -> None:
    """parents A2, A12"""
    seen = 0
    for learner in learners:
        document, facts = document_of(learner), learner.facts
        for trend in (block for block in document.blocks if isinstance(block, model.Trend)):
            assert facts.began_on is not None
            since = max(facts.began_on, facts.period.last_day - timedelta(days=27))
            assert 2 <= trend.weeks <= ((facts.period.last_day - since).days + 1) // 7
            assert document.verdict is not Verdict.SLOWED_DOWN or trend.last_seconds <= trend.first_seconds
            calm = document.verdict in {Verdict.ON_TRACK, Verdict.AS_USUAL, Verdict.UNDER_WAY}
            assert not calm or trend.last_seconds * 100 >= trend.first_seconds * 75
            seen += 1
    assert seen > 20


@pytest.mark.parametrize("language", Language)
def test_a_course_that_was_left_is_told_nowhere(learners: list[RandomLearner], language: Language) -> None:
    """parents A4"""
    left = Titles(uz="LEFT", ru="LEFT", en="LEFT")
    for learner in learners[:200]:
        courses = [
            (
                replace(course, title=left, next_lessons=(NextLesson(1, left),))
                if course.status is CourseStatus.DROPPED
                else course
            )
            for course in learner.facts.courses
        ]
        document = compose(
            replace(learner.facts, courses=tuple(courses)), learner.now, Access.FULL, Memory(), asked=True
        )
        assert "LEFT" not in render_report(document, language).caption
        assert document.chart is None or all(meter.title != left for meter in document.chart.courses)


def test_what_has_been_mended_is_the_win_and_nothing_to_improve() -> None:
    """inputs E"""
    test = replace(aziza().tests[0], score=Decimal(9), max_score=Decimal(10), retaken_from=Decimal(4))
    document = compose(replace(aziza(), tests=(test,), topics=()), NOW, Access.FULL, Memory(), asked=True)
    (win,) = [block for block in document.blocks if isinstance(block, Win)]
    assert win.achievement == Mended(test.title, Decimal(9), Decimal(10), Decimal(4))
    assert improvement_of(document) is None


def test_the_action_fits_what_is_to_be_improved(learners: list[RandomLearner]) -> None:
    """parents A23"""
    for learner in learners:
        improvement = improvement_of(document_of(learner))
        if improvement is not None:
            assert improvement.action_id in action_pool(improvement.shortfall)
        if improvement and isinstance(improvement.shortfall, OverdueWork):
            assert improvement.action_id.partition("-")[0] in {"overdue", "habit"}


def test_asked_again_a_report_keeps_what_it_tells_to_improve(learners: list[RandomLearner]) -> None:
    for learner in learners:
        first = improvement_of(document_of(learner))
        if first is not None:
            again = Choice("wording-1", first.action_id, None, subject_of(first.shortfall))
            assert improvement_of(document_of(learner, Memory(again=again))) == first


@pytest.mark.parametrize("language", Language)
def test_tests_counted_are_tests_listed(learners: list[RandomLearner], language: Language) -> None:
    """parents A14"""
    for learner in learners[:300]:
        document = document_of(learner)
        counted = [block.count for block in document.blocks if isinstance(block, model.TestsTaken)]
        listed = sum(isinstance(block, model.TestScore) for block in document.blocks)
        more = sum(block.count for block in document.blocks if isinstance(block, MoreTests))
        assert counted in ([], [listed + more])
        bullets = [line for line in render_report(document, language).caption.splitlines() if line.startswith("• ")]
        if counted:
            rest = [t(language, "report-tests-more", count=n) for n in range(1, 20)]
            unlisted = [rest.index(line) + 1 for line in bullets if line in rest]
            assert len(bullets) - len(unlisted) + sum(unlisted) == counted[0]
            assert len(bullets) > len(unlisted)


def test_one_course_has_one_percentage(learners: list[RandomLearner]) -> None:
    """parents A13: a milestone is told in words."""
    for language in Language:
        for share in (25, 50, 75):
            assert not any(letter.isdigit() for letter in t(language, f"win-milestone-{share}", title="A"))
    for learner in learners:
        for block in document_of(learner).blocks:
            assert not isinstance(block, GoodTest) or block.percent <= 100


def test_a_forecast_is_the_same_however_late_it_is_asked_for(learners: list[RandomLearner]) -> None:
    """parents A11"""
    for learner in learners:
        later = learner.now + timedelta(days=45)
        told = [
            [block.forecast for block in compose(learner.facts, now, Access.FULL, Memory(), asked=True).blocks
             if isinstance(block, CourseLine)]
            for now in (learner.now, later)
        ]  # fmt: skip
        assert told[0] == told[1]


def test_what_was_then_is_told_from_what_is_now() -> None:
    """parents A12"""
    facts = aziza()
    for days, as_of in ((0, None), (20, facts.period.last_day)):
        document = compose(facts, NOW + timedelta(days=days), Access.FULL, Memory(), asked=True)
        assert [block.as_of for block in document.blocks if isinstance(block, CourseLine)] == [as_of]


def test_a_period_before_enrolment_says_so() -> None:
    """parents A12"""
    came = replace(aziza().courses[0], enrolled_on=NOW.date())
    nothing = replace(aziza(), day_seconds=(0,) * 7, lessons_done=0, tests=(), first_active_day=None, courses=(came,))
    document = compose(nothing, NOW, Access.FULL, Memory(), asked=True)
    (idle,) = [block for block in document.blocks if isinstance(block, Idle)]
    assert idle.reason is IdleReason.BEFORE_ENROLMENT
    assert "23 November" in render_report(document, "en").caption
    assert "lesson" not in render_report(document, "en").caption


def test_next_week_knows_what_was_done_together() -> None:
    facts = aziza()
    topic = facts.topics[0]
    told = Told(f"topic:{topic.code}", topic.title, Decimal(40), done=True)
    for memory, expected in (
        (Memory(), []),
        (Memory(told=(replace(told, done=False),)), []),
        (Memory(told=(told, Told("habit"))), [DoneTogether(topic.title, Decimal(40), topic.percent)]),
        (Memory(told=(told,)), [DoneTogether(topic.title, Decimal(40), topic.percent)]),
        (Memory(told=(Told("habit", done=True),)), [DoneTogether(None, None, None)]),
    ):
        document = compose(facts, NOW, Access.FULL, memory, asked=False)
        assert [block for block in document.blocks if isinstance(block, DoneTogether)] == expected
        for language in Language:
            assert ("🤝" in render_report(document, language).caption) == bool(expected)


@pytest.mark.parametrize("language", Language)
def test_every_report_explains_itself_and_has_a_plan(learners: list[RandomLearner], language: Language) -> None:
    """parents G 7"""
    for learner in learners[:300]:
        document = document_of(learner)
        assert 0 < len(why(document, language)) <= 2000
        plan = tonight(document, language)
        assert [line[:2] for line in plan.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3."]
