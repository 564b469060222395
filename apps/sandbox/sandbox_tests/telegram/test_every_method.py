"""Each method that the sandbox carries out answers in a form that aiogram's own types know, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from aiogram import Bot
from aiogram import methods as api
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputRichMessage,
    InputTextMessageContent,
    LabeledPrice,
    MenuButtonWebApp,
    Message,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
    WebAppInfo,
)

from mentorium_sandbox.telegram.methods import IMPLEMENTED
from sandbox_tests.telegram.conftest import StandIn
from sandbox_tests.telegram.pictures import png
from sandbox_tests.telegram.strict import unknown_fields

PICTURE = BufferedInputFile(png(40, 30), "picture.png")
FILE = BufferedInputFile(b"kundalik", "notes.txt")
PRICES = [LabeledPrice(label="Month", amount=250)]
ARTICLE = InlineQueryResultArticle(
    id="1", title="Progress", input_message_content=InputTextMessageContent(message_text="5/5")
)
PAY = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Pay", pay=True)]])
APP = MenuButtonWebApp(text="Statistics", web_app=WebAppInfo(url="http://127.0.0.1:8001/app"))


@dataclass(frozen=True, slots=True)
class Scene:
    """A chat with messages to do something with."""

    user: int
    text: Message
    photo: Message
    poll: Message
    topic: int
    callback_id: str


@pytest_asyncio.fixture
async def scene(stand_in: StandIn, bot: Bot) -> Scene:
    user = await stand_in.new_user()
    button = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go")]])
    text = await bot.send_message(user, "text", reply_markup=button)
    await stand_in.post(f"/users/{user}/press", message_id=text.message_id, button="go", wait_s=0)
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    topic = await bot.create_forum_topic(user, "Aziza")
    return Scene(
        user=user,
        text=text,
        photo=await bot.send_photo(user, PICTURE, caption="photo"),
        poll=await bot.send_poll(user, "Day?", ["Monday", "Friday"]),
        topic=topic.message_thread_id,
        callback_id=update.callback_query.id,
    )


def calls(scene: Scene) -> list[api.TelegramMethod[Any]]:
    """One sound call of each method that succeeds."""
    return [*_lookups(scene), *_messages(scene), *_changes(scene), *_settings(scene), *_farewells(scene)]


def _lookups(scene: Scene) -> list[api.TelegramMethod[Any]]:
    chat: Any = {"chat_id": scene.user}
    assert scene.photo.photo is not None
    return [
        api.GetMe(),
        api.GetChat(**chat),
        api.GetChatMember(**chat, user_id=scene.user),
        api.GetFile(file_id=scene.photo.photo[-1].file_id),
        api.GetUserProfilePhotos(user_id=scene.user),
        api.GetWebhookInfo(),
        api.DeleteWebhook(),
    ]


def _messages(scene: Scene) -> list[api.TelegramMethod[Any]]:
    chat: Any = {"chat_id": scene.user}
    invoice: Any = {"title": "M", "description": "d", "payload": "p", "currency": "XTR", "prices": PRICES}
    return [
        api.SendMessage(**chat, text="x", message_thread_id=scene.topic),
        api.SendMessageDraft(**chat, draft_id=1, text="x"),
        api.SendRichMessage(**chat, rich_message=InputRichMessage(markdown="# a\n\n- **b**\n- [c](https://d.uz)")),
        api.SendRichMessageDraft(**chat, draft_id=2, rich_message=InputRichMessage(html="<h1>a</h1><p>b</p>")),
        api.SendChatAction(**chat, action="typing"),
        api.SendPhoto(**chat, photo=PICTURE, has_spoiler=True),
        api.SendDocument(**chat, document=FILE),
        api.SendAudio(**chat, audio=FILE, title="t", performer="p", duration=3),
        api.SendVideo(**chat, video=FILE, width=10, height=20),
        api.SendAnimation(**chat, animation=FILE),
        api.SendVoice(**chat, voice=FILE),
        api.SendVideoNote(**chat, video_note=FILE),
        api.SendSticker(**chat, sticker=FILE),
        api.SendMediaGroup(**chat, media=[InputMediaPhoto(media=PICTURE), InputMediaPhoto(media=PICTURE)]),
        api.SendContact(**chat, phone_number="+998901112233", first_name="Ali", last_name="Valiyev"),
        api.SendLocation(**chat, latitude=41.3, longitude=69.2),
        api.SendVenue(**chat, latitude=41.3, longitude=69.2, title="School", address="Tashkent"),
        api.SendDice(**chat, emoji="🎳"),
        api.SendPoll(**chat, question="2+2?", options=["3", "4"], type="quiz", correct_option_ids=[1]),
        api.SendInvoice(**chat, **invoice, reply_markup=PAY),
        api.CreateInvoiceLink(**invoice, subscription_period=2_592_000),
    ]


def _changes(scene: Scene) -> list[api.TelegramMethod[Any]]:
    chat: Any = {"chat_id": scene.user}
    text, photo = ({**chat, "message_id": message.message_id} for message in (scene.text, scene.photo))
    source: Any = {**chat, "from_chat_id": scene.user}
    return [
        api.EditMessageText(**text, text="new"),
        api.EditMessageCaption(**photo, caption="new"),
        api.EditMessageMedia(**photo, media=InputMediaPhoto(media=PICTURE, caption="newer")),
        api.EditMessageReplyMarkup(**photo, reply_markup=InlineKeyboardMarkup(inline_keyboard=[[_link()]])),
        api.StopPoll(**chat, message_id=scene.poll.message_id),
        api.AnswerCallbackQuery(callback_query_id=scene.callback_id, text="done"),
        api.CopyMessage(**source, message_id=scene.text.message_id),
        api.CopyMessages(**source, message_ids=[scene.text.message_id, scene.photo.message_id]),
        api.ForwardMessage(**source, message_id=scene.photo.message_id),
        api.ForwardMessages(**source, message_ids=[scene.text.message_id]),
        api.PinChatMessage(**text),
        api.UnpinChatMessage(**text),
        api.UnpinAllChatMessages(**chat),
        api.SetMessageReaction(**text, reaction=[ReactionTypeEmoji(emoji="👍")]),
        api.CreateForumTopic(**chat, name="Timur"),
        api.EditForumTopic(**chat, message_thread_id=scene.topic, name="Aziza T."),
        api.DeleteForumTopic(**chat, message_thread_id=scene.topic),
    ]


def _settings(scene: Scene) -> list[api.TelegramMethod[Any]]:
    chat: Any = {"chat_id": scene.user}
    return [
        api.SetMyCommands(commands=[BotCommand(command="help", description="Yordam")], language_code="uz"),
        api.GetMyCommands(scope=BotCommandScopeChat(chat_id=scene.user)),
        api.DeleteMyCommands(),
        api.SetMyName(name="Mentor"),
        api.GetMyName(),
        api.SetMyDescription(description="d"),
        api.GetMyDescription(),
        api.SetMyShortDescription(short_description="s"),
        api.GetMyShortDescription(),
        api.SetChatMenuButton(**chat, menu_button=APP),
        api.GetChatMenuButton(**chat),
        api.SavePreparedInlineMessage(user_id=scene.user, result=ARTICLE, allow_user_chats=True),
        api.GetMyStarBalance(),
        api.GetStarTransactions(),
        api.GetAvailableGifts(),
    ]


def _farewells(scene: Scene) -> list[api.TelegramMethod[Any]]:
    chat: Any = {"chat_id": scene.user}
    text: Any = {**chat, "message_id": scene.text.message_id}
    return [
        api.DeleteMessage(**text),
        api.DeleteMessages(**chat, message_ids=[scene.photo.message_id, 999_999]),
        api.LogOut(),
        api.Close(),
    ]


def refusals(scene: Scene) -> list[tuple[api.TelegramMethod[Any], str]]:
    """One sound call of each method that cannot succeed here yet, and what it is told."""
    too_old = "query is too old and response timeout expired or query ID is invalid"
    charge: Any = {"user_id": scene.user, "telegram_payment_charge_id": "stx"}
    topic: Any = {"chat_id": scene.user, "message_thread_id": scene.topic}
    return [
        (api.AnswerPreCheckoutQuery(pre_checkout_query_id="1", ok=True), too_old),
        (api.AnswerShippingQuery(shipping_query_id="1", ok=False, error_message="no"), too_old),
        (api.AnswerWebAppQuery(web_app_query_id="1", result=ARTICLE), too_old),
        (api.RefundStarPayment(**charge), "CHARGE_NOT_FOUND"),
        (api.EditUserStarSubscription(**charge, is_canceled=True), "CHARGE_NOT_FOUND"),
        (api.SendGift(gift_id="1", user_id=scene.user), "STARGIFT_INVALID"),
        (api.CloseForumTopic(**topic), "method is available only for supergroups"),
        (api.ReopenForumTopic(**topic), "method is available only for supergroups"),
    ]


def _link() -> InlineKeyboardButton:
    return InlineKeyboardButton(text="Site", url="https://mentorium.io/", style="primary")


async def test_every_method_answers_as_aiogram_expects(bot: Bot, scene: Scene) -> None:
    sound, refused = calls(scene), refusals(scene)
    assert {type(call).__api_method__ for call in [*sound, *(call for call, _ in refused)]} == set(IMPLEMENTED)
    for call, words in refused:
        with pytest.raises(TelegramBadRequest) as refusal:
            await bot(call)
        assert refusal.value.message == f"Bad Request: {words}"
    for call in sound:
        await bot(call)


def test_a_field_that_aiogram_does_not_know_is_noticed() -> None:
    chat = {"id": 5, "type": "private", "mood": "good"}
    update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": chat, "text": "x"}}
    assert unknown_fields(Update.model_validate(update)) == [".message.chat.mood"]


async def test_all_that_stands_in_a_chat_has_plain_text(stand_in: StandIn, bot: Bot, scene: Scene) -> None:
    await bot.send_rich_message(
        scene.user, InputRichMessage(markdown="# Week\n\n| a | b |\n|---|---|\n| 1 | **2** |\n\n> said")
    )
    await bot.send_invoice(scene.user, "Monthly", "One month", "p", "XTR", PRICES)
    await bot.send_message(scene.user, "q", reply_parameters=ReplyParameters(message_id=scene.text.message_id))
    messages = (await stand_in.get(f"/users/{scene.user}/chat"))["messages"]
    assert [message["text_plain"] for message in messages] == [
        *("text", "", "photo", "Day?\nMonday\nFriday"),
        *("Week\na | b\n1 | 2\nsaid", "Monthly\nOne month", "q"),
    ]
    assert messages[-1]["reply_to_message"]["text"] == "text"
