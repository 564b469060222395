"""An outage fills no log: it is told when it begins, ever more rarely, and when it is over."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from mentorium_kit.errors import UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.outage import Outage


def test_an_outage_of_an_hour_is_some_twenty_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """operators D: before, two lines a second without a reason."""
    now = [100.0]
    monkeypatch.setattr("mentorium_observability.outage.time.monotonic", lambda: now[0])
    one = Outage(get_logger(__name__), "outbox_not_reached")
    with capture_logs() as lines:
        one.over()
        for _ in range(7200):
            one.failed(UnavailableError("bot_db_unavailable", reason="ConnectionRefusedError"))
            now[0] += 0.5
        one.over()
        one.over()
    assert 10 <= len(lines) <= 25
    assert (lines[0]["event"], lines[0]["reason"]) == ("outbox_not_reached", "ConnectionRefusedError")
    assert [line["event"] for line in lines].count("outbox_not_reached_no_more") == 1
