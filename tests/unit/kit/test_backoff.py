from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_kit.backoff import backoff_s

FAILURES = st.integers(min_value=-1, max_value=1_000_000)
FIRST = st.floats(min_value=0.001, max_value=60.0)
LONGEST = st.floats(min_value=60.0, max_value=86_400.0)
JITTER = st.floats(min_value=0.0, max_value=1.0)


@given(FAILURES, FIRST, LONGEST, JITTER)
def test_pauses_grow_and_stay_between_the_first_and_the_longest(
    failures: int, first_s: float, longest_s: float, jitter: float
) -> None:
    pause = backoff_s(failures, first_s, longest_s, jitter=jitter)
    assert first_s <= pause <= longest_s * (1.0 + jitter)
    assert pause <= backoff_s(failures + 1, first_s, longest_s, jitter=jitter)


@given(FAILURES, FIRST, LONGEST)
def test_jitter_lengthens_a_pause_by_its_share(failures: int, first_s: float, longest_s: float) -> None:
    pause = backoff_s(failures, first_s, longest_s)
    assert backoff_s(failures, first_s, longest_s, jitter=0.5) == pytest.approx(pause * 1.5)


@pytest.mark.parametrize(("failures", "pause"), [(1, 0.5), (2, 1.0), (3, 2.0), (5, 8.0), (6, 15.0), (10**9, 15.0)])
def test_pauses_double_up_to_the_longest(failures: int, pause: float) -> None:
    assert backoff_s(failures, 0.5, 15.0) == pause
