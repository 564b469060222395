"""What reaches Sentry: every error once, and nothing that belongs to a parent."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any

import pytest
import sentry_sdk
import uvicorn
from aiohttp import web

from mentorium_kit.errors import ConfigurationError, UnavailableError
from mentorium_observability import configure_logging, get_logger, log_context
from mentorium_observability.sentry_config import (
    before_send,
    configure_sentry,
    error_context,
    flush_sentry,
    name_handler,
)
from mentorium_sandbox.sentry import SentrySink

SECRETS = (
    *("Why does Aziza fail?", "Aziza", "aziza@example.uz", "+998901234567", "998901234567"),
    *("123456789:AAH0f3aBcDeFgHiJkLmNoPqRsTuVwXyZ012", "sk-verysecret", "swordfish"),
)
logger = get_logger("mentorium_test")


@dataclass(frozen=True, slots=True)
class Sentry:
    sink: SentrySink

    async def events(self) -> list[Any]:
        await flush_sentry()
        return [arrived.event for arrived in self.sink.arrived]


@pytest.fixture
def sentry(sink: SentrySink) -> Sentry:
    return Sentry(sink)


def _fail(text: str) -> None:
    raise LookupError(f"no answer to {text}")


def _failure(text: str = SECRETS[0]) -> LookupError:
    try:
        _fail(text)
    except LookupError as error:
        return error
    raise AssertionError


async def test_an_error_arrives_once_with_its_person_handler_and_trace(sentry: Sentry) -> None:
    with error_context(user_id=123456789, handler="ask"), log_context(correlation_id="abc"):
        logger.info("question_stored", dialog_id=5)
        logger.error("handler_failed", exc_info=_failure())

    (event,) = await sentry.events()

    assert event["user"] == {"id": "123456789"}
    assert event["tags"]["handler"] == "ask"
    assert (event["environment"], event["release"]) == ("test", "1.2.3")
    assert event["logentry"]["message"] == "handler_failed"
    assert event["contexts"]["log"] == {"correlation_id": "abc"}
    (error,) = event["exception"]["values"]
    assert error["type"] == "LookupError"
    assert [frame["function"] for frame in error["stacktrace"]["frames"]] == ["_failure", "_fail"]
    (crumb,) = event["breadcrumbs"]["values"]
    assert (crumb["message"], crumb["data"]["dialog_id"]) == ("question_stored", 5)


async def test_nothing_of_a_parent_leaves(sentry: Sentry) -> None:
    text, name, email, phone, bare_phone, token, key, password = SECRETS
    with error_context(user_id=7), log_context(question=text):
        logger.info("asked", text=text, first_name=name, note=f"{email} {phone}")
        logger.warning("mail to %s and %s", email, bare_phone)
        try:
            try:
                _fail(text)
            except LookupError as error:
                raise RuntimeError(f"{token} {password}") from error
        except RuntimeError as error:
            error.add_note(text)
            logger.error("handler_failed", url=f"redis://u:{password}@host", api_key=key, exc_info=error)

    (event,) = await sentry.events()

    assert len(event["exception"]["values"]) == 2
    assert not [secret for secret in SECRETS if secret in json.dumps(event, ensure_ascii=False)]


def test_what_an_integration_might_add_is_stripped() -> None:
    text = SECRETS[0]
    frame = {"function": "ask", "lineno": 1, "vars": {"text": text}}
    event: Any = {
        "event_id": "9f",
        "message": text,
        "user": {"id": "7", "username": text, "ip_address": "127.0.0.1"},
        "request": {"data": text, "headers": {"Authorization": text}, "query_string": text},
        "extra": {"text": text},
        "contexts": {"device": {"name": text}, "runtime": {"name": "CPython"}, "log": {"reply": text}},
        "breadcrumbs": {"values": [{"message": SECRETS[2], "data": {"body": text}}]},
        "exception": {"values": [{"type": "E", "value": text, "stacktrace": {"frames": [frame]}, "mechanism": None}]},
        "threads": {"values": [{"stacktrace": {"frames": [frame]}}]},
    }

    sent: Any = before_send(event, {})

    assert not [secret for secret in SECRETS if secret in json.dumps(sent, ensure_ascii=False)]
    assert sent["user"] == {"id": "7"}
    assert sent["contexts"]["runtime"] == {"name": "CPython"}
    assert sent["exception"]["values"][0]["stacktrace"]["frames"] == [{"function": "ask", "lineno": 1}]


async def test_the_same_error_told_by_two_layers_is_one_event(sentry: Sentry) -> None:
    error = _failure()

    async def tell() -> None:
        logger.error("detached_work_failed", exc_info=error)

    await asyncio.gather(tell(), tell())
    logger.error("handler_failed", exc_info=error)

    assert len(await sentry.events()) == 1


async def test_errors_of_a_library_that_made_its_own_logs_arrive_all_the_same(
    sentry: Sentry, capsys: pytest.CaptureFixture[str]
) -> None:
    uvicorn.Config(web.Application())  # configures its logging; no server is started
    configure_logging()
    logging.getLogger("uvicorn.error").error("Exception in %s", SECRETS[0], exc_info=_failure())
    (_event,) = await sentry.events()
    written = capsys.readouterr()
    assert len(written.out.splitlines()) == 1
    assert not written.err


async def test_errors_of_libraries_arrive_without_their_words(sentry: Sentry) -> None:
    logging.getLogger("uvicorn.error").error("Exception in %s", SECRETS[0], exc_info=_failure())

    (event,) = await sentry.events()

    assert event["logger"] == "uvicorn.error"
    assert SECRETS[0] not in json.dumps(event)


async def test_an_expected_outage_is_no_event(sentry: Sentry) -> None:
    logger.warning("unavailable", code="ai_unavailable", exc_info=UnavailableError("ai_unavailable"))
    logger.error("frame_failed", reason="TelegramNetworkError")

    assert await sentry.events() == []


async def test_our_own_errors_tell_their_code(sentry: Sentry) -> None:
    logger.error("event_failed", exc_info=UnavailableError("bot_db_unavailable", host=SECRETS[2]))

    (event,) = await sentry.events()
    assert event["tags"]["code"] == "bot_db_unavailable"


async def test_two_people_at_once_are_told_apart(sentry: Sentry) -> None:
    async def handle(user_id: int) -> None:
        with error_context(user_id=user_id):
            logger.info("update_begun", number=user_id)
            await asyncio.sleep(0)
            name_handler(f"handler{user_id}")
            logger.error("handler_failed", exc_info=_failure())

    await asyncio.gather(handle(1), handle(2))

    told = {
        event["user"]["id"]: (event["tags"]["handler"], [c["data"]["number"] for c in event["breadcrumbs"]["values"]])
        for event in await sentry.events()
    }
    assert told == {"1": ("handler1", [1]), "2": ("handler2", [2])}


@pytest.mark.parametrize("dsn", [None, ""])
def test_without_a_dsn_nothing_is_configured(dsn: str | None) -> None:
    configure_sentry(dsn)

    assert not sentry_sdk.get_client().is_active()
    with error_context(user_id=1):
        logger.error("handler_failed", exc_info=_failure())


def test_a_malformed_dsn_is_a_setting_to_correct() -> None:
    with pytest.raises(ConfigurationError) as refused:
        configure_sentry("https://sentry.example/no-key")

    assert refused.value.code == "sentry_dsn_malformed"
