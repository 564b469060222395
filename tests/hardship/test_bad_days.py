"""Servers that hang, refuse, are read-only or cut off: everyone gets a word in time, the answer follows by itself."""

from __future__ import annotations

import asyncio

import pytest

from mentorium_core.i18n import t
from mentorium_sandbox.client import plain_text
from tests.e2e.sandbox import Sandbox
from tests.fixtures.long_form import others_in_soak
from tests.hardship.conftest import A_WORD_WITHIN_S, from_bot, registered, registration_is_back, seconds_until

QUESTION = "How did the last week go?"


@pytest.mark.parametrize("kind", others_in_soak(["read_only", "down", "timeout"], "read_only", "timeout"))
async def test_a_question_while_our_database_is_away(sandbox: Sandbox, kind: str) -> None:
    """durability 4, 9; operators A2: a word from memory, and the answer by itself when the database is back."""
    parent = await registered(sandbox)
    before = len(await from_bot(parent))

    async def has_heard() -> bool:
        return t("en", "inbox-kept") in (await from_bot(parent))[before:]

    async with sandbox.fault("bot_db", kind):
        await parent.say(QUESTION, wait_s=0)
        assert await seconds_until(has_heard) < A_WORD_WITHIN_S

    async def is_answered() -> bool:
        return "Kamron" in "".join((await from_bot(parent))[before:])

    await seconds_until(is_answered, most=60)
    assert sum("Kamron" in said for said in (await from_bot(parent))[before:]) == 1

    async def is_written_down() -> bool:
        rows = await sandbox.rows("SELECT status FROM dialogs WHERE parent_telegram_id = $1", parent.id)
        return [row["status"] for row in rows] == ["answered"]

    await seconds_until(is_written_down, most=60)


@pytest.mark.parametrize("kind", others_in_soak(["read_only", "down"], "down"))
async def test_our_database_goes_away_during_an_answer(sandbox: Sandbox, kind: str) -> None:
    """inputs R; durability 4: nobody is asked to ask again and then answered unasked: the answer comes, once."""
    parent = await registered(sandbox)
    before = len(await from_bot(parent))
    await sandbox.script_model(chunks=["Kamron ", *["has "] * 6, "done well."], delay_ms=300, times=2)
    await parent.say(QUESTION, wait_s=0)
    await asyncio.sleep(1)
    async with sandbox.fault("bot_db", kind):
        await asyncio.sleep(6)

    async def is_written_down() -> bool:
        rows = await sandbox.rows("SELECT status FROM dialogs WHERE parent_telegram_id = $1", parent.id)
        return [row["status"] for row in rows] == ["answered"]

    await seconds_until(is_written_down, most=60)
    await sandbox.clear_model_scripts()
    said = (await from_bot(parent))[before:]
    assert sum("done well" in one for one in said) == 1
    assert t("en", "error-unavailable") not in said


async def test_a_lost_answer_to_commit_loses_nothing_and_doubles_nothing(sandbox: Sandbox) -> None:
    """durability 11: a report that was asked for. A question is stored by one statement, and has no COMMIT to lose."""
    parent = await registered(sandbox)
    await parent.say("/report")
    before = len(await from_bot(parent))
    async with sandbox.fault("bot_db", "commit_lost", times=2, match="*insert into report_history*"):
        await parent.press("report:week", wait_s=0)

        async def has_come() -> bool:
            return any("Kamron" in said for said in (await from_bot(parent))[before:])

        await seconds_until(has_come, most=60)
    assert sum("Kamron" in said for said in (await from_bot(parent))[before:]) == 1
    rows = await sandbox.rows("SELECT id FROM report_history WHERE parent_telegram_id = $1", parent.id)
    assert len(rows) == 1
    log = (sandbox.folder / "logs" / "bot.jsonl").read_text(encoding="utf-8")
    assert "update_will_be_retried" in log, "the answer to a COMMIT was lost"


