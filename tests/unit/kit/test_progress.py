"""Liveness means progress."""

from __future__ import annotations

import pytest

from mentorium_kit.progress import Progress


def test_only_what_has_something_to_do_can_stall(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("mentorium_kit.progress.time.monotonic", lambda: now[0])
    one = Progress()
    now[0] += 60
    assert one.stalled_s() == 0
    one.begin()
    now[0] += 10
    one.begin()
    now[0] += 10
    assert one.stalled_s() == 20
    one.mark()
    now[0] += 5
    assert one.stalled_s() == 5
    one.rest()
    assert one.stalled_s() == 0
