"""What a report says: facts, access and what was read lately in; blocks in their one order out. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from mentorium_core.advice.model import HardTest, Improvement, Memory, OverdueWork, WeakTopic
from mentorium_core.advice.rules import (
    WEAK_PERCENT,
    choose_improvement,
    choose_question,
    dated_works,
    follow_up,
)
from mentorium_core.billing.model import Access
from mentorium_core.identity.model import first_name
from mentorium_core.progress.model import (
    CourseProgress,
    CourseStatus,
    LearnerFacts,
    PeriodKind,
    TestResult,
    Titles,
    TopicVerdict,
    Verdict,
)
from mentorium_core.progress.rules import ACTIVITY_VIEW, forecast, has_before, topic_verdict, weeks_of_trend
from mentorium_core.progress.rules import verdict as judge
from mentorium_core.reports.model import (
    Awards,
    Bar,
    Block,
    Chart,
    CourseLine,
    DueSoon,
    Idle,
    IdleReason,
    LessonsDone,
    Meter,
    MoreTests,
    NewMaterials,
    NextStep,
    Overdue,
    PartialNote,
    PeriodNote,
    ReportDocument,
    StaleNote,
    StrongTopic,
    StudyTime,
    SubscriptionNote,
    TeacherComment,
    TestScore,
    TestsTaken,
    Tone,
    Trend,
    VerdictLine,
    Wording,
)
from mentorium_core.reports.wins import choose_win
from mentorium_domain.enums import ReportTone
from mentorium_kit.clock import local_day, start_of_day

MOST_TESTS, MOST_AWARDS, MOST_COURSES, MOST_DUE, MOST_MATERIALS = 4, 3, 2, 2, 2
ACTION_NOT_REPEATED = timedelta(days=28)
LESSON_VIEWS = frozenset({"v_lesson", "v_lesson_progress"})


def compose(
    facts: LearnerFacts,
    now: datetime,
    access: Access,
    memory: Memory,
    *,
    asked: bool,
    tone: ReportTone = ReportTone.WARM,
) -> ReportDocument:
    """The report on the period of `facts`. `now` is aware, in Asia/Tashkent; `asked`: the parent asked for it."""
    verdict = judge(facts, now)
    topics = topic_verdict(facts.topics)
    composition = _Composition(facts, verdict, topics, now, memory, asked=asked)
    blocks = tuple(composition.blocks(access))
    has_picture = access is Access.FULL and not any(isinstance(block, Idle) for block in blocks)
    return ReportDocument(
        student_id=facts.student_id,
        name=first_name(facts.display_name),
        period=facts.period,
        wording=choose_wording(memory),
        verdict=verdict,
        blocks=blocks,
        chart=_chart(facts, topics, composition.improvement) if has_picture else None,
        tone=tone,
    )


def choose_wording(memory: Memory) -> Wording:
    """The wording this period had before, else the one read longest ago: of four, none of the last three."""
    if memory.again is not None and memory.again.template_id in set(Wording):
        return Wording(memory.again.template_id)
    last_use = {template_id: place for place, template_id in enumerate(memory.template_ids)}
    return min(Wording, key=lambda wording: last_use.get(wording, -1))


class _Composition:
    def __init__(
        self,
        facts: LearnerFacts,
        verdict: Verdict,
        topics: TopicVerdict | None,
        now: datetime,
        memory: Memory,
        *,
        asked: bool,
    ) -> None:
        self._facts = facts
        self._verdict = verdict
        self._now = now
        self._asked = asked
        self._win = choose_win(facts)
        self._memory = memory
        self.improvement = choose_improvement(facts, topics, verdict, memory)
        self._topics = topics
        self._has_before = has_before(facts)

    def blocks(self, access: Access) -> Iterator[Block]:
        """In this order, every time (a reader finds each thing where it was last time)."""
        if self._asked:
            yield PeriodNote()
        if is_idle(self._facts):
            reason = idle_reason(self._facts, self._verdict)
            yield Idle(reason, _way_back(self._facts), _began_later(self._facts))
        else:
            yield VerdictLine(self._verdict)
            if access is Access.LIMITED:
                yield from [self._win] if self._win else []
            else:
                yield from self._details()
        yield from self._ending(access)

    def _details(self) -> Iterator[Block]:
        yield from self._figures()
        if (done := follow_up(self._facts, self._memory)) is not None:
            yield done
        if self._win:
            yield self._win
        if self.improvement:
            yield self.improvement
        yield self._question()
        if self._facts.period.kind is PeriodKind.MONTH:
            yield from self._month_only()
        yield from self._ahead()
        yield from [TeacherComment(comment.author, comment.body) for comment in self._facts.comments]

    def _figures(self) -> Iterator[Block]:
        facts = self._facts
        if ACTIVITY_VIEW not in facts.missing_views:
            seconds_before = facts.before_active_seconds if self._has_before else None
            yield StudyTime(facts.active_seconds, facts.active_days, seconds_before)
        if LESSON_VIEWS.isdisjoint(facts.missing_views):
            yield LessonsDone(facts.lessons_done, facts.before_lessons_done if self._has_before else None)
        if facts.tests:
            with_result = sum(test.percent is not None for test in facts.tests)
            before = facts.before_average_percent if self._has_before else None
            yield TestsTaken(with_result or len(facts.tests), facts.average_percent, before)
        yield from _listed(facts.tests)

    def _question(self) -> Block:
        shortfall = self.improvement.shortfall if self.improvement else None
        code = self._topics.strongest.code if self._topics else None
        match shortfall:
            case WeakTopic(code=topic_code) | HardTest(topic_code=topic_code) if topic_code:
                code = topic_code
        return choose_question(code, self._facts.period.first_day, self._memory)

    def _month_only(self) -> Iterator[Block]:
        weeks = weeks_of_trend(self._facts)
        if weeks and (weeks[0] or weeks[-1]):
            yield Trend(len(weeks), weeks[0], weeks[-1])
        if self._topics and self._topics.strongest.percent is not None:
            yield StrongTopic(self._topics.strongest.title, self._topics.strongest.percent)
        if self._facts.awards:
            yield Awards(tuple(award.title for award in self._facts.awards[-MOST_AWARDS:]))

    def _ahead(self) -> Iterator[Block]:
        facts = self._facts
        if facts.late and not self._improves_overdue():
            yield self._overdue()
        active = _active_courses(facts)
        if next_lesson := next((course.next_lessons[0] for course in active if course.next_lessons), None):
            yield NextStep(next_lesson.position, next_lesson.title)
        yield from self._due_soon()
        after = facts.period.last_day + timedelta(days=1)
        today = local_day(self._now)
        for course in [course for course in active if course.required_lessons][:MOST_COURSES]:
            ends = forecast(course, min(today, after))
            as_of = facts.period.last_day if today > after else None
            yield CourseLine(course.title, course.done_lessons, course.required_lessons, ends, as_of)
        if facts.new_materials:
            yield NewMaterials(len(facts.new_materials), facts.new_materials[: -MOST_MATERIALS - 1 : -1])

    def _overdue(self) -> Overdue:
        return Overdue(len(self._facts.late), dated_works(self._facts))

    def _due_soon(self) -> Iterator[Block]:
        """What to do now is said once: of what is late, or else of what is due first."""
        for place, due in enumerate(self._facts.due_next[:MOST_DUE]):
            yield DueSoon(due.title, due.due_on, acts=place == 0 and not self._facts.late)

    def _improves_overdue(self) -> bool:
        return self.improvement is not None and isinstance(self.improvement.shortfall, OverdueWork)

    def _ending(self, access: Access) -> Iterator[Block]:
        facts = self._facts
        if facts.late and self._verdict is not Verdict.FINISHED and (is_idle(facts) or access is Access.LIMITED):
            yield self._overdue()
        if is_idle(facts) and access is Access.FULL:
            yield from self._due_soon()
            yield from [TeacherComment(comment.author, comment.body) for comment in facts.comments]
        if facts.data_as_of is not None and is_stale(facts):
            yield StaleNote(facts.data_as_of)
        if facts.missing_views:
            yield PartialNote()
        if access is Access.LIMITED:
            yield SubscriptionNote()


def _listed(tests: Sequence[TestResult]) -> Iterator[Block]:
    """Tests counted are tests listed: the newest first, and how many more there are."""
    counted = [test for test in tests if test.percent is not None] or list(tests)
    newest = counted[: -MOST_TESTS - 1 : -1]
    yield from [TestScore(test.title, test.score, test.max_score, test.retaken_from) for test in newest]
    if more := len(counted) - len(newest):
        yield MoreTests(more)


def is_idle(facts: LearnerFacts) -> bool:
    return not (facts.active_seconds or facts.lessons_done or facts.tests or _finished_in_period(facts))


def is_stale(facts: LearnerFacts) -> bool:
    """The platform's data ends before the period does; unknown age counts as fresh."""
    return facts.data_as_of is not None and facts.data_as_of < start_of_day(facts.period.last_day + timedelta(days=1))


