"""What calls leave behind: in the chat, in the answer, in the file store."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BufferedInputFile,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    InputRichBlockList,
    InputRichBlockListItem,
    InputRichBlockParagraph,
    InputRichMessage,
    MenuButtonCommands,
    MenuButtonWebApp,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
    WebAppInfo,
)
from aiohttp import FormData

from sandbox_tests.telegram.conftest import TOKEN, StandIn
from sandbox_tests.telegram.pictures import png

MEGABYTE = 1024 * 1024
PICTURE = BufferedInputFile(png(40, 30), "picture.png")


async def chat_of(stand_in: StandIn, user: int) -> Any:
    return await stand_in.get(f"/users/{user}/chat")


async def test_a_reply_quotes_the_very_words(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    first = await bot.send_message(user, "🎯 Aziza finished five lessons")
    quoting = ReplyParameters(message_id=first.message_id, quote="<b>five</b> lessons", quote_parse_mode="HTML")
    sent = await bot.send_message(user, "which?", reply_parameters=quoting)
    assert sent.quote is not None
    assert (sent.quote.text, sent.quote.position, sent.quote.is_manual) == ("five lessons", 18, True)
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.message_id == first.message_id
    lenient = ReplyParameters(message_id=999_999, allow_sending_without_reply=True)
    assert (await bot.send_message(user, "x", reply_parameters=lenient)).reply_to_message is None


async def test_a_reply_to_another_chat_tells_where_from(stand_in: StandIn, bot: Bot) -> None:
    user, other = await stand_in.new_user(), await stand_in.new_user(first_name="Ali")
    photo = await bot.send_photo(other, PICTURE)
    elsewhere = ReplyParameters(message_id=photo.message_id, chat_id=other)
    sent = await bot.send_message(user, "see", reply_parameters=elsewhere)
    assert sent.reply_to_message is None
    assert sent.external_reply is not None
    assert sent.external_reply.photo == photo.photo


async def test_a_file_id_serves_again_as_what_it_is(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    sent = await bot.send_document(user, BufferedInputFile(b"%PDF-1.7", "hisobot.pdf"))
    assert sent.document is not None
    assert (sent.document.mime_type, sent.document.file_name) == ("application/pdf", "hisobot.pdf")
    again = await bot.send_document(user, sent.document.file_id, caption="again")
    assert again.document == sent.document
    with pytest.raises(TelegramBadRequest, match="can't use file of type Document as VoiceNote"):
        await bot.send_voice(user, sent.document.file_id)
    edited = await bot.edit_message_media(
        InputMediaDocument(media=sent.document.file_id, caption="<i>new</i>", parse_mode="HTML"),
        chat_id=user,
        message_id=again.message_id,
    )
    assert not isinstance(edited, bool)
    assert (edited.document, edited.caption) == (sent.document, "new")


async def test_a_voice_message_knows_how_long_it_is(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    last_page = b"OggS\x00\x04" + struct.pack("<q", 48_000 * 7) + b"\x00" * 12
    sent = await bot.send_voice(user, BufferedInputFile(last_page, "answer.oga"))
    assert sent.voice is not None
    assert (sent.voice.duration, sent.voice.mime_type) == (7, "audio/ogg")


async def test_files_that_are_too_big(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_photo(user, BufferedInputFile(png() + b"\x00" * (10 * MEGABYTE), "x.png"))
    assert "is too big for a photo; the maximum size is 10485760 bytes" in refusal.value.message
    big = await bot.send_document(user, BufferedInputFile(b"\x00" * (20 * MEGABYTE + 1), "x.bin"))
    assert big.document is not None
    with pytest.raises(TelegramBadRequest, match="Bad Request: file is too big"):
        await bot.get_file(big.document.file_id)
    form = FormData({"chat_id": str(user)})
    form.add_field("document", BytesIO(b"\x00" * (50 * MEGABYTE + 1)), filename="x.bin")
    async with stand_in.http.post(f"{stand_in.url}/bot{TOKEN}/sendDocument", data=form) as response:
        assert response.status == 413
        assert (await response.json())["description"] == "Request Entity Too Large"


async def test_one_bad_picture_fails_the_whole_album(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    with pytest.raises(TelegramBadRequest) as refusal:
        await bot.send_media_group(
            user, [InputMediaPhoto(media=PICTURE), InputMediaPhoto(media=BufferedInputFile(b"x", "x.png"))]
        )
    words = 'failed to send message #2 with the error message "IMAGE_PROCESS_FAILED"'
    assert refusal.value.message == f"Bad Request: {words}"
    assert (await chat_of(stand_in, user))["messages"] == []
    mixed = await bot.send_media_group(
        user, [InputMediaPhoto(media=PICTURE), InputMediaVideo(media=BufferedInputFile(b"x", "x.mp4"))]
    )
    assert mixed[0].media_group_id == mixed[1].media_group_id
    assert mixed[1].video is not None
    assert mixed[1].video.mime_type == "video/mp4"


async def test_topics_keep_their_messages_apart(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    topic = await bot.create_forum_topic(user, "Aziza", icon_color=9367192)
    inside = await bot.send_message(user, "in", message_thread_id=topic.message_thread_id)
    assert (inside.message_thread_id, inside.is_topic_message) == (topic.message_thread_id, True)
    assert await bot.edit_forum_topic(user, topic.message_thread_id, name="Timur")
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.edit_forum_topic(user, topic.message_thread_id, name="Timur")
    await bot.send_message(user, "out")
    assert await bot.delete_forum_topic(user, topic.message_thread_id)
    assert [m["text_plain"] for m in (await chat_of(stand_in, user))["messages"]] == ["out"]


async def test_pins_are_told_of_the_chat(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    first, second = [await bot.send_message(user, text) for text in ("first", "second")]
    for message in (first, second):
        await bot.pin_chat_message(user, message.message_id)
    pinned = (await bot.get_chat(user)).pinned_message
    assert pinned is not None
    assert pinned.message_id == second.message_id
    await bot.unpin_chat_message(user)
    pinned = (await bot.get_chat(user)).pinned_message
    assert pinned is not None
    assert pinned.message_id == first.message_id


async def test_a_reaction_can_be_taken_back(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    said = await stand_in.post(f"/users/{user}/messages", text="thanks", wait_s=0)
    await bot.set_message_reaction(user, said["message_id"], [ReactionTypeEmoji(emoji="❤")])
    assert (await chat_of(stand_in, user))["messages"][0]["reaction"] == "❤"
    await bot.set_message_reaction(user, said["message_id"], [])
    assert "reaction" not in (await chat_of(stand_in, user))["messages"][0]


async def test_protected_messages_stay_where_they_are(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    secret = await bot.send_message(user, "secret", protect_content=True)
    with pytest.raises(TelegramBadRequest, match="Bad Request: message can't be copied"):
        await bot.copy_message(user, user, secret.message_id)
    with pytest.raises(TelegramBadRequest, match="Bad Request: there are no messages to forward"):
        await bot.forward_messages(user, user, [secret.message_id])


async def test_a_forward_keeps_its_author_and_a_copy_has_none(stand_in: StandIn, bot: Bot) -> None:
    user, other = await stand_in.new_user(first_name="Dilnoza"), await stand_in.new_user(first_name="Ali")
    said = await stand_in.post(f"/users/{user}/messages", text="hello", wait_s=0)
    forwarded = await bot.forward_message(other, user, said["message_id"])
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.type == "user"
    assert forwarded.from_user is not None
    assert forwarded.from_user.id == bot.id
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("x", chat_id=other, message_id=forwarded.message_id)
    copy = await bot.copy_message(user, other, forwarded.message_id)
    (stored,) = [m for m in (await chat_of(stand_in, user))["messages"] if m["message_id"] == copy.message_id]
    assert "forward_origin" not in stored


async def test_a_rich_draft_is_shown_and_stopped(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    thinking: Any = {"blocks": [{"type": "thinking", "text": "let me see"}]}
    await stand_in.api("sendRichMessageDraft", chat_id=user, draft_id=5, rich_message=thinking)
    (draft,) = (await chat_of(stand_in, user))["drafts"]
    assert (draft["text_plain"], draft["rich_message"]) == ("let me see", thinking)
    await bot.send_rich_message_draft(user, 5, InputRichMessage(markdown="**so**"), can_stop=True)
    (draft,) = (await chat_of(stand_in, user))["drafts"]
    assert (draft["text_plain"], draft["can_stop"]) == ("so", True)
    await stand_in.post(f"/users/{user}/stop", wait_s=0)
    assert (await chat_of(stand_in, user))["drafts"] == []
    (update,) = await bot.get_updates()
    assert update.stopped_message_generation is not None
    assert update.stopped_message_generation.draft_id == 5


async def test_a_rich_message_of_blocks_and_its_edit(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    items = [InputRichBlockListItem(blocks=[InputRichBlockParagraph(text="one")], value=3)]
    sent = await bot.send_rich_message(user, InputRichMessage(blocks=[InputRichBlockList(items=items)]))
    assert (await chat_of(stand_in, user))["messages"][0]["text_plain"] == "3. one"
    edited = await bot.edit_message_text(
        None, chat_id=user, message_id=sent.message_id, rich_message=InputRichMessage(html="<h1>two</h1>")
    )
    assert not isinstance(edited, bool)
    assert (await chat_of(stand_in, user))["messages"][0]["text_plain"] == "two"
    plain = await bot.edit_message_text("three", chat_id=user, message_id=sent.message_id)
    assert not isinstance(plain, bool)
    assert (plain.text, plain.rich_message) == ("three", None)


async def test_a_text_can_become_a_picture(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    sent = await bot.send_message(user, "soon")
    edited = await bot.edit_message_media(
        InputMediaPhoto(media=PICTURE, caption="now"), chat_id=user, message_id=sent.message_id
    )
    assert not isinstance(edited, bool)
    assert (edited.text, edited.caption) == (None, "now")
    assert edited.photo is not None
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=user, message_id=sent.message_id)


async def test_keyboards_come_back_as_the_server_keeps_them(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    buttons = [
        InlineKeyboardButton(text="Site", url="https://Mentorium.io", style="success"),
        InlineKeyboardButton(text="App", web_app=WebAppInfo(url="http://127.0.0.1:8001/app")),
    ]
    sent = await bot.send_message(user, "x", reply_markup=InlineKeyboardMarkup(inline_keyboard=[buttons]))
    assert sent.reply_markup is not None
    site, app = sent.reply_markup.inline_keyboard[0]
    assert (site.url, site.style) == ("https://mentorium.io/", "success")
    assert app.web_app is not None
    assert app.web_app.url == "http://127.0.0.1:8001/app"
    keyboard: Any = {"keyboard": [["Yes", {"text": "No"}], []], "one_time_keyboard": True, "selective": False}
    await stand_in.api("sendMessage", chat_id=user, text="x", reply_markup=keyboard)
    kept = (await chat_of(stand_in, user))["reply_keyboard"]
    assert kept == {"one_time_keyboard": True, "keyboard": [[{"text": "Yes"}, {"text": "No"}]]}
    assert ReplyKeyboardMarkup.model_validate(kept).one_time_keyboard
    await bot.send_message(user, "x", reply_markup=ForceReply(input_field_placeholder="a name"))
    last = (await chat_of(stand_in, user))["messages"][-1]
    assert last["reply_markup"] == {"force_reply": True, "input_field_placeholder": "a name"}


async def test_commands_are_kept_for_each_scope_and_language(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    mine, private = BotCommandScopeChat(chat_id=user), BotCommandScopeAllPrivateChats()
    for scope, language, words in ((None, None, "d"), (private, "ru", "r"), (mine, "uz", "u")):
        await bot.set_my_commands([BotCommand(command="help", description=words)], scope, language)
    assert [c.description for c in await bot.get_my_commands()] == ["d"]
    assert [c.description for c in await bot.get_my_commands(private, "ru")] == ["r"]
    assert [c.description for c in await bot.get_my_commands(mine, "uz")] == ["u"]
    assert await bot.get_my_commands(mine, "ru") == []
    await bot.delete_my_commands(mine, "uz")
    assert await bot.get_my_commands(mine, "uz") == []


async def test_a_chat_may_have_a_menu_button_of_its_own(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    app = MenuButtonWebApp(text="Statistics", web_app=WebAppInfo(url="https://mentorium.io/app"))
    assert isinstance(await bot.get_chat_menu_button(user), MenuButtonCommands)
    await bot.set_chat_menu_button(menu_button=app)
    assert (await bot.get_chat_menu_button(user)).model_dump() == app.model_dump()
    await bot.set_chat_menu_button(user, MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(user), MenuButtonCommands)
    assert (await bot.get_chat_menu_button()).model_dump() == app.model_dump()


async def test_a_chat_action_can_be_cancelled(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    await bot.send_chat_action(user, "record_audio")
    assert (await chat_of(stand_in, user))["chat_action"] == "record_voice"
    await bot.send_chat_action(user, "cancel")
    assert (await chat_of(stand_in, user))["chat_action"] is None


async def test_a_stopped_poll_is_stopped_once(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    sent = await bot.send_poll(user, "<b>Day?</b>", ["Monday", "Friday"], question_parse_mode="HTML")
    assert sent.poll is not None
    assert (sent.poll.question, sent.poll.is_anonymous, sent.poll.is_closed) == ("Day?", True, False)
    assert (await bot.stop_poll(user, sent.message_id)).is_closed
    with pytest.raises(TelegramBadRequest, match="poll has already been closed"):
        await bot.stop_poll(user, sent.message_id)
