"""What each method refuses, in Telegram's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot

from sandbox_tests.telegram.conftest import StandIn

INVOICE: dict[str, Any] = {
    "title": "Monthly",
    "description": "One month",
    "payload": "order-1",
    "currency": "XTR",
    "prices": [{"label": "Month", "amount": 250}],
}
POLL: dict[str, Any] = {"question": "Day?", "options": ["Monday", "Friday"]}
UNKNOWN = 999_999


@pytest.mark.parametrize(
    ("method", "parameters", "description"),
    [
        ("sendMessage", {"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ("sendMessage", {"text": "x", "reply_markup": []}, "object expected as reply markup"),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"keyboard": [5]}},
            'field "keyboard" must be an Array of Arrays',
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[5]]}},
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 101]}},
            "reply markup is too long",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"keyboard": [[{"text": " "}]]}},
            "keyboard button text must be non-empty",
        ),
        (
            "sendMessage",
            {"text": "x", "reply_markup": {"keyboard": [[{"text": "x", "web_app": {"url": "http://a.uz"}}]]}},
            "keyboard button Web App URL 'http://a.uz' is invalid: Only HTTPS links are allowed",
        ),
        ("sendMessage", {"text": "x", "message_thread_id": UNKNOWN}, "message thread not found"),
        ("sendMessage", {"text": "x", "reply_parameters": [5]}, "object expected as reply parameters"),
        ("sendMessage", {"text": "x", "reply_parameters": {"quote": "x"}}, 'can\'t find field "message_id"'),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 1, "chat_id": 5}}, "chat not found"),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 1, "quote": "no"}}, "QUOTE_TEXT_INVALID"),
        ("sendMessage", {"text": "x" * 32_769}, "text is too long"),
        (
            "sendRichMessage",
            {"rich_message": {}},
            "exactly one of markdown, html and blocks must be specified in the rich message",
        ),
        ("sendRichMessage", {"rich_message": {"markdown": " "}}, "message text is empty"),
        ("sendRichMessage", {"rich_message": {"markdown": "x" * 32_769}}, "message is too long"),
        (
            "sendRichMessage",
            {"rich_message": {"blocks": [{"type": "thinking", "text": "x"}]}},
            "can't parse rich block: thinking blocks are allowed in drafts only",
        ),
        ("sendRichMessage", {"rich_message": {"blocks": [{"type": "map"}]}}, "not in the sandbox: rich block map"),
        ("sendRichMessageDraft", {"rich_message": {"html": "x"}}, "draft_id must be non-zero"),
        ("sendDocument", {}, "there is no document in the request"),
        ("sendVideoNote", {"video_note": "attach://no"}, "there is no video note in the request"),
        ("sendPhoto", {"photo": "http://a.uz/b.png"}, "failed to get HTTP URL content"),
        ("sendPhoto", {"photo": "AgAC"}, "wrong remote file identifier specified: Wrong string length"),
        ("sendMediaGroup", {}, 'parameter "media" is required'),
        ("sendMediaGroup", {"media": {}}, "expected an Array of InputMedia"),
        ("sendMediaGroup", {"media": [{"type": "photo"}]}, "can't parse InputMedia: media not found"),
        (
            "sendMediaGroup",
            {"media": [{"type": "cat", "media": "x"}]},
            'can\'t parse InputMedia: type "cat" is unsupported',
        ),
        (
            "sendMediaGroup",
            {"media": [{"type": "animation", "media": "x"}] * 2},
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
        ),
        (
            "sendMediaGroup",
            {"media": [{"type": "photo", "media": "x"}, {"type": "audio", "media": "x"}]},
            "can't use the media of the specified type in the album",
        ),
        (
            "sendMediaGroup",
            {"media": [{"type": "photo", "media": "attach://no"}] * 2},
            'failed to send message #1 with the error message "there is no photo in the request"',
        ),
        ("sendContact", {"phone_number": "1"}, 'parameter "first_name" is required'),
        ("sendLocation", {"latitude": 1}, "longitude is empty"),
        ("sendLocation", {"latitude": 91, "longitude": 0}, "wrong location specified"),
        ("sendDice", {"emoji": "🐈"}, "DICE_EMOJI_INVALID"),
        ("sendPoll", {**POLL, "options": ["one"]}, "poll must have at least 2 option"),
        ("sendPoll", {**POLL, "options": ["x"] * 13}, "poll can't have more than 12 options"),
        ("sendPoll", {**POLL, "options": ["x", "y" * 101]}, "poll options length must not exceed 100"),
        ("sendPoll", {**POLL, "question": "x" * 301}, "poll question length must not exceed 300"),
        ("sendPoll", {**POLL, "type": "vote"}, "unsupported poll type specified"),
        ("sendPoll", {**POLL, "type": "quiz", "correct_option_ids": [2]}, "wrong correct option ID specified"),
        ("stopPoll", {"message_id": 1}, "message is not a poll"),
        ("sendInvoice", {**INVOICE, "title": ""}, 'parameter "title" is required'),
        ("sendInvoice", {**INVOICE, "payload": "я" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ("sendInvoice", {**INVOICE, "prices": []}, "there must be at least one price"),
        ("sendInvoice", {**INVOICE, "prices": INVOICE["prices"] * 2}, "STARS_INVOICE_INVALID"),
        ("sendInvoice", {**INVOICE, "currency": "UZS"}, "PAYMENT_PROVIDER_INVALID"),
        ("sendInvoice", {**INVOICE, "currency": "UZ"}, "CURRENCY_INVALID"),
        (
            "sendInvoice",
            {**INVOICE, "prices": [{"label": "x"}]},
            "can't parse labeled price: Can't find field \"amount\"",
        ),
        ("createInvoiceLink", {**INVOICE, "subscription_period": 86_400}, "SUBSCRIPTION_PERIOD_INVALID"),
        (
            "createInvoiceLink",
            {**INVOICE, "subscription_period": 2_592_000, "prices": [{"label": "x", "amount": 10_001}]},
            "STARS_AMOUNT_INVALID",
        ),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"text": "x", "chat_id": "", "inline_message_id": "A"}, "MESSAGE_ID_INVALID"),
        ("editMessageText", {"text": "", "message_id": 1}, "message text is empty"),
        ("editMessageMedia", {"message_id": 1}, 'parameter "media" is required'),
        ("copyMessage", {"message_id": 1}, 'parameter "from_chat_id" is required'),
        ("copyMessage", {"message_id": 1, "from_chat_id": 5}, "chat not found"),
        ("deleteMessages", {}, "message identifiers are not specified"),
        ("deleteMessages", {"message_ids": list(range(1, 102))}, "too many message identifiers specified"),
        ("deleteMessages", {"message_ids": [0]}, "invalid message identifier specified"),
        ("deleteMessages", {"message_ids": ["x"]}, "can't parse message identifier as Number"),
        ("pinChatMessage", {"message_id": UNKNOWN}, "message to pin not found"),
        ("unpinChatMessage", {}, "message to unpin not found"),
        ("setMessageReaction", {"message_id": UNKNOWN}, "message to react not found"),
        ("setMessageReaction", {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "🐈"}]}, "REACTION_INVALID"),
        (
            "setMessageReaction",
            {"message_id": 1, "reaction": [{"type": "star"}]},
            "can't parse ReactionType: invalid reaction type specified",
        ),
        ("createForumTopic", {}, 'parameter "name" is required'),
        ("createForumTopic", {"name": "x", "icon_color": 1}, "TOPIC_ICON_COLOR_INVALID"),
        ("editForumTopic", {"message_thread_id": UNKNOWN}, "TOPIC_ID_INVALID"),
        ("getChatMember", {"user_id": 0}, "invalid user_id specified"),
        ("getChatMember", {"user_id": 5}, "user not found"),
        ("getFile", {"file_id": "x"}, "invalid file_id"),
        ("setMyCommands", {"commands": {}}, "expected an Array of BotCommand"),
        ("setMyCommands", {"commands": [{"command": "a"}]}, "can't parse BotCommand: Can't find field \"description\""),
        ("setMyCommands", {"scope": {"type": "moon"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ("getMyCommands", {"language_code": "uzb"}, "invalid language code specified"),
        ("setMyName", {"name": "x" * 65}, "name is too long"),
        (
            "setChatMenuButton",
            {"menu_button": {"type": "x"}},
            "can't parse menu button: MenuButton has unsupported type",
        ),
        (
            "setChatMenuButton",
            {"menu_button": {"type": "web_app", "text": "x", "web_app": {"url": "http://a.uz"}}},
            "menu button Web App URL 'http://a.uz' is invalid: Only HTTPS links are allowed",
        ),
        ("savePreparedInlineMessage", {}, "result isn't specified"),
        (
            "answerWebAppQuery",
            {"web_app_query_id": "1", "result": {"type": "cat", "id": "1"}},
            'type "cat" is unsupported for the inline query result',
        ),
    ],
)
async def test_refusals(stand_in: StandIn, method: str, parameters: dict[str, Any], description: str) -> None:
    user = await stand_in.new_user()
    _, sent = await stand_in.api("sendMessage", chat_id=user, text="first")
    assert sent["result"]["message_id"] == 1
    status, answer = await stand_in.api(method, **{"chat_id": user, **parameters})
    assert (status, answer["description"]) == (400, f"Bad Request: {description}")


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("sendMessage", {"text": "x"}),
        ("sendMessageDraft", {"draft_id": 1, "text": "x"}),
        ("sendPoll", POLL),
        ("sendInvoice", INVOICE),
        ("sendDice", {}),
        ("createForumTopic", {"name": "x"}),
        ("editMessageText", {"message_id": 1, "text": "y"}),
        ("forwardMessage", {"message_id": 1}),
        ("pinChatMessage", {"message_id": 1}),
    ],
)
async def test_a_parent_who_has_blocked_the_bot_gets_nothing(
    stand_in: StandIn, method: str, parameters: dict[str, Any]
) -> None:
    user = await stand_in.new_user()
    await stand_in.api("sendMessage", chat_id=user, text="first")
    await stand_in.post(f"/users/{user}/block")
    status, answer = await stand_in.api(method, chat_id=user, from_chat_id=user, **parameters)
    assert (status, answer["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert len((await stand_in.get(f"/users/{user}/chat"))["messages"]) == 1


async def test_what_is_two_days_old_stays(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    old = await bot.send_message(user, "old")
    stand_in.clock.offset += timedelta(hours=48, seconds=2)
    new = await bot.send_message(user, "new")
    status, answer = await stand_in.api("deleteMessage", chat_id=user, message_id=old.message_id)
    assert (status, answer["description"]) == (400, "Bad Request: message can't be deleted for everyone")
    assert await bot.delete_messages(user, [old.message_id, new.message_id])
    assert [m["text"] for m in (await stand_in.get(f"/users/{user}/chat"))["messages"]] == ["old"]