@pytest.mark.parametrize("moment_s", others_in_soak([0.05, 0.4, 1.0, 2.0], 0.4, 1.0))
async def test_a_bot_killed_while_it_answers(sandbox: Sandbox, moment_s: float) -> None:
    """durability 6, 7, 10: the question is answered once, by whoever comes up."""
    parent = await registered(sandbox)
    before = len(await from_bot(parent))
    await sandbox.script_model(chunks=["Kamron ", "has ", "done ", "well."], delay_ms=300, times=2)
    await parent.say(QUESTION, wait_s=0)
    await asyncio.sleep(moment_s)
    await sandbox.kill_part("bot")

    in_doubt = t("en", "inbox-answer-in-doubt")

    async def is_answered() -> bool:
        said = (await from_bot(parent))[before:]
        return in_doubt in said or "Kamron" in "".join(said)

    await seconds_until(is_answered, most=60)
    await sandbox.clear_model_scripts()
    await sandbox.wait_until_ready()
    said = (await from_bot(parent))[before:]
    assert sum("Kamron" in one for one in said) <= 1
    assert any("Kamron" in one for one in said) or in_doubt in said, "answered, or told that it was in flight"
    assert "stopped" not in [
        row["status"]
        for row in await sandbox.rows("SELECT status FROM dialogs WHERE parent_telegram_id = $1", parent.id)
    ]


async def test_what_was_left_behind_holds_up_no_start(sandbox: Sandbox) -> None:
    """durability 14: twelve questions wait and the platform hangs; /help is answered as soon as the bot is up."""
    parents = [await registered(sandbox) for _ in range(2)]
    other = await registered(sandbox)
    before = len(await from_bot(other))
    await sandbox.stop_part("bot")
    await sandbox.rows(
        "INSERT INTO dialogs (parent_telegram_id, user_message, language, created_at, owner, lease_until, tries)"
        " SELECT id, 'Question ' || n, 'en', $2, 'who was killed', now(), 1"
        " FROM unnest($1::bigint[]) AS id, generate_series(1, 6) AS n",
        [parent.id for parent in parents],
        await sandbox.now(),
    )
    async with sandbox.fault("platform_db", "timeout"):
        await other.say("/help", wait_s=0)
        await sandbox.start_part("bot")

        async def is_answered() -> bool:
            return len(await from_bot(other)) > before

        assert await seconds_until(is_answered, most=60) < A_WORD_WITHIN_S

    async def all_are_settled() -> bool:
        rows = await sandbox.rows(
            "SELECT DISTINCT status FROM dialogs WHERE parent_telegram_id = ANY($1)", [parent.id for parent in parents]
        )
        return {row["status"] for row in rows} <= {"answered", "failed"}

    await seconds_until(all_are_settled, most=90)


async def test_a_deploy_stops_no_answer(sandbox: Sandbox) -> None:
    """durability 7: the end of a process is no Stop."""
    parent = await registered(sandbox)
    before = len(await from_bot(parent))
    await sandbox.script_model(chunks=["Kamron ", *(["word "] * 40)], delay_ms=400, times=1)
    await parent.say(QUESTION, wait_s=0)
    await asyncio.sleep(2)
    await sandbox.stop_part("bot")
    await sandbox.clear_model_scripts()
    await sandbox.start_part("bot")

    async def is_answered() -> bool:
        return "Kamron" in "".join((await from_bot(parent))[before:])

    await seconds_until(is_answered, most=60)
    said = (await from_bot(parent))[before:]
    assert t("en", "dialog-stopped") not in said
    assert sum("Kamron" in one for one in said) == 1


