"""A real aiogram bot talks with fake users through the stand-in."""

from __future__ import annotations

from aiogram import Dispatcher
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from sandbox_tests.telegram.conftest import Running, StandIn


def echo_bot() -> Dispatcher:
    dispatcher = Dispatcher()
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Oʻzbekcha", callback_data="lang:uz")]])

    @dispatcher.message(CommandStart(deep_link=True))
    async def linked(message: Message) -> None:
        await message.answer(f"linked {(message.text or '').split()[1]}")

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        await message.answer("<b>Til</b> tanlang", parse_mode="HTML", reply_markup=keyboard)

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or message.content_type)

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        await query.answer(f"you pressed {query.data}", show_alert=True)
        assert isinstance(query.message, Message)
        await query.message.edit_text(f"chosen {query.data}")

    return dispatcher


async def test_a_text_comes_back_from_the_polling_bot(stand_in: StandIn, running: Running) -> None:
    user = await stand_in.new_user()
    async with running(echo_bot()):
        answer = await stand_in.post(f"/users/{user}/messages", text="Salom")
    (reply,) = answer["replies"]
    assert reply["text_plain"] == reply["text"] == "Salom"
    assert reply["message_id"] == answer["message_id"] + 1
    assert reply["chat"]["id"] == user
    assert reply["from"]["username"] == "MentoriumTestBot"


async def test_start_carries_the_deep_link_payload(stand_in: StandIn, running: Running) -> None:
    user = await stand_in.new_user()
    async with running(echo_bot()):
        answer = await stand_in.post(f"/users/{user}/start", payload="abc-123")
    assert [reply["text"] for reply in answer["replies"]] == ["linked abc-123"]


async def test_a_press_by_data_and_by_text_edits_and_answers(stand_in: StandIn, running: Running) -> None:
    user = await stand_in.new_user()
    async with running(echo_bot()):
        for button in ("lang:uz", "Oʻzbekcha"):
            (greeting,) = (await stand_in.post(f"/users/{user}/start"))["replies"]
            assert greeting["text_plain"] == "Til tanlang"
            assert greeting["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
            pressed = await stand_in.post(f"/users/{user}/press", message_id=greeting["message_id"], button=button)
            assert pressed["callback_answer"] == {"text": "you pressed lang:uz", "show_alert": True, "url": None}
            assert [message["text_plain"] for message in pressed["edited"]] == ["chosen lang:uz"]
            assert "reply_markup" not in pressed["edited"][0]
            assert pressed["replies"] == []


async def test_data_that_is_not_on_the_message_is_a_forged_press(stand_in: StandIn, running: Running) -> None:
    user = await stand_in.new_user()
    async with running(echo_bot()):
        (greeting,) = (await stand_in.post(f"/users/{user}/start"))["replies"]
        pressed = await stand_in.post(f"/users/{user}/press", message_id=greeting["message_id"], button="child:999")
    assert pressed["callback_answer"]["text"] == "you pressed child:999"
