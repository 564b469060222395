"""Each method that the product calls, through aiogram's own types, and Telegram's own words of refusal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    ChatMemberBanned,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MenuButtonCommands,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)

from mentorium_sandbox.telegram.methods.schema import SCHEMA
from sandbox_tests.telegram.conftest import TOKEN, StandIn
from sandbox_tests.telegram.pictures import png
from scripts import bot_api_schema


def keyboard(**action: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", **action)]])


async def test_the_bot_knows_itself(bot: Bot) -> None:
    me = await bot.me()
    assert (me.id, me.is_bot, me.username) == (bot.id, True, "MentoriumTestBot")
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.delete_webhook() is True


async def test_html_and_explicit_entities_become_text_and_entities(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    sent = await bot.send_message(
        user, " 🎯 <b>5 &lt; 7</b> <a href='https://mentorium.io'>here</a> ", parse_mode="HTML"
    )
    assert sent.text == "🎯 5 < 7 here"
    assert [(e.type, e.extract_from(sent.text)) for e in sent.entities or []] == [
        ("bold", "5 < 7"),
        ("text_link", "here"),
    ]
    explicit = await bot.send_message(user, "🎯 bold", entities=[MessageEntity(type="bold", offset=3, length=4)])
    assert [(e.type, e.extract_from("🎯 bold")) for e in explicit.entities or []] == [("bold", "bold")]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ў<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('ў<a href="x', "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b ", "Unclosed end tag at byte offset 4"),
    ],
)
async def test_bad_html_is_refused_in_the_servers_words(
    stand_in: StandIn, bot: Bot, source: str, complaint: str
) -> None:
    user = await stand_in.new_user()
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_message(user, source, parse_mode="HTML")
    assert refusal.value.message == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("method", "parameters", "description"),
    [
        ("sendMessage", {"text": ""}, "message text is empty"),
        ("sendMessage", {"text": "  \n"}, "text must be non-empty"),
        ("sendMessage", {"text": "🎯" * 2049}, "message is too long"),
        ("sendMessage", {"text": "x", "parse_mode": "BB"}, "unsupported parse_mode"),
        ("sendMessage", {"text": "x", "chat_id": 5}, "chat not found"),
        ("sendMessage", {"text": "x", "chat_id": ""}, "chat_id is empty"),
        ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ("editMessageText", {"text": "x", "message_id": 99}, "message to edit not found"),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("sendPhoto", {}, "there is no photo in the request"),
        ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
        ("sendMessageDraft", {"draft_id": 0, "text": "x"}, "draft_id must be non-zero"),
        ("sendGame", {"game_short_name": "chess"}, "not in the sandbox: sendGame"),
        ("sendGame", {}, 'parameter "game_short_name" is required'),
        ("setChatTitle", {"title": {}}, 'parameter "title" must be of type String'),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "query is too old and response timeout expired or query ID is invalid",
        ),
    ],
)
async def test_refusals_are_worded_as_telegram_words_them(
    stand_in: StandIn, method: str, parameters: dict[str, Any], description: str
) -> None:
    user = await stand_in.new_user()
    status, answer = await stand_in.api(method, **{"chat_id": user, **parameters})
    assert (status, answer) == (400, {"ok": False, "error_code": 400, "description": f"Bad Request: {description}"})
    (call,) = (await stand_in.get("/calls"))["calls"]
    assert (call["method"], call["status"], call["error"]) == (method, 400, f"Bad Request: {description}")


async def test_text_is_counted_in_utf16_units_after_parsing(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    assert (await bot.send_message(user, "<b>" + "🎯" * 2048 + "</b>", parse_mode="HTML")).text == "🎯" * 2048


@pytest.mark.parametrize(
    ("action", "description"),
    [
        ({"callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"url": "no link"}, "inline keyboard button URL 'no link' is invalid: Wrong HTTP URL"),
        ({"url": "ftp://a.uz"}, "inline keyboard button URL 'ftp://a.uz' is invalid: Unsupported URL protocol"),
        ({"copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"pay": True}, "BUTTON_TYPE_INVALID"),
        (
            {"callback_data": "x", "style": "loud"},
            "can't parse inline keyboard button: Invalid button style specified",
        ),
        (
            {"web_app": {"url": "http://mentorium.io"}},
            "inline keyboard button Web App URL 'http://mentorium.io' is invalid: Only HTTPS links are allowed",
        ),
    ],
)
async def test_bad_buttons_are_refused(stand_in: StandIn, bot: Bot, action: dict[str, Any], description: str) -> None:
    user = await stand_in.new_user()
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_message(user, "x", reply_markup=keyboard(**action))
    assert refusal.value.message == f"Bad Request: {description}"


async def test_an_edit_changes_text_and_keyboard_and_an_idle_one_is_refused(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    sent = await bot.send_message(user, "one", reply_markup=keyboard(callback_data="go"))
    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message content and reply"):
        await bot.edit_message_text("one", chat_id=user, message_id=sent.message_id, reply_markup=sent.reply_markup)
    edited = await bot.edit_message_text("two", chat_id=user, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("two", None)
    assert edited.edit_date is not None
    marked = await bot.edit_message_reply_markup(
        chat_id=user, message_id=sent.message_id, reply_markup=keyboard(callback_data="again")
    )
    assert not isinstance(marked, bool)
    assert marked.reply_markup is not None
    assert marked.reply_markup.inline_keyboard[0][0].callback_data == "again"
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=user, message_id=sent.message_id, caption="x")


async def test_the_users_own_message_cannot_be_edited_but_deleted(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    said = await stand_in.post(f"/users/{user}/messages", text="hello", wait_s=0)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("x", chat_id=user, message_id=said["message_id"])
    assert await bot.delete_message(user, said["message_id"]) is True
    assert (await stand_in.get(f"/users/{user}/chat"))["messages"] == []


async def test_a_photo_goes_out_and_its_file_comes_back(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    picture = png(40, 30)
    sent = await bot.send_photo(
        user, BufferedInputFile(picture, "report.png"), caption="<i>week</i>", parse_mode="HTML"
    )
    assert sent.photo is not None
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.photo[-1].file_size) == (40, 30, len(picture))
    assert (sent.caption, [e.type for e in sent.caption_entities or []]) == ("week", ["italic"])
    file = await bot.get_file(sent.photo[-1].file_id)
    downloaded = await bot.download_file(str(file.file_path))
    assert downloaded is not None
    assert downloaded.read() == picture
    again = await bot.send_photo(user, sent.photo[-1].file_id)
    assert again.photo == sent.photo
    async with stand_in.http.get(f"{stand_in.url}/sandbox/files/{file.file_id}") as response:
        assert (response.content_type, await response.read()) == ("image/png", picture)
    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await bot.send_photo(user, sent.photo[-1].file_id, caption="x" * 1025)
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(user, BufferedInputFile(b"no picture", "report.png"))
    with pytest.raises(TelegramBadRequest, match="PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(user, BufferedInputFile(png(1, 100), "report.png"))


async def test_a_reply_keeps_what_it_answers(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    said = await stand_in.post(f"/users/{user}/messages", text="hello", wait_s=0)
    sent = await bot.send_message(user, "hi", reply_parameters=ReplyParameters(message_id=said["message_id"]))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "hello"


async def test_the_profile_is_kept_in_each_language(bot: Bot) -> None:
    for language, words in (("", "Help"), ("uz", "Yordam")):
        await bot.set_my_commands([BotCommand(command="help", description=words)], language_code=language)
        await bot.set_my_description(words, language_code=language)
        await bot.set_my_short_description(words, language_code=language)
        await bot.set_my_name(words, language_code=language)
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert [c.description for c in await bot.get_my_commands(language_code="uz")] == ["Yordam"]
    assert (await bot.get_my_description(language_code="uz")).description == "Yordam"
    assert (await bot.get_my_description(language_code="ru")).description == "Help"
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands([BotCommand(command="Help!", description="x")])


async def test_a_chat_shows_keyboard_action_and_who_it_is(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user(first_name="Ольга")
    assert (await bot.get_chat(user)).first_name == "Ольга"
    share = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Share", request_contact=True)]])
    await bot.send_message(user, "who?", reply_markup=share)
    await bot.send_chat_action(user, "typing")
    chat = await stand_in.get(f"/users/{user}/chat")
    assert chat["chat_action"] == "typing"
    assert chat["reply_keyboard"]["keyboard"][0][0]["request_contact"] is True
    assert chat["messages"][0]["reply_markup"]["keyboard"][0][0]["text"] == "Share"
    await bot.send_message(user, "thanks", reply_markup=ReplyKeyboardRemove())
    chat = await stand_in.get(f"/users/{user}/chat?after={chat['messages'][0]['message_id']}")
    assert (chat["chat_action"], chat["reply_keyboard"], len(chat["messages"])) == (None, None, 1)


async def test_a_blocked_bot_gets_403_and_my_chat_member(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await stand_in.post(f"/users/{user}/block")
    with pytest.raises(TelegramForbiddenError, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(user, "x")
    status, answer = await stand_in.control("POST", f"/users/{user}/messages", {"text": "x"})
    assert (status, answer) == (409, {"error": "the user has blocked the bot"})
    await stand_in.post(f"/users/{user}/unblock")
    assert (await bot.send_message(user, "x")).text == "x"
    blocked, back = [update.my_chat_member for update in await bot.get_updates()]
    assert blocked is not None
    assert back is not None
    assert isinstance(blocked.new_chat_member, ChatMemberBanned)
    assert back.old_chat_member == blocked.new_chat_member


async def test_parameters_come_from_query_form_and_json_and_names_in_any_case(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    address = f"{stand_in.url}/bot{TOKEN}"
    async with stand_in.http.get(f"{address}/SENDMESSAGE", params={"chat_id": user, "text": "query"}) as response:
        assert (await response.json())["result"]["text"] == "query"
    markup = '{"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}'
    form = {"chat_id": str(user), "text": "form", "reply_markup": markup}
    async with stand_in.http.post(f"{address}/sendmessage", data=form) as response:
        assert (await response.json())["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "go"
    _, answer = await stand_in.api("sendMessage", chat_id=str(user), text="json")
    assert answer["result"]["text"] == "json"
    journal = (await stand_in.get("/calls?method=sendmessage"))["calls"]
    assert [call["params"]["text"] for call in journal] == ["query", "form", "json"]
    assert journal[1]["params"]["reply_markup"]["inline_keyboard"][0][0]["text"] == "Go"
    assert (await stand_in.get(f"/calls?after={journal[1]['seq']}"))["calls"] == journal[2:]


@pytest.mark.parametrize(
    ("token", "method", "status", "description"),
    [
        ("nonsense", "getMe", 401, "Unauthorized: invalid token specified"),
        ("700123456:other", "getMe", 401, "Unauthorized"),
        (TOKEN, "getMee", 404, "Not Found: method not found"),
    ],
)
async def test_wrong_tokens_and_methods(
    stand_in: StandIn, token: str, method: str, status: int, description: str
) -> None:
    async with stand_in.http.get(f"{stand_in.url}/bot{token}/{method}") as response:
        assert response.status == status
        assert await response.json() == {"ok": False, "error_code": status, "description": description}


async def test_any_well_formed_token_makes_a_further_bot(stand_in: StandIn) -> None:
    user = await stand_in.new_user()
    other = f"{stand_in.url}/bot800000001:another"
    await stand_in.post(f"/users/{user}/messages", text="to ours", wait_s=0)
    async with stand_in.http.get(f"{other}/getMe") as response:
        assert (await response.json())["result"]["id"] == 800000001
    await stand_in.post(f"/users/{user}/messages", text="to the other", wait_s=0, bot=800000001)
    async with stand_in.http.get(f"{other}/getUpdates") as response:
        assert [update["message"]["text"] for update in (await response.json())["result"]] == ["to the other"]


async def test_a_press_can_be_answered_once_and_not_too_late(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    sent = await bot.send_message(user, "x", reply_markup=keyboard(callback_data="go"))
    for _ in range(2):
        await stand_in.post(f"/users/{user}/press", message_id=sent.message_id, button="go", wait_s=0)
    first, second = [update.callback_query for update in await bot.get_updates()]
    assert first is not None
    assert second is not None
    assert await bot.answer_callback_query(first.id) is True
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(first.id)
    stand_in.clock.offset += timedelta(minutes=5)
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(second.id)


async def test_every_update_parses_with_aiograms_types(stand_in: StandIn, bot: Bot) -> None:
    raw = await _updates_of_every_kind(stand_in, bot)
    kinds = [next(key for key in update if key != "update_id") for update in raw]
    assert kinds == ["message"] * 7 + ["callback_query", "stopped_message_generation", "my_chat_member"]
    for update in raw:
        parsed = Update.model_validate(update, context={"bot": bot})
        assert parsed.event_type in update
    assert [update["update_id"] - raw[0]["update_id"] for update in raw] == list(range(len(raw)))


async def _updates_of_every_kind(stand_in: StandIn, bot: Bot) -> list[dict[str, Any]]:
    user = await stand_in.new_user()
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    card = {"phone_number": "+998907777777", "first_name": "Anvar", "user_id": 987654321}
    for content in (
        {"text": "/help see https://mentorium.io"},
        {"contact": True},
        {"contact": card},
        {"sticker": True},
        {"photo_base64": picture},
        {"voice_base64": "T2dnUw==", "spoken": "salom"},
    ):
        await stand_in.post(f"/users/{user}/messages", **content, wait_s=0)
    await stand_in.post(f"/users/{user}/start", payload="code", wait_s=0)
    sent = await bot.send_message(user, "x", reply_markup=keyboard(callback_data="go"))
    await stand_in.post(f"/users/{user}/press", message_id=sent.message_id, button="go", wait_s=0)
    await bot.send_message_draft(user, 7, text="…", can_stop=True)
    await stand_in.post(f"/users/{user}/stop", draft_id=7, wait_s=0)
    await stand_in.post(f"/users/{user}/block")
    _, answer = await stand_in.api("getUpdates")
    raw: list[dict[str, Any]] = answer["result"]
    return raw


def test_the_sandbox_knows_each_method_and_parameter_that_aiogram_knows() -> None:
    assert bot_api_schema.schema() == SCHEMA, "run scripts/bot_api_schema.py"
