from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mentorium_core.progress.model import CourseProgress, CourseStatus, ForecastRange, Titles, TopicResult
from mentorium_core.progress.rules import forecast, milestones, milestones_reached, topic_strength, topic_verdict

TODAY = date(2026, 11, 23)


def topic(topic_id: int, score: int, max_score: int, results: int) -> TopicResult:
    return TopicResult(topic_id, f"t{topic_id}", Titles(en="T"), Decimal(score), Decimal(max_score), results)


def course(
    done: int = 16,
    required: int = 40,
    last_28: int = 8,
    busy: int = 4,
    status: CourseStatus = CourseStatus.ACTIVE,
    in_period: int = 0,
) -> CourseProgress:
    return CourseProgress(
        1,
        "ai",
        Titles(en="AI"),
        status,
        required,
        done,
        done_in_period=in_period,
        done_last_28_days=last_28,
        busy_weeks_of_4=busy,
    )


topics = st.builds(
    lambda n, results, share: topic(n, results * share, results * 20, results),
    st.integers(1, 50),
    st.integers(1, 8),
    st.integers(0, 20),
)


def test_strength_by_hand() -> None:
    """18 of 20 in one test: (0.9 + 1.5) / 3. One perfect test does not beat four good ones."""
    assert topic_strength(topic(1, 18, 20, 1)) == Fraction(24, 30)
    assert topic_strength(topic(1, 20, 20, 1)) < topic_strength(topic(2, 77, 80, 4))


@pytest.mark.parametrize(
    "too_little",
    [
        [],
        [topic(1, 18, 20, 1)],
        [topic(1, 180, 200, 10)],
        [topic(1, 18, 20, 1), topic(2, 4, 20, 1)],
        [topic(1, 30, 40, 2), topic(2, 15, 20, 1)],
    ],
)
def test_no_topic_is_named_on_little_data_or_equal_strength(too_little: list[TopicResult]) -> None:
    if len(too_little) == 2 and sum(t.results for t in too_little) == 3:
        assert topic_strength(too_little[0]) == topic_strength(too_little[1])
    assert topic_verdict(too_little) is None


@given(st.lists(topics, max_size=8, unique_by=lambda t: t.topic_id))
def test_strongest_and_weakest_are_the_ends_of_the_order(given_topics: list[TopicResult]) -> None:
    found = topic_verdict(given_topics)
    if found is None:
        strengths = {topic_strength(t) for t in given_topics}
        assert len(given_topics) < 2 or sum(t.results for t in given_topics) < 3 or len(strengths) == 1
    else:
        assert topic_strength(found.weakest) < topic_strength(found.strongest)
        for other in given_topics:
            assert topic_strength(found.weakest) <= topic_strength(other) <= topic_strength(found.strongest)


@given(
    st.lists(topics, max_size=8, unique_by=lambda t: t.topic_id).flatmap(
        lambda ts: st.tuples(st.just(ts), st.permutations(ts))
    )
)
def test_the_order_of_topics_does_not_matter(pair: tuple[list[TopicResult], list[TopicResult]]) -> None:
    assert topic_verdict(pair[0]) == topic_verdict(pair[1])


@given(topics)
def test_strength_lies_between_the_result_and_the_usual(of: TopicResult) -> None:
    share = Fraction(of.score) / Fraction(of.max_score)
    assert min(share, Fraction(3, 4)) <= topic_strength(of) <= max(share, Fraction(3, 4))


def test_a_forecast_by_hand() -> None:
    """24 lessons left at two a week: 12 weeks; a tenth faster is 1 February, a fifth slower 8 March."""
    assert forecast(course(), TODAY) == ForecastRange(date(2027, 2, 1), date(2027, 3, 1))


@pytest.mark.parametrize(
    "hopeless",
    [
        course(busy=1),
        course(busy=0, last_28=0),
        course(last_28=0),
        course(done=40),
        course(done=0, required=0),
        course(done=0, required=400, last_28=2, busy=2),
        course(done=0, required=2**31 - 1, last_28=2, busy=2),  # inputs A: more days than a timedelta holds
        *(course(status=status) for status in CourseStatus if status is not CourseStatus.ACTIVE),
    ],
)
def test_no_forecast_where_it_would_be_a_guess(hopeless: CourseProgress) -> None:
    assert forecast(hopeless, TODAY) is None


@given(
    required=st.integers(1, 200),
    done=st.integers(0, 200),
    last_28=st.integers(2, 60),
    today=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
)
def test_the_steady_date_lies_in_the_forecast(required: int, done: int, last_28: int, today: date) -> None:
    assume(done < required)
    found = forecast(course(done, required, last_28, busy=2), today)
    steady_days = -(-(required - done) * 28 // last_28)  # a day begun counts, as it does in the rule
    if found is None:
        assert steady_days / 0.8 > 730
    else:
        assert found.first_month.day == found.last_month.day == 1
        steady = (today + timedelta(days=steady_days)).replace(day=1)
        assert today.replace(day=1) <= found.first_month <= steady <= found.last_month


@given(st.integers(1, 100), st.integers(2, 30), st.integers(2, 30))
def test_who_does_more_is_never_told_a_later_month(remaining: int, slow: int, fast: int) -> None:
    slow, fast = sorted((slow, fast))
    slower, faster = (forecast(course(0, remaining, pace, busy=2), TODAY) for pace in (slow, fast))
    if slower is not None:
        assert faster is not None
        assert faster.first_month <= slower.first_month
        assert faster.last_month <= slower.last_month


@pytest.mark.parametrize(
    ("done", "required", "reached"),
    [
        (0, 40, ()),
        (9, 40, ()),
        (10, 40, (25,)),
        (19, 40, (25,)),
        (20, 40, (25, 50)),
        (30, 40, (25, 50, 75)),
        (40, 40, (25, 50, 75)),
        (0, 0, ()),
        (1, 3, (25,)),
        (2, 3, (25, 50)),
        (3, 3, (25, 50, 75)),
    ],
)
def test_milestones(done: int, required: int, reached: tuple[int, ...]) -> None:
    assert milestones(done, required) == reached


@given(st.integers(1, 300), st.data())
def test_over_many_periods_each_milestone_is_reached_once(required: int, data: st.DataObject) -> None:
    done, seen = 0, list[int]()
    while done < required:
        step = data.draw(st.integers(1, required))
        step = min(step, required - done)
        done += step
        seen += milestones_reached(course(done, required, in_period=step))
    assert seen == [25, 50, 75]
