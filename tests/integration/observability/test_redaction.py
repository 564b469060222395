"""Logs carry a correlation id and never a message text, name, phone, e-mail or key."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_kit.errors import UnavailableError
from mentorium_observability import configure_logging, get_logger, log_context
from mentorium_observability.redaction import HIDDEN, redact, scrub

SECRETS = (
    "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr",
    "sk-proj-abcdef123456",
    "+998 90 111-22-33",
    "+998901112233",
    "998901112233",
    "dilnoza.karimova@example.com",
    "postgresql://bot:hunter22@db/bot",
    "Bearer abc.def.ghi",
    "8600123412341234",
    "9860 1234 1234 1234",
    "4400-1234-1234-1234",
)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    configure_logging("INFO")
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def written(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_secret_is_hidden_wherever_it_stands(secret: str) -> None:
    told = json.dumps(redact({"note": f"before {secret} after", "deep": [{"inner": (secret,)}]}))
    assert HIDDEN in told
    assert secret not in told
    assert "hunter22" not in told


@given(st.text(max_size=50), st.sampled_from(["text", "Phone", "first_name", "bot_token", "email", "child_name"]))
def test_fields_that_hold_private_things_are_hidden_whole(value: str, field: str) -> None:
    assert redact({"outer": {field: value}}) == {"outer": {field: HIDDEN}}


def test_harmless_fields_stay_as_they_are() -> None:
    fields = {
        "user_id": 100200300400,
        "subscription": "monthly",
        "seconds": 1.5,
        "day": "2026-11-23 23:34:37",
        "ok": True,
    }
    assert redact(fields) == fields


@pytest.mark.parametrize(
    "number", ["1764000000000000", "860012341234123", "86001234123412345", "65f2a8600123412341234bc1"]
)
def test_an_id_or_a_moment_is_no_card(number: str) -> None:
    assert scrub(f"id {number}") == f"id {number}"


def test_scrubbing_leaves_ordinary_words_alone() -> None:
    text = "update 123456789 handled in 12 ms on 2026-11-23T10:00:00+05:00"
    assert scrub(text) == text


def test_a_line_has_its_correlation_id_and_no_exception_message(lines: io.StringIO) -> None:
    logger = get_logger("test")
    with log_context(correlation_id="abc123"):
        try:
            raise UnavailableError("platform_db_unavailable", host="secret-host")
        except UnavailableError as error:
            try:
                raise ValueError("Dilnoza asked about Aziz") from error
            except ValueError:
                logger.exception("handler_failed", text="how is Aziz?")
    (line,) = written(lines)
    assert line["correlation_id"] == "abc123"
    assert line["event"] == "handler_failed"
    assert "ValueError" in line["exception"]
    assert "platform_db_unavailable" in line["exception"]
    assert not any(word in json.dumps(line) for word in ("Aziz", "Dilnoza", "secret-host"))


def test_lines_of_libraries_are_json_and_scrubbed_too(lines: io.StringIO) -> None:
    logging.getLogger("somebody").warning("calling %s", f"https://api/bot{SECRETS[0]}/getMe")
    (line,) = written(lines)
    assert line["level"] == "warning"
    assert SECRETS[0] not in json.dumps(line)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="LOUD"):
        configure_logging("LOUD")
