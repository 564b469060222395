"""Method by method: what the stand-in answers is what aiogram's own types read; and the chat looks accordingly."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputRichMessage,
    LabeledPrice,
    ReactionTypeEmoji,
)

from sandbox_tests.telegram.conftest import StandIn
from sandbox_tests.telegram.pictures import png

PICTURE = BufferedInputFile(png(40, 30), "picture.png")
NOTES = BufferedInputFile(b"kundalik", "notes.txt")


async def chat_of(stand_in: StandIn, user: int) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = (await stand_in.get(f"/users/{user}/chat"))["messages"]
    return messages


async def test_files_of_every_kind(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    document = await bot.send_document(user, NOTES, caption="<b>notes</b>", parse_mode="HTML")
    assert document.document is not None
    assert (document.document.file_name, document.document.file_size) == ("notes.txt", 8)
    assert (document.caption, document.caption_entities and document.caption_entities[0].type) == ("notes", "bold")
    audio = await bot.send_audio(user, NOTES, title="Song", performer="Who", duration=3)
    assert audio.audio is not None
    assert (audio.audio.title, audio.audio.duration) == ("Song", 3)
    assert (await bot.send_video(user, NOTES, width=10, height=20)).video is not None
    assert (await bot.send_animation(user, NOTES)).animation is not None
    assert (await bot.send_voice(user, NOTES, duration=2)).voice is not None
    assert (await bot.send_video_note(user, NOTES)).video_note is not None
    assert (await bot.send_sticker(user, NOTES)).sticker is not None
    again = await bot.send_document(user, document.document.file_id)
    assert again.document is not None
    file = await bot.get_file(again.document.file_id)
    assert file.file_path is not None
    assert file.file_path.endswith(".txt")
    downloaded = await bot.download_file(file.file_path)
    assert downloaded is not None
    assert downloaded.read() == b"kundalik"


async def test_an_album(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    album = await bot.send_media_group(
        user, [InputMediaPhoto(media=PICTURE, caption="one"), InputMediaPhoto(media=PICTURE)]
    )
    assert len({message.media_group_id for message in album}) == 1
    assert [message.caption for message in album] == ["one", None]
    assert album[0].photo is not None
    assert (album[0].photo[-1].width, album[0].photo[-1].height) == (40, 30)
    with pytest.raises(TelegramBadRequest):
        await bot.send_media_group(user, [InputMediaPhoto(media=PICTURE)])
    with pytest.raises(TelegramBadRequest):
        await bot.send_media_group(user, [InputMediaPhoto(media=PICTURE), InputMediaDocument(media=NOTES)])


async def test_things(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    assert (await bot.send_contact(user, "+998901112233", "Ali")).contact is not None
    assert (await bot.send_location(user, 41.3, 69.2)).location is not None
    assert (await bot.send_venue(user, 41.3, 69.2, "School", "Tashkent")).venue is not None
    dice = (await bot.send_dice(user)).dice
    assert dice is not None
    assert 1 <= dice.value <= 6
    poll = (await bot.send_poll(user, "Best day?", ["Monday", "Friday"])).poll
    assert poll is not None
    assert [option.text for option in poll.options] == ["Monday", "Friday"]
    rich = await bot.send_rich_message(user, InputRichMessage(markdown="# Week\n\nGood"))
    assert rich.rich_message is not None
    assert (await chat_of(stand_in, user))[-1]["text_plain"] == "Week\nGood"
    assert await bot.send_rich_message_draft(user, 3, InputRichMessage(markdown="writing"))


async def test_invoices(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    price = [LabeledPrice(label="Month", amount=250)]
    message = await bot.send_invoice(user, "Monthly", "One month", "order-1", "XTR", price)
    assert message.invoice is not None
    assert message.invoice.total_amount == 250
    assert message.reply_markup is not None
    assert message.reply_markup.inline_keyboard[0][0].pay
    link = await bot.create_invoice_link("Monthly", "One month", "order-2", "XTR", price, subscription_period=2592000)
    assert link.startswith("https://t.me/$")
    wrongs: list[dict[str, Any]] = [
        {"title": ""},
        {"payload": "x" * 129},
        {"prices": []},
        {"currency": "UZS"},
        {"prices": price * 2},
    ]
    for wrong in wrongs:
        fields = {"title": "M", "description": "d", "payload": "p", "currency": "XTR", "prices": price, **wrong}
        with pytest.raises(TelegramBadRequest):
            await bot.send_invoice(user, **fields)
    no_pay = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="x", callback_data="x")]])
    with pytest.raises(TelegramBadRequest, match="BUTTON_POS_INVALID"):
        await bot.send_invoice(user, "M", "d", "p", "XTR", price, reply_markup=no_pay)
    with pytest.raises(TelegramBadRequest):
        await bot.answer_pre_checkout_query("1", ok=True)


async def test_copies_forwards_deletions(stand_in: StandIn, bot: Bot) -> None:
    user, other = await stand_in.new_user(), await stand_in.new_user(phone=None)
    first = await bot.send_message(user, "<b>first</b>", parse_mode="HTML")
    photo = await bot.send_photo(user, PICTURE, caption="seen")
    await bot.copy_message(other, user, first.message_id)
    await bot.copy_message(other, user, photo.message_id, caption="anew")
    forwarded = await bot.forward_message(other, user, first.message_id)
    assert forwarded.forward_origin is not None
    await bot.copy_messages(other, user, [first.message_id, photo.message_id, 999_999])
    await bot.forward_messages(other, user, [first.message_id])
    texts = [message["text_plain"] for message in await chat_of(stand_in, other)]
    assert texts == ["first", "anew", "first", "first", "seen", "first"]
    assert await bot.delete_messages(user, [first.message_id, photo.message_id, 999_999])
    assert await chat_of(stand_in, user) == []
    with pytest.raises(TelegramBadRequest, match="message to copy not found"):
        await bot.copy_message(other, user, first.message_id)


async def test_pins_reactions_and_media_that_changes(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    photo = await bot.send_photo(user, PICTURE, caption="old")
    assert await bot.pin_chat_message(user, photo.message_id)
    assert await bot.unpin_chat_message(user)
    with pytest.raises(TelegramBadRequest, match="message to unpin not found"):
        await bot.unpin_chat_message(user)
    assert await bot.unpin_all_chat_messages(user)
    assert await bot.set_message_reaction(user, photo.message_id, [ReactionTypeEmoji(emoji="👍")])
    assert (await chat_of(stand_in, user))[0]["reaction"] == "👍"
    edited = await bot.edit_message_media(
        InputMediaDocument(media=NOTES, caption="new"), chat_id=user, message_id=photo.message_id
    )
    assert not isinstance(edited, bool)
    assert (edited.photo, edited.caption) == (None, "new")
    assert edited.document is not None


async def test_people_topics_and_the_rest(stand_in: StandIn, bot: Bot) -> None:
    user = await stand_in.new_user()
    assert (await bot.get_chat_member(user, user)).status == "member"
    assert (await bot.get_user_profile_photos(user)).total_count == 0
    assert (await bot.get_my_star_balance()).amount == 0
    assert (await bot.get_star_transactions()).transactions == []
    assert (await bot.get_available_gifts()).gifts == []
    topic = await bot.create_forum_topic(user, "Aziza")
    assert await bot.edit_forum_topic(user, topic.message_thread_id, name="Timur")
    with pytest.raises(TelegramBadRequest, match="TOPIC_ID_INVALID"):
        await bot.close_forum_topic(user, 999_999)
