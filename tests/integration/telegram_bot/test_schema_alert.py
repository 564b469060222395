"""A schema that this code does not know meets every update; the team is told once a minute."""

from __future__ import annotations

import pytest

from mentorium_bot import schema_alert
from mentorium_kit.errors import SchemaUnknownError, UnavailableError
from mentorium_observability.at_most_every import AtMostEvery
from tests.fixtures.log_lines import reading_the_log


def test_many_updates_are_one_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schema_alert._alerts, "update", AtMostEvery(schema_alert.EVERY_S))
    with reading_the_log("bot") as log:
        schema_alert.tell_schema_unknown(UnavailableError("bot_db_unavailable"), "update")
        for _ in range(20):
            schema_alert.tell_schema_unknown(SchemaUnknownError("bot_db_schema_unknown"), "update")
    (told,) = log.of("schema_unknown")
    assert told["level"] == "error", "Sentry hears of errors"
