"""The one thing to improve, the one action for ten minutes, the one question for the child."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import takewhile

from mentorium_core.advice.model import (
    ChildQuestion,
    DatedWork,
    DoneTogether,
    HardTest,
    Improvement,
    LessStudy,
    Memory,
    OverdueWork,
    Shortfall,
    WeakTopic,
)
from mentorium_core.progress.model import (
    CourseStatus,
    LearnerFacts,
    TestResult,
    Titles,
    TopicResult,
    TopicVerdict,
    Verdict,
    percent,
)
from mentorium_core.progress.rules import is_slower, topic_strength

WEAK_PERCENT = 80
HARD_PERCENT = 70
MOST_TOLD_IN_A_ROW = 2
MOST_LATE = 2

TOPIC_CODES = frozenset(
    {
        "ai_basics",
        "how_networks_learn",
        "data_quality",
        "text_prompts",
        "image_prompts",
        "fact_checking",
        "ai_safety",
        "ai_ethics",
        "study_with_ai",
        "computer_vision",
        "chatbots",
        "ai_projects",
    }
)
ACTIONS_A_TOPIC = 3
QUESTIONS_A_TOPIC = 2
ANY_TOPIC, OVERDUE, HABIT = "any", "overdue", "habit"
ACTIONS_OF = {ANY_TOPIC: 8, OVERDUE: 4, HABIT: 8}
QUESTIONS_OF_ANY = 4


def choose_improvement(
    facts: LearnerFacts, topics: TopicVerdict | None, verdict: Verdict, memory: Memory
) -> Improvement | None:
    """One improvement or none, never two: the weaker of a weak topic and a hard test, else late work, else less study.

    A topic is told when it has a result in the period, or once more while it is unresolved; nothing is told more than
    twice in a row. Asked again about a period, the answer stays while it is still true.
    """
    new = [one for one in _shortfalls(facts, topics, verdict, memory) if _is_new(one, memory)]
    again = [one for one in new if memory.again is not None and subject_of(one) == memory.again.subject]
    shortfall = next(iter([*again, *new]), None)
    return Improvement(shortfall, choose_action(action_pool(shortfall), memory)) if shortfall else None


def subject_of(shortfall: Shortfall) -> str:
    """What tells one thing to improve from another, whatever its figures."""
    match shortfall:
        case WeakTopic(code=code, title=title):
            return f"topic:{code or _name(title)}"
        case HardTest(title=title):
            return f"test:{_name(title)}"
        case OverdueWork():
            return OVERDUE
        case LessStudy():
            return HABIT


def _name(titles: Titles) -> str:
    return titles.get("en")


def _is_new(shortfall: Shortfall, memory: Memory) -> bool:
    subject = subject_of(shortfall)
    in_a_row = takewhile(lambda told: told.subject == subject, reversed(memory.told))
    return sum(1 for _ in in_a_row) < MOST_TOLD_IN_A_ROW


def _shortfalls(
    facts: LearnerFacts, topics: TopicVerdict | None, verdict: Verdict, memory: Memory
) -> Iterator[Shortfall]:
    weak = list(_weak_topics(facts, topics, memory))
    told_as_topic = {topic.code for topic in weak if topic.code}
    hard = [test for test in _hard_tests(facts) if test.topic_code not in told_as_topic]
    if hard and (not weak or hard[0].percent < weak[0].percent):
        yield hard[0]
    yield from weak
    yield from hard
    yield from _behind(facts, verdict)


def _weak_topics(facts: LearnerFacts, topics: TopicVerdict | None, memory: Memory) -> Iterator[WeakTopic]:
    """The weakest first; those without a new result only if they were told last time and nothing has changed.

    Where the results of the period itself are good, old ones are no reason to send the child back to the topic.
    """
    if topics is None:
        return
    last_told = memory.told[-1].subject if memory.told else None
    judged = [topic for topic in facts.topics if topic.max_score > 0 and topic != topics.strongest]
    for topic in sorted(judged, key=lambda topic: (topic_strength(topic), topic.topic_id)):
        if topic.percent is None or topic.percent >= WEAK_PERCENT or _goes_well_now(topic, facts.tests):
            continue
        weak = WeakTopic(topic.code, topic.title, topic.score, topic.max_score, topic.percent)
        if topic.results_in_period or subject_of(weak) == last_told:
            yield weak


def _goes_well_now(topic: TopicResult, tests: Sequence[TestResult]) -> bool:
    own = [test for test in tests if topic.code and test.topic_code == topic.code]
    average = percent(sum((test.score for test in own), Decimal()), sum((test.max_score for test in own), Decimal()))
    return average is not None and average >= WEAK_PERCENT


def _hard_tests(facts: LearnerFacts) -> list[HardTest]:
    """The hardest first; those of a course that was left are nobody's work any more."""
    hard = [
        HardTest(test.title, test.score, test.max_score, test.percent, test.topic_code)
        for test in facts.tests
        if test.percent is not None and test.percent < HARD_PERCENT and not _is_left(test, facts)
    ]
    return sorted(hard, key=lambda test: test.percent)


