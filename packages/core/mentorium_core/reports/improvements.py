"""The one thing to improve, the one action for ten minutes, the one question for the child."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mentorium_core.progress.model import LearnerFacts, TopicVerdict, Verdict
from mentorium_core.progress.rules import is_slower
from mentorium_core.reports.model import (
    ChildQuestion,
    HardTest,
    Improvement,
    LessStudy,
    Memory,
    OverdueWork,
    Shortfall,
    WeakTopic,
)

WEAK_PERCENT = 80
HARD_PERCENT = 70

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
ACTIONS_OF = {ANY_TOPIC: 8, OVERDUE: 4, HABIT: 4}
QUESTIONS_OF_ANY = 4


def choose_improvement(
    facts: LearnerFacts, topics: TopicVerdict | None, verdict: Verdict, memory: Memory
) -> Improvement | None:
    """One improvement or none, never two: a weak topic, else a hard test, else overdue work, else less study."""
    shortfall = _weak_topic(topics) or _hard_test(facts) or _behind(facts, verdict)
    return Improvement(shortfall, choose_action(action_pool(shortfall), memory)) if shortfall else None


def _weak_topic(topics: TopicVerdict | None) -> WeakTopic | None:
    if topics is None or topics.weakest.percent is None or topics.weakest.percent >= WEAK_PERCENT:
        return None
    weakest = topics.weakest
    return WeakTopic(weakest.code, weakest.title, weakest.score, weakest.max_score, topics.weakest.percent)


def _hard_test(facts: LearnerFacts) -> HardTest | None:
    hard = [
        HardTest(test.title, test.score, test.max_score, test.percent)
        for test in facts.tests
        if test.percent is not None and test.percent < HARD_PERCENT
    ]
    return min(hard, key=lambda test: test.percent, default=None)


def _behind(facts: LearnerFacts, verdict: Verdict) -> Shortfall | None:
    if verdict is Verdict.FINISHED:
        return None
    if facts.overdue:
        return OverdueWork(facts.overdue)
    if verdict is Verdict.SLOWED_DOWN and is_slower(facts):
        return LessStudy(facts.active_seconds, facts.before_active_seconds)
    return None


def action_pool(shortfall: Shortfall) -> tuple[str, ...]:
    """The ids of all actions that fit, the most fitting first."""
    match shortfall:
        case WeakTopic(code=code) if code in TOPIC_CODES:
            return (*_numbered(code, ACTIONS_A_TOPIC), *_numbered(ANY_TOPIC, ACTIONS_OF[ANY_TOPIC]))
        case WeakTopic() | HardTest():
            return _numbered(ANY_TOPIC, ACTIONS_OF[ANY_TOPIC])
        case OverdueWork():
            return (*_numbered(OVERDUE, ACTIONS_OF[OVERDUE]), *_numbered(HABIT, ACTIONS_OF[HABIT]))
        case LessStudy():
            return (*_numbered(HABIT, ACTIONS_OF[HABIT]), *_numbered(ANY_TOPIC, ACTIONS_OF[ANY_TOPIC]))


def choose_action(pool: Sequence[str], memory: Memory) -> str:
    """The action this period had before, else the first unused in 28 days, else the one used longest ago."""
    if memory.again is not None and memory.again.action_id in pool:
        return str(memory.again.action_id)
    last_use = {action_id: place for place, action_id in enumerate(memory.action_ids)}
    return min(pool, key=lambda action_id: last_use.get(action_id, -1))


def choose_question(topic_code: str | None, first_day: date) -> ChildQuestion:
    """About the topic where we have questions on it, else a general one; another one each period."""
    topic = topic_code if topic_code in TOPIC_CODES else None
    ids = _numbered(topic, QUESTIONS_A_TOPIC) if topic else _numbered(ANY_TOPIC, QUESTIONS_OF_ANY)
    return ChildQuestion(ids[first_day.toordinal() // 7 % len(ids)])


def _numbered(topic: str, count: int) -> tuple[str, ...]:
    return tuple(f"{topic}-{number}" for number in range(1, count + 1))