def idle_reason(facts: LearnerFacts, verdict: Verdict) -> IdleReason:
    """Why there is nothing to tell; where we cannot know, we do not say that nothing was done."""
    if _began_later(facts) is not None:
        return IdleReason.BEFORE_ENROLMENT
    if verdict is Verdict.FINISHED:
        return IdleReason.FINISHED
    if is_stale(facts) or ACTIVITY_VIEW in facts.missing_views:
        return IdleReason.NO_DATA
    if facts.courses and not _active_courses(facts):
        return IdleReason.COURSE_PAUSED
    return IdleReason.NO_STUDY if facts.first_active_day else IdleReason.NOT_BEGUN


def _finished_in_period(facts: LearnerFacts) -> bool:
    ended = (course.completed_on for course in facts.courses)
    return any(day is not None and facts.period.first_day <= day <= facts.period.last_day for day in ended)


def _active_courses(facts: LearnerFacts) -> list[CourseProgress]:
    return [course for course in facts.courses if course.status is CourseStatus.ACTIVE]


def _began_later(facts: LearnerFacts) -> date | None:
    """The day on which the child came, where that was after the period."""
    began_on = facts.began_on
    return began_on if began_on is not None and began_on > facts.period.last_day else None


def _way_back(facts: LearnerFacts) -> Titles | None:
    """The lesson that waits, where a course is going on."""
    lessons = (lesson for course in _active_courses(facts) for lesson in course.next_lessons)
    return next((lesson.title for lesson in lessons), None)


