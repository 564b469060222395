"""The team's group may become a supergroup, which has another id: what is said follows it, and an operator is told."""

from __future__ import annotations

import pytest
from aiogram import Bot
from structlog.testing import capture_logs

from mentorium_gateways.telegram import TelegramStaffChat
from mentorium_kit.errors import UnavailableError
from tests.integration.gateways.telegram_stand_in import TelegramStandIn, refusal

GROUP, SUPERGROUP = -5, -1001234567890
UPGRADED = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=SUPERGROUP)


async def test_a_group_that_became_a_supergroup_is_followed(telegram: TelegramStandIn, bare: Bot) -> None:
    telegram.will_answer(UPGRADED, chat=GROUP)
    chat = TelegramStaffChat(bare, GROUP)
    with capture_logs() as log:
        await chat.say("A parent asks for their money back")
        await chat.say("And another one")
    assert [chat_id for _, chat_id, _ in telegram.asked] == [str(GROUP), str(SUPERGROUP), str(SUPERGROUP)]
    (told,) = [line for line in log if line["event"] == "staff_chat_moved"]
    assert told == {
        "event": "staff_chat_moved",
        "log_level": "warning",
        "setting": "STAFF_CHAT_ID",
        "new_chat_id": SUPERGROUP,
    }


async def test_a_chat_that_moves_on_and_on_is_left_for_later(telegram: TelegramStandIn, bare: Bot) -> None:
    telegram.will_answer(UPGRADED, chat=GROUP)
    telegram.will_answer(UPGRADED, chat=SUPERGROUP)
    with pytest.raises(UnavailableError):
        await TelegramStaffChat(bare, GROUP).say("A parent asks for their money back")
    assert len(telegram.asked) == 2
