"""A notification may carry inline buttons: they are kept with it, claimed with it, and stand under it in the chat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mentorium_core.notifications.commands import claim_messages, notify
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_domain.outbox import Buttons, Lane, MessageButton, OutboxMessage
from mentorium_kit import clock
from tests.integration.reporting_worker.conftest import Post

BUTTONS: Buttons = (
    (MessageButton("1 oy", data="tariff:monthly"), MessageButton("3 oy", data="tariff:quarterly")),
    (MessageButton("Chek", url="https://ofd.soliq.uz/check?t=1"),),
)


async def tell(post: Post, buttons: Buttons, report_id: int | None = None, key: str = "fact:1") -> int:
    parent = await post.parent()
    message = OutboxMessage(
        parent,
        NotificationType.SUBSCRIPTION,
        "Salom!",
        key,
        clock.now(),
        clock.now() + timedelta(hours=1),
        report_id,
        buttons=buttons,
    )
    assert await notify([message])
    return parent


def keyboard(post: Post, parent: int) -> Any:
    (message,) = post.world.bot().conversations[parent].messages.values()
    return message.view().get("reply_markup")


async def test_buttons_stand_under_the_message_in_their_rows(post: Post) -> None:
    parent = await tell(post, BUTTONS)
    async with post.sender():
        (row,) = await post.until_settled()
    assert row.status is DeliveryStatus.SENT
    assert row.buttons == [
        [{"text": "1 oy", "data": "tariff:monthly"}, {"text": "3 oy", "data": "tariff:quarterly"}],
        [{"text": "Chek", "url": "https://ofd.soliq.uz/check?t=1"}],
    ]
    assert keyboard(post, parent) == {
        "inline_keyboard": [
            [
                {"text": "1 oy", "callback_data": "tariff:monthly"},
                {"text": "3 oy", "callback_data": "tariff:quarterly"},
            ],
            [{"text": "Chek", "url": "https://ofd.soliq.uz/check?t=1"}],
        ]
    }


async def test_a_message_without_buttons_has_none(post: Post) -> None:
    parent = await tell(post, ())
    async with post.sender():
        (row,) = await post.until_settled()
    assert row.buttons is None
    assert keyboard(post, parent) is None


async def test_a_claim_brings_the_buttons_it_was_told(post: Post) -> None:
    await tell(post, BUTTONS)
    (claimed,) = await claim_messages(Lane.NUDGE, 10, 60, "tests:1")
    assert claimed.buttons == BUTTONS


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " ", "data": "x"},
        {"text": "x"},
        {"text": "x", "data": "y", "url": "https://example.com"},
        {"text": "x", "data": ""},
        {"text": "x", "data": "я" * 33},
    ],
)
def test_a_button_that_telegram_would_refuse_is_never_written(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"button|callback data"):
        MessageButton(wrong["text"], data=wrong.get("data"), url=wrong.get("url"))
