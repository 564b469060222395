"""One id from an update to its answer, and lines from which support can tell what happened, without anybody's data."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container, build
from mentorium_bot.intake import conflict
from mentorium_bot.main import health_of, serve
from mentorium_db import get_session
from mentorium_kit.nursery import Nursery
from mentorium_kit.trace import LENGTH
from tests.fixtures.log_lines import LogLines, reading_the_log
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import TOKEN, Mailbox, Outside, running, working
from tests.integration.telegram_bot.helpers import plain, settled, subscribed_parent, until


@pytest.fixture
def log() -> Iterator[LogLines]:
    with reading_the_log("bot") as lines:
        yield lines


async def _column(query: str, **parameters: object) -> list[Any]:
    async with get_session() as session:
        return list(await session.scalars(text(query), parameters))


async def test_a_question_is_followed_by_one_id_from_its_update_to_its_answer(
    outside: Outside, log: LogLines, bot: Container
) -> None:
    """operators D"""
    user = await subscribed_parent(outside)
    assert "Aziz" in plain(await outside.say(user, "How did studying go last week?"))
    await until(lambda: settled(user))
    (trace,) = await _column("SELECT trace_id FROM dialogs WHERE parent_telegram_id = :user", user=user)
    assert len(trace) == LENGTH
    events = [line["event"] for line in log.all() if line.get("trace_id") == trace]
    assert events[:1] == ["question_stored"]
    assert {"update_handled", "model_called", "message_sent", "answer_delivered"} <= set(events)
    others = {line["trace_id"] for line in log.of("update_handled")} - {trace}
    assert len(others) == len(log.of("update_handled")) - 1, "each update has its own"


async def test_an_event_has_the_trace_of_its_update(outside: Outside, log: LogLines, bot: Container) -> None:
    await subscribed_parent(outside)
    handled = {line["trace_id"] for line in log.of("update_handled")}
    kept = await _column("SELECT trace_id FROM event_logs WHERE user_telegram_id IS NOT NULL")
    assert kept
    assert handled >= {trace for trace in kept if trace is not None}
    assert any(kept)


async def test_each_line_names_process_version_and_handler(outside: Outside, log: LogLines, bot: Container) -> None:
    """operators D"""
    user = await outside.user()
    await outside.say(user, "/start")
    await outside.say(user, "/help")
    assert {line["process"] for line in log.all()} == {"bot"}
    assert all(line["version"] and line["handler"] for line in log.all())
    assert {line["handler"] for line in log.of("update_handled")} == {"start", "give_help"}


async def test_a_model_call_a_message_and_a_report_have_one_line_each(
    outside: Outside, log: LogLines, bot: Container
) -> None:
    """operators A1, D"""
    user = await subscribed_parent(outside)
    before = len(log.of("message_sent"))
    await outside.say(user, "How did studying go last week?")
    call = log.of("model_called")[-1]
    assert call["reason"] == "ok"
    assert call["input_tokens"] > 0
    assert len(log.of("message_sent")) == before + 1
    asked = await outside.say(user, "/report")
    await outside.press(user, asked[-1], "report:week")
    assert [line["type"] for line in log.of("report_made")] == ["ON_DEMAND"]


async def test_a_refusal_has_a_line_with_its_reason_and_nobodys_data(
    outside: Outside, log: LogLines, with_mail: BotSettings, mailbox: Mailbox
) -> None:
    """operators A17: "I can't get in" can be answered."""
    child = await outside.child("Aziz", email="sevara@example.com")
    async with running(with_mail) as container, working(with_mail):
        user = await outside.user()
        await outside.start(user, "no-such-code")
        await outside.parent(user).agree(None)
        await outside.say(user, "sevara@example.com")
        code = await mailbox.code_to("sevara@example.com")
        await outside.say(user, f"{(int(code) + 1) % 1_000_000:06}")
        assert container is not None
    told = [(line["code"], line["reason"]) for line in log.of("refused")]
    assert told == [("link_code_refused", "malformed"), ("email_code_refused", "wrong")]
    assert len(log.of("mail_sent")) == 1
    everything = json.dumps(log.all())
    for private in ("sevara", "no-such-code", code, child.link_code):
        assert private not in everything


async def test_a_poller_in_conflict_is_red_and_says_who_the_other_is(
    outside: Outside, settings: BotSettings, log: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """operators A17"""
    monkeypatch.setattr(conflict, "TOLERATED_S", 1.0)
    async with running(settings) as container:
        health = health_of(container)
        assert (await health.full()).http_status == 200
        nursery = Nursery(lambda *_: None)
        other = nursery.start(_poll_too(outside.url), name="the-other")

        async def is_red() -> bool:
            return (await health.full()).http_status == 503

        await until(is_red)
        full = await health.full()
        parts: Any = full.body["parts"]
        assert parts["polling"] == "another_process_polls_with_this_token"
        assert (await health.ready()).http_status == 200
        await until(lambda: _is_there(log, "another_process_polls_with_this_token"))
        other.cancel()


async def _poll_too(url: str) -> None:
    async with aiohttp.ClientSession() as http:
        while True:
            async with http.get(f"{url}/bot{TOKEN}/getUpdates", params={"timeout": "20", "offset": "-1"}) as answer:
                await answer.read()
            await asyncio.sleep(0.3)


async def _is_there(log: LogLines, event: str) -> bool:
    return bool(log.of(event))


async def test_the_start_says_what_runs_and_health_is_watched(
    outside: Outside, settings: BotSettings, log: LogLines
) -> None:
    """operators A17, D"""
    async with running(settings) as container:
        pass
    (started,) = log.of("bot_started")
    assert started["mode"] == "polling"
    assert started["database"].startswith("test_bot_")
    assert started["bot_id"] == container.bot.id
    assert "postgresql" not in json.dumps(started)


@pytest.mark.parametrize("loop", ["polling", "questions", "turns"])
async def test_stalled_loops_of_the_bot_are_told(
    outside: Outside, settings: BotSettings, monkeypatch: pytest.MonkeyPatch, loop: str
) -> None:
    """Liveness means progress: each by its own name, for it is that loop which is started again."""
    container, stopping = build(settings), asyncio.Event()
    health = health_of(container)
    dialogs = container.dialogs
    stalls = {"polling": container.intake.poller, "questions": dialogs._progress, "turns": dialogs._turns._progress}
    monkeypatch.setattr(stalls[loop], "stalled_s", lambda: 61.0)
    serving = asyncio.create_task(serve(container, stopping, health))

    async def is_dead() -> bool:
        return (await health.live()).http_status == 503

    await until(is_dead)
    parts: Any = (await health.live()).body["parts"]
    assert parts == {loop: "stalled"}
    stopping.set()
    await asyncio.wait_for(serving, HANGS_AFTER_S)
    await container.close()
