from mentorium_observability.at_most_every import AtMostEvery


def test_what_comes_again_within_the_time_is_not_told_again() -> None:
    throttle = AtMostEvery(60.0)
    assert [throttle.is_due() for _ in range(3)] == [True, False, False]
    assert [AtMostEvery(0.0).is_due() for _ in range(2)] == [True, True]
