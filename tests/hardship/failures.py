"""The failures that are watched from an operator's side, and which tests of this folder a parent survives them by."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mentorium_db.migrate import downgrade, upgrade
from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox
from tests.hardship.second_process import second_process

Begin = Callable[[Sandbox, FakeParent], AbstractAsyncContextManager[object]]


@dataclass(frozen=True, slots=True)
class Failure:
    """`begin`: within it, it is so. `lasts_s`: as long as it takes to be noticed everywhere, asked for or not.

    `kills`: the part that is killed a moment after the parent has asked.
    """

    name: str
    begin: Begin
    tests: tuple[str, ...] = ()
    lasts_s: float = 12.0
    kills: str | None = None


def _fault(target: str, kind: str, **more: object) -> Begin:
    return lambda sandbox, _: sandbox.fault(target, kind, **more)


def _away(part: str) -> Begin:
    return lambda sandbox, _: sandbox.part_away(part)


@asynccontextmanager
async def _slow_answers(sandbox: Sandbox, _: FakeParent) -> AsyncIterator[None]:
    await sandbox.script_model(chunks=["Kamron ", "has ", "done ", "well."], delay_ms=300, times=2)
    yield
    await sandbox.clear_model_scripts()


@asynccontextmanager
async def _deployed(sandbox: Sandbox, _: FakeParent) -> AsyncIterator[None]:
    async with sandbox.part_away("bot"):
        yield


@asynccontextmanager
async def _worker_stopped_while_it_sends(sandbox: Sandbox, parent: FakeParent) -> AsyncIterator[None]:
    async with sandbox.fault("telegram", "timeout", match="sendMessage", times=1):
        await sandbox.rows(
            "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key, send_at, expires_at)"
            " SELECT $1::bigint, 'PAYMENT', 'paid', 'watched', moment, moment + interval '1 hour'"
            " FROM (SELECT $2::timestamptz AS moment) now",
            parent.id,
            await sandbox.now(),
        )
        await asyncio.sleep(6)  # nobody tells the sender: it looks by itself every five seconds
        await sandbox.stop_part("worker")
    yield
    await sandbox.start_part("worker")


@asynccontextmanager
async def _flooded(_: Sandbox, parent: FakeParent) -> AsyncIterator[None]:
    for _round in range(12):
        await asyncio.gather(*(parent.say("/help", wait_s=0) for _ in range(50)))
    yield


@asynccontextmanager
async def _flooded_under_limits(sandbox: Sandbox, parent: FakeParent) -> AsyncIterator[None]:
    await sandbox.call("POST", "limits", {"telegram": True})
    async with _flooded(sandbox, parent):
        yield
    await sandbox.call("POST", "limits", {"telegram": False})


@asynccontextmanager
async def _mail_away(sandbox: Sandbox, _: FakeParent) -> AsyncIterator[None]:
    address = "watched@example.uz"
    await sandbox.child("Malika", "Yusupova", email=address)
    parent = await sandbox.parent("en")
    await parent.agree()
    async with sandbox.fault("smtp", "down"):
        await parent.say(address, wait_s=0)
        yield


@asynccontextmanager
async def _clock_jumps(sandbox: Sandbox, _: FakeParent) -> AsyncIterator[None]:
    await sandbox.advance_clock("P1D")
    yield


@asynccontextmanager
async def _schema_taken_back(sandbox: Sandbox, _: FakeParent) -> AsyncIterator[None]:
    dsn = (await sandbox.state())["databases"]["bot"]
    await downgrade(dsn, "-1")
    yield
    await upgrade(dsn, "head")


@asynccontextmanager
async def _one_more(sandbox: Sandbox, module: str, event: str) -> AsyncIterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        async with second_process(sandbox, module, Path(folder) / "beside") as second:
            await second.until_logged(event)
            yield


FAILURES: Final = (
    Failure(
        "Our database only reads",
        _fault("bot_db", "read_only"),
        ("test_a_question_while_our_database_is_away", "test_everyone_hears_a_word_and_all_comes_back_alone"),
    ),
    Failure(
        "Our database is gone",
        _fault("bot_db", "down"),
        (
            "test_a_question_while_our_database_is_away",
            "test_our_database_goes_away_during_an_answer",
            "test_everyone_hears_a_word_and_all_comes_back_alone",
        ),
    ),
    Failure(
        "Our database hangs, for a minute and a half",
        _fault("bot_db", "timeout"),
        ("test_a_question_while_our_database_is_away", "test_everyone_hears_a_word_and_all_comes_back_alone"),
        90,
    ),
    Failure(
        "The answer to a COMMIT is lost, twice",
        _fault("bot_db", "commit_lost", times=2),
        ("test_a_lost_answer_to_commit_loses_nothing_and_doubles_nothing",),
    ),
    Failure(
        "Its schema lacks a migration",
        _schema_taken_back,
        ("test_the_release_before_and_this_one_live_together",),
    ),
    Failure(
        "The bot is killed while it answers",
        _slow_answers,
        (
            "test_a_bot_killed_while_it_answers",
            "test_what_was_left_behind_holds_up_no_start",
            "test_a_bot_killed_while_it_makes_a_report",
            "test_a_bot_killed_while_a_link_is_made",
            "test_what_a_killed_bot_had_said_is_not_said_again",
        ),
        20,
        kills="bot",
    ),
    Failure("The bot is stopped for a deploy", _deployed, ("test_a_deploy_stops_no_answer",), 8),
    Failure(
        "The worker is stopped while Telegram hangs over a message",
        _worker_stopped_while_it_sends,
        ("test_a_worker_that_is_told_to_stop_gives_its_work_back",),
        6,
    ),
    Failure("Telegram is away", _fault("telegram", "down"), ("test_telegram_away_when_the_answer_is_sent",)),
    Failure(
        "Telegram's answer to a message is lost",
        _fault("telegram", "drop_response", match="sendMessage", times=1),
        (
            "test_a_lost_answer_to_the_first_part_costs_no_other",
            "test_a_reply_whose_answer_is_lost_raises_no_false_alarm",
        ),
    ),
    Failure(
        "Another bot polls with this token",
        lambda sandbox, _: _one_more(sandbox, "mentorium_bot.main", "bot_started"),
        ("test_two_bots_answer_each_question_once",),
        50,
    ),
    Failure(
        "A second worker comes and goes",
        lambda sandbox, _: _one_more(sandbox, "mentorium_reporting.main", "worker_started"),
        ("test_two_workers_send_each_message_once",),
        8,
    ),
    Failure(
        "The platform hangs",
        _fault("platform_db", "timeout"),
        (
            "test_a_hanging_platform_costs_help_nothing",
            "test_a_report_while_the_platform_is_away",
            "test_everyone_hears_a_word_and_all_comes_back_alone",
        ),
        20,
    ),
    Failure("The platform is gone", _fault("platform_db", "down"), ("test_a_report_while_the_platform_is_away",)),
    Failure("Redis is away", _away("redis"), ("test_redis_away_known_parents_are_served",)),
    Failure(
        "Redis hangs",
        _fault("redis", "timeout"),
        ("test_a_hanging_redis_delays_known_parents_by_seconds", "test_everyone_hears_a_word_and_all_comes_back_alone"),
    ),
    Failure("The language model is away", _fault("openai", "down"), ("test_a_question_while_the_model_is_away",), 25),
    Failure(
        "The language model hangs",
        _fault("openai", "timeout"),
        ("test_a_question_while_the_model_is_away", "test_everyone_hears_a_word_and_all_comes_back_alone"),
        35,
    ),
    Failure(
        "The mail server is away",
        _mail_away,
        ("test_a_code_is_mailed_once_the_mail_server_is_back", "test_everyone_hears_a_word_and_all_comes_back_alone"),
    ),
    Failure("The product's clock jumps by a day", _clock_jumps, ("test_a_clock_that_jumps_takes_no_answer_away",), 8),
    Failure(
        "One parent writes 600 messages", _flooded, ("test_one_parents_flood_delays_another_by_two_seconds_at_most",)
    ),
    Failure(
        "One parent writes 600 messages, and Telegram limits the answers",
        _flooded_under_limits,
        ("test_a_flood_under_telegrams_limits_delays_nobody_else",),
    ),
)
