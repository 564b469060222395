"""Trace ids: one for all that follows from one cause."""

from __future__ import annotations

from mentorium_kit.trace import current_trace, new_trace, read_trace, trace_of, tracing


def test_what_is_done_within_belongs_to_the_trace() -> None:
    assert current_trace() is None
    with tracing("a" * 32) as outer:
        assert current_trace() == outer
        with tracing(None) as inner:
            assert current_trace() == inner != outer
        assert current_trace() == outer
    assert current_trace() is None


def test_one_cause_has_one_trace_in_whichever_process() -> None:
    assert trace_of(700123456, 5, 1_800_000_000.5) == trace_of(700123456, 5, 1_800_000_000.5)
    assert trace_of(700123456, 5, 1_800_000_000.5) != trace_of(700123456, 6, 1_800_000_000.5)
    assert len({new_trace() for _ in range(100)}) == 100


def test_what_is_no_trace_is_read_as_none() -> None:
    known = new_trace()
    assert read_trace(known) == known
    for other in (None, "", 7, "z" * 32, known + "0", known.upper() + "F"):
        assert read_trace(other) is None
