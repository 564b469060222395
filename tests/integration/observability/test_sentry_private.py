"""Nothing of a person leaves for Sentry, by whatever way it got near an error: each kind is sent through each way."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

import pytest
import sentry_sdk

from mentorium_kit.errors import UnavailableError
from mentorium_kit.trace import tracing
from mentorium_observability import get_logger, log_context
from mentorium_observability.sentry_config import error_context, flush_sentry
from mentorium_sandbox.sentry import SentrySink

PRIVATE = {
    "a name": "Zarnigor",
    "a phone": "+998901234567",
    "a phone, spaced": "998 90 123 45 67",
    "a phone, as it is said in the country": "90 123-45-67",
    "an e-mail": "zarnigor@example.uz",
    "a bot's token": "123456789:AAH0f3aBcDeFgHiJkLmNoPqRsTuVwXyZ012",
    "a key of the model": "sk-proj-verysecret123",
    "a bearer": "Bearer eyJhbGciOi.J9",
    "a login": "Basic UGF5Y29tOnNlY3JldA==",
    "a password": "swordfish9",
    "a card": "8600 1234 5678 9012",
    "a card, plain": "9860123456789012",
    "a question": "Why does she fail?",
}
SPOKEN = frozenset({"a name", "a password", "a question"})
"""What no pattern can know: it may stand only where nothing of the kind is let through at all."""
logger = get_logger("mentorium_test")


async def sent(sink: SentrySink) -> Any:
    await flush_sentry()
    (arrived,) = sink.arrived
    return arrived.event


def _fail(secret: str) -> None:
    kept = {"first_name": secret, "note": secret}  # locals of a frame
    raise LookupError(f"no answer to {secret} of {len(kept)}")


def in_the_exceptions_message(secret: str) -> None:
    try:
        _fail(secret)
    except LookupError as error:
        logger.error("handler_failed", exc_info=error)


def in_a_chain_with_notes(secret: str) -> None:
    try:
        try:
            _fail(secret)
        except LookupError as error:
            error.add_note(secret)
            raise RuntimeError(secret, {"card": secret}) from error
    except RuntimeError:
        logger.exception("handler_failed")


def in_our_own_errors_context(secret: str) -> None:
    logger.error("job_failed", exc_info=UnavailableError("mail_unavailable", address=secret, reason=secret))


def in_a_breadcrumb(secret: str) -> None:
    logger.info("asked", text=secret, child=secret, phone=secret, token=secret, body={"first_name": secret})
    in_the_exceptions_message("nothing")


def in_a_librarys_words(secret: str) -> None:
    logging.getLogger("some.library").warning("sending to %s", secret)
    sentry_sdk.add_breadcrumb(category="http", message="POST", data={"body": secret, "authorization": secret})
    try:
        _fail(secret)
    except LookupError:
        logging.getLogger("some.library").exception("could not send to %s", secret)


def in_what_an_integration_adds(secret: str) -> None:
    scope = sentry_sdk.get_isolation_scope()
    scope.set_extra("payload", secret)
    scope.set_context("request body", {"data": secret})
    scope.set_user({"id": "7", "username": secret, "email": secret, "ip_address": secret})
    scope.add_event_processor(lambda event, _: {**event, "request": {"data": secret, "headers": {"X": secret}}})
    in_the_exceptions_message(secret)
    scope.clear()


def in_a_handlers_parameters(secret: str) -> None:
    given = {
        "first_name": secret,
        "text": secret,
        "note": secret,
        "kind": [secret],
        "parts": {secret},
    }
    with error_context(user_id=7, handler="ask_mentor", parameters=given):
        in_the_exceptions_message(secret)


def in_a_jobs_arguments(secret: str) -> None:
    given = {"address": secret, "token": secret, "code": secret, "until": secret, "attempt_id": 5}
    with error_context(handler="charge_card", parameters=given), log_context(handler="charge_card", token=secret):
        in_the_exceptions_message(secret)


def in_the_words_of_the_command(secret: str) -> None:
    before, sys.argv = sys.argv, ["mentorium", "grant", secret]
    try:
        in_the_exceptions_message(secret)
    finally:
        sys.argv = before


WAYS = (
    *(in_the_exceptions_message, in_a_chain_with_notes, in_our_own_errors_context, in_a_breadcrumb),
    *(in_a_librarys_words, in_what_an_integration_adds, in_a_handlers_parameters, in_a_jobs_arguments),
    in_the_words_of_the_command,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_no_kind_of_private_data_leaves_by(sink: SentrySink, way: Callable[[str], None]) -> None:
    for secret in PRIVATE.values():
        with sentry_sdk.isolation_scope():
            way(secret)
    await flush_sentry()
    assert len(sink.arrived) == len(PRIVATE)
    told = json.dumps([arrived.event for arrived in sink.arrived], ensure_ascii=False)
    assert {kind for kind, secret in PRIVATE.items() if secret in told} == set()
    assert "LookupError" in told or "UnavailableError" in told


async def test_what_a_pattern_can_know_is_hidden_even_in_a_free_field(sink: SentrySink) -> None:
    """A field whose name gives nothing away, in a breadcrumb and in the line itself."""
    known = [secret for kind, secret in PRIVATE.items() if kind not in SPOKEN]
    logger.info("asked", note=" and ".join(known))
    logger.error("failed", reason=" and ".join(known), exc_info=LookupError())
    told = json.dumps(await sent(sink), ensure_ascii=False)
    assert [secret for secret in known if secret in told] == []


async def test_what_stands_under_a_name_for_our_own_words_is_looked_at_too(sink: SentrySink) -> None:
    known = [secret for kind, secret in PRIVATE.items() if kind not in {"a name", "a password"}]
    for secret in known:
        with error_context(parameters={"method": secret, "button": secret}):
            in_the_exceptions_message("nothing")
    await flush_sentry()
    told = json.dumps([arrived.event for arrived in sink.arrived], ensure_ascii=False)
    assert [secret for secret in known if secret in told] == []


async def test_what_helps_is_there(sink: SentrySink) -> None:
    """User id, handler, parameters, stack, trace: what the specification asks for."""
    given = {"update_id": 5, "kind": "callback_query", "button": "report:week", "text": "Why?", "other": "words"}
    with tracing("0123456789abcdef0123456789abcdef"), error_context(user_id=7, handler="ask", parameters=given):
        in_the_exceptions_message("nothing")
    event = await sent(sink)
    assert event["user"] == {"id": "7"}
    assert event["tags"] == {"handler": "ask", "trace_id": "0123456789abcdef0123456789abcdef"}
    assert event["contexts"]["parameters"] == {
        **given,
        "text": "[hidden]",
        "other": "text of 5",
    }
    frames = event["exception"]["values"][-1]["stacktrace"]["frames"]
    assert [frame["function"] for frame in frames] == ["in_the_exceptions_message", "_fail"]
    assert not any("vars" in frame for frame in frames)