async def test_telegram_away_when_the_answer_is_sent(sandbox: Sandbox) -> None:
    """inputs B: the answer comes when Telegram is back."""
    parent = await registered(sandbox)
    before = len(await from_bot(parent))
    await sandbox.script_model(chunks=["Kamron ", "is fine."], delay_ms=800, times=1)
    await parent.say(QUESTION, wait_s=0)
    await asyncio.sleep(0.6)
    async with sandbox.fault("telegram", "down"):
        await asyncio.sleep(8)

    async def is_answered() -> bool:
        return "Kamron" in "".join((await from_bot(parent))[before:])

    assert await seconds_until(is_answered, most=60) < A_WORD_WITHIN_S
    assert sum("Kamron" in said for said in (await from_bot(parent))[before:]) == 1


async def test_a_lost_answer_to_the_first_part_costs_no_other(sandbox: Sandbox) -> None:
    """inputs B 37: the parts after an unclear one go out, and none comes twice."""
    parent = await registered(sandbox)
    long = "\n\n".join(f"Paragraph {number}. " + "text " * 120 for number in range(14))
    await sandbox.script_model(chunks=[long], times=1)
    async with sandbox.fault("telegram", "drop_response", match="sendMessage", times=1):
        await parent.say(QUESTION, wait_s=20)

        async def all_is_there() -> bool:
            return "Paragraph 13." in "".join(await from_bot(parent))

        await seconds_until(all_is_there, most=40)
    whole = "".join(await from_bot(parent))
    assert [whole.count(f"Paragraph {number}.") for number in range(14)] == [1] * 14


async def test_a_reply_whose_answer_is_lost_raises_no_false_alarm(sandbox: Sandbox) -> None:
    """inputs J."""
    parent = await registered(sandbox)
    events = len(await sandbox.sentry_events())
    async with sandbox.fault("telegram", "drop_response", match="sendMessage", times=1):
        said = plain_text(await parent.say("/children", wait_s=10))
    assert "Kamron" in said
    assert t("en", "error-unexpected") not in said
    assert len(await sandbox.sentry_events()) == events


async def test_a_hanging_platform_costs_help_nothing(sandbox: Sandbox) -> None:
    """durability 3: forty who wait for the platform do not hold up one who does not need it."""
    waiting = await asyncio.gather(*(registered(sandbox) for _ in range(6)))
    other = await registered(sandbox)
    before = len(await from_bot(other))
    async with sandbox.fault("platform_db", "timeout"):
        for _ in range(5):
            await asyncio.gather(*(parent.say("/children", wait_s=0) for parent in waiting))
        await other.say("/help", wait_s=0)

        async def is_answered() -> bool:
            return len(await from_bot(other)) > before

        assert await seconds_until(is_answered) < 2.0
        heard = [len(await from_bot(parent)) for parent in waiting]

        async def all_have_heard() -> bool:
            return all([t("en", "error-unavailable") in await from_bot(parent) for parent in waiting])

        assert heard
        assert await seconds_until(all_have_heard) < A_WORD_WITHIN_S


async def test_one_parents_flood_delays_another_by_two_seconds_at_most(sandbox: Sandbox) -> None:
    """durability 3, 13: 600 messages of one parent."""
    flooder, other = await registered(sandbox), await registered(sandbox)
    before = len(await from_bot(other))
    for _ in range(12):
        await asyncio.gather(*(flooder.say("/help", wait_s=0) for _ in range(50)))
    await other.say("/help", wait_s=0)

    async def is_answered() -> bool:
        return len(await from_bot(other)) > before

    assert await seconds_until(is_answered) < 2.0
    assert (await from_bot(flooder)).count(t("en", "inbox-too-fast")) >= 1


async def test_redis_away_known_parents_are_served(sandbox: Sandbox) -> None:
    """durability 9; operators A5."""
    parent, stranger = await registered(sandbox), await sandbox.parent("en")
    async with sandbox.part_away("redis"):
        assert plain_text(await parent.say("/help", wait_s=10))
        assert "Kamron" in plain_text(await parent.say("/children", wait_s=10))
        assert plain_text(await stranger.start(wait_s=10))
    await registration_is_back(sandbox)