def _chart(facts: LearnerFacts, topics: TopicVerdict | None, improvement: Improvement | None) -> Chart:
    return Chart(_bars(facts), _topic_meters(topics, improvement), _course_meters(facts))


def _bars(facts: LearnerFacts) -> tuple[Bar, ...]:
    if ACTIVITY_VIEW in facts.missing_views:
        return ()
    before: list[int | None] = list(facts.before_day_seconds) if has_before(facts) else []
    before += [None] * facts.period.days
    return tuple(
        Bar(day, seconds, earlier)
        for day, seconds, earlier in zip(facts.period.dates(), facts.day_seconds, before, strict=False)
    )


def _topic_meters(topics: TopicVerdict | None, improvement: Improvement | None) -> tuple[Meter, ...]:
    """The strongest topic, and the one to improve where the text names one: the picture tells no other."""
    if topics is None or topics.strongest.percent is None:
        return ()
    shown = [(topics.strongest.title, topics.strongest.percent)]
    if improvement is not None and isinstance(improvement.shortfall, WeakTopic):
        shown.append((improvement.shortfall.title, improvement.shortfall.percent))
    return tuple(Meter(title, percent, Tone.GOOD if percent >= WEAK_PERCENT else Tone.SLOW) for title, percent in shown)


def _course_meters(facts: LearnerFacts) -> tuple[Meter, ...]:
    return tuple(
        Meter(course.title, Decimal(course.done_lessons * 100) / course.required_lessons, Tone.CALM)
        for course in facts.courses
        if course.required_lessons and course.status in {CourseStatus.ACTIVE, CourseStatus.COMPLETED}
    )[:MOST_COURSES]