def _is_left(test: TestResult, facts: LearnerFacts) -> bool:
    statuses = {course.status for course in facts.courses if course.course_id == test.course_id}
    return statuses == {CourseStatus.DROPPED}


def _behind(facts: LearnerFacts, verdict: Verdict) -> Iterator[Shortfall]:
    if verdict is Verdict.FINISHED:
        return
    if facts.late:
        yield OverdueWork(len(facts.late), dated_works(facts))
    if verdict is Verdict.SLOWED_DOWN and is_slower(facts):
        yield LessStudy(facts.active_seconds, facts.before_active_seconds)


def dated_works(facts: LearnerFacts) -> tuple[DatedWork, ...]:
    """The late works that are told by title."""
    return tuple(DatedWork(work.title, work.due_on) for work in facts.late[:MOST_LATE])


def action_pool(shortfall: Shortfall) -> tuple[str, ...]:
    """The ids of all actions that fit, the most fitting first."""
    match shortfall:
        case WeakTopic(code=code) | HardTest(topic_code=code):
            own = _numbered(code, ACTIONS_A_TOPIC) if code in TOPIC_CODES else ()
            return (*own, *_numbered(ANY_TOPIC, ACTIONS_OF[ANY_TOPIC]))
        case OverdueWork():
            return (*_numbered(OVERDUE, ACTIONS_OF[OVERDUE]), *_numbered(HABIT, ACTIONS_OF[HABIT]))
        case LessStudy():
            return _numbered(HABIT, ACTIONS_OF[HABIT])


def choose_action(pool: Sequence[str], memory: Memory) -> str:
    """The action this period had before, else the first unused in 28 days, else the one used longest ago."""
    return _least_used(pool, memory.action_ids, memory.again.action_id if memory.again else None)


def choose_question(topic_code: str | None, first_day: date, memory: Memory) -> ChildQuestion:
    """About the topic where we have questions on it, else a general one; none that was asked in 28 days."""
    turn = first_day.toordinal() // 7
    pool = [*(_turned(topic_code, QUESTIONS_A_TOPIC, turn) if topic_code in TOPIC_CODES and topic_code else ())]
    pool += _turned(ANY_TOPIC, QUESTIONS_OF_ANY, turn)
    before = memory.again.question_id if memory.again else None
    return ChildQuestion(_least_used(pool, memory.question_ids, before))


def follow_up(facts: LearnerFacts, memory: Memory) -> DoneTogether | None:
    """What became of what a report proposed, where the parent has said since then that it was done."""
    last = next((told for told in reversed(memory.told) if told.done), None)
    if last is None:
        return None
    fresh = [topic for topic in facts.topics if topic.results_in_period]
    now = [topic.percent for topic in fresh if last.subject == f"topic:{topic.code or _name(topic.title)}"]
    return DoneTogether(last.title, last.percent, next(iter(now), None))


def _least_used(pool: Sequence[str], used: Sequence[str], again: str | None) -> str:
    if again is not None and again in pool:
        return again
    last_use = {used_id: place for place, used_id in enumerate(used)}
    return min(pool, key=lambda id_: last_use.get(id_, -1))


def _turned(topic: str, count: int, turn: int) -> tuple[str, ...]:
    ids = _numbered(topic, count)
    return (*ids[turn % count :], *ids[: turn % count])


def _numbered(topic: str, count: int) -> tuple[str, ...]:
    return tuple(f"{topic}-{number}" for number in range(1, count + 1))
