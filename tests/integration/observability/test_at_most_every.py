from mentorium_observability.at_most_every import AtMostEvery, LogThrottle


def test_what_comes_again_within_the_time_is_not_told_again() -> None:
    throttle = AtMostEvery(60.0)
    assert [throttle.is_due() for _ in range(3)] == [True, False, False]
    assert [AtMostEvery(0.0).is_due() for _ in range(2)] == [True, True]


def test_the_line_that_is_written_says_how_many_it_stands_for() -> None:
    throttle = LogThrottle(60.0)
    assert [throttle.count() for _ in range(4)] == [1, 0, 0, 0]
    throttle._due = AtMostEvery(0.0)  # the minute is over
    assert throttle.count() == 4
