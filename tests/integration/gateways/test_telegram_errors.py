"""Whatever answers in Telegram's place, what comes out of the gateway is one of our own errors."""

from __future__ import annotations

import pytest
from aiogram import Bot
from prometheus_client import REGISTRY

from mentorium_core.notifications.model import ChatBlocked, NotTaken, Outcome, Postponed, Refused, Unclear
from mentorium_gateways.telegram import (
    AnswerLostError,
    ChatClosedError,
    ChatMovedError,
    OtherPollerError,
    RequestRefusedError,
    TelegramError,
    TelegramRateLimitError,
    TelegramUnavailableError,
    TokenRefusedError,
    make_bare_bot,
    make_bot,
)
from mentorium_gateways.telegram.outcomes import outcome_of
from mentorium_kit.errors import UnavailableError
from tests.integration.gateways.telegram_stand_in import TOKEN, Answer, TelegramStandIn, refusal

HTML_502 = Answer(502, "<html><h1>502 Bad Gateway</h1></html>")
NOBODY = "http://127.0.0.1:1"

FAILURES: list[tuple[Answer, type[TelegramError], type[Outcome]]] = [
    (HTML_502, TelegramUnavailableError, NotTaken),
    (refusal(500, "Internal Server Error"), TelegramUnavailableError, NotTaken),
    (Answer(503, ""), TelegramUnavailableError, NotTaken),
    (Answer(504, "<html>"), AnswerLostError, Unclear),
    (Answer(200, "<html>a login page of somebody's network"), AnswerLostError, Unclear),
    (Answer(200, '{"ok": true, "result": {"message_id": "none"}}'), AnswerLostError, Unclear),
    (Answer(text=None), AnswerLostError, Unclear),
    (refusal(429, "Too Many Requests: retry after 7", retry_after=7), TelegramRateLimitError, Postponed),
    (Answer(429, "<html>slow down"), TelegramRateLimitError, Postponed),
    (refusal(403, "Forbidden: bot was blocked by the user"), ChatClosedError, ChatBlocked),
    (refusal(400, "Bad Request: chat not found"), ChatClosedError, ChatBlocked),
    (refusal(400, "Bad Request: message is too long"), RequestRefusedError, Refused),
    (refusal(413, "Request Entity Too Large"), RequestRefusedError, Refused),
    (refusal(400, "group upgraded", migrate_to_chat_id=-5), ChatMovedError, Refused),
    (refusal(401, "Unauthorized"), TokenRefusedError, NotTaken),
    (refusal(404, "Not Found"), TokenRefusedError, NotTaken),
    (refusal(409, "Conflict: terminated by other getUpdates request"), OtherPollerError, Refused),
]


@pytest.mark.parametrize(("answer", "error", "outcome"), FAILURES, ids=lambda one: str(one)[:60])
async def test_each_failure_has_its_own_error_and_outcome(
    telegram: TelegramStandIn, bare: Bot, answer: Answer, error: type[TelegramError], outcome: type[Outcome]
) -> None:
    """durability 15"""
    telegram.will_answer(answer)
    with pytest.raises(TelegramError) as raised:
        await bare.send_message(1, "Hello")
    assert type(raised.value) is error
    assert type(outcome_of(raised.value)) is outcome
    assert TOKEN not in str(raised.value)
    assert telegram.asked[0][0] == "sendMessage"
    assert len(telegram.asked) == 1


async def test_no_connection_is_certainly_not_taken() -> None:
    async with make_bare_bot(TOKEN, NOBODY).context() as bot:
        with pytest.raises(TelegramUnavailableError) as raised:
            await bot.send_message(1, "Hello")
    assert isinstance(raised.value, UnavailableError)
    assert outcome_of(raised.value) == NotTaken("telegram_unavailable")


async def test_how_long_telegram_wants_us_to_wait_comes_through(telegram: TelegramStandIn, bare: Bot) -> None:
    telegram.will_answer(refusal(429, "Too Many Requests: retry after 7", retry_after=7))
    with pytest.raises(TelegramRateLimitError) as raised:
        await bare.send_message(1, "Hello")
    assert raised.value.retry_after_s == 7
    assert outcome_of(raised.value) == Postponed(7)


@pytest.mark.parametrize("answer", [HTML_502, refusal(500, "Internal Server Error")], ids=["html_502", "500"])
async def test_a_page_of_html_is_retried_where_a_500_is(telegram: TelegramStandIn, answer: Answer) -> None:
    """durability 15"""
    telegram.will_answer(answer)
    async with make_bot(TOKEN, telegram.url).context() as bot:
        assert (await bot.send_message(1, "Hello")).message_id == 7
    assert len(telegram.asked) == 2


async def test_what_may_have_arrived_is_not_sent_again(telegram: TelegramStandIn) -> None:
    telegram.will_answer(Answer(text=None))
    async with make_bot(TOKEN, telegram.url).context() as bot:
        with pytest.raises(AnswerLostError):
            await bot.send_message(1, "Hello")
    assert len(telegram.asked) == 1


def _counted(status: str) -> float | None:
    return REGISTRY.get_sample_value("telegram_requests_total", {"method": "sendMessage", "status": status})


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (refusal(429, "Too Many Requests: retry after 7", retry_after=7), "rate_limited"),
        (HTML_502, "unavailable"),
        (refusal(400, "Bad Request: message is too long"), "refused"),
    ],
)
async def test_every_call_is_counted_by_its_method_and_end(
    telegram: TelegramStandIn, bare: Bot, answer: Answer, status: str
) -> None:
    """operators D: Telegram's 429s, and how long its answers take."""
    before = _counted(status) or 0.0
    telegram.will_answer(answer)
    with pytest.raises(TelegramError):
        await bare.send_message(1, "Hello")
    assert _counted(status) == before + 1
    assert _counted("success") is not None, "from the first call on"
    took = REGISTRY.get_sample_value("telegram_request_duration_seconds_count", {"method": "sendMessage"})
    assert took is not None
    assert took >= before + 1
