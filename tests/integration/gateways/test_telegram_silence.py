"""What a lost answer means depends on whether Telegram answered anybody then; health tells of calls that fail."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot

from mentorium_gateways.telegram import AnswerLostError
from mentorium_gateways.telegram import session as session_module
from mentorium_gateways.telegram.session import takes_calls
from tests.integration.gateways.telegram_stand_in import Answer, TelegramStandIn, refusal

CUT, SILENT = Answer(text=None), Answer(text=None, silent=True)


async def lost(bot: Bot, chat: int = 1) -> AnswerLostError:
    with pytest.raises(AnswerLostError) as raised:
        await bot.send_message(chat, "Hello")
    return raised.value


async def test_a_long_silence_towards_everybody_has_taken_nothing(
    telegram: TelegramStandIn, bare: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_LONG_SILENCE_S", 0.0)
    telegram.will_answer(SILENT)
    waiting = asyncio.create_task(lost(bare))
    while not telegram.asked:
        await asyncio.sleep(0)
    telegram.end_silence.set()
    assert (await waiting).nothing_answered


async def test_while_others_are_answered_only_the_answer_was_lost(
    telegram: TelegramStandIn, bare: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_module, "_LONG_SILENCE_S", 0.0)
    telegram.will_answer(SILENT)
    clock = asyncio.get_running_loop()
    began, waiting = clock.time(), asyncio.create_task(lost(bare))
    while not telegram.asked:
        await asyncio.sleep(0)
    await bare.send_message(2, "Hello")
    await asyncio.sleep(clock.time() - began + 0.1)  # in the first half of its time, then
    telegram.end_silence.set()
    assert not (await waiting).nothing_answered


async def test_a_connection_that_is_cut_at_once_was_no_silence(telegram: TelegramStandIn, bare: Bot) -> None:
    telegram.will_answer(CUT)
    assert not (await lost(bare)).nothing_answered


async def test_health_tells_of_calls_that_fail_in_a_row_until_one_is_answered(
    telegram: TelegramStandIn, bare: Bot
) -> None:
    telegram.will_answer(CUT, CUT, CUT, refusal(400, "Bad Request: message is too long"))
    for _ in range(2):
        await lost(bare)
    assert takes_calls(bare), "one or two may be chance"
    await lost(bare)
    assert not takes_calls(bare)
    with pytest.raises(Exception, match="too long"):
        await bare.send_message(1, "Hello")
    assert takes_calls(bare), "a refusal is an answer"
