from mentorium_observability.once import Once


def test_each_key_is_told_once_and_only_the_latest_are_remembered() -> None:
    once = Once(most=2)
    assert [once.is_first(key) for key in ("a", "a", "b", "a", "c", "c", "a")] == [
        *(True, False, True, False, True, False),
        True,
    ]
