"""What outlives a restart of the sandbox: users, chats, files, and how far ids have come."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorium_sandbox.telegram import TelegramWorld
from mentorium_sandbox.telegram.bot import Bot
from mentorium_sandbox.telegram.conversation import Conversation
from mentorium_sandbox.telegram.user_actions import UserActions
from sandbox_tests.telegram.conftest import TOKEN
from sandbox_tests.telegram.pictures import png

UserCall = Callable[[TelegramWorld, Bot, Conversation], None]


def world_of(path: Path) -> tuple[TelegramWorld, Bot]:
    world = TelegramWorld(lambda: datetime.now(UTC), store=path)
    return world, world.add_bot(TOKEN, "MentoriumTestBot")


def chat_of(world: TelegramWorld, bot: Bot, user_id: int) -> Conversation:
    conversation = world.conversation(bot, user_id)
    assert conversation is not None
    return conversation


def send(bot: Bot, conversation: Conversation, text: str) -> int:
    message_id = bot.next_message_id()
    chat = conversation.user.as_chat()
    message = {"message_id": message_id, "date": 1, "from": bot.as_user(), "chat": chat, "text": text}
    conversation.add(message, outgoing=True, reply_markup={"keyboard": [[{"text": "Later"}]]})
    return message_id


async def test_a_parent_who_was_added_by_hand_is_there_after_a_restart(tmp_path: Path) -> None:
    world, bot = world_of(tmp_path / "telegram.sqlite")
    user = world.add_user("Dilnoza", "uz", "+998901112233", username="dilnoza")
    conversation = chat_of(world, bot, user.id)
    acts = UserActions(world, bot, conversation)
    acts.say("hello")
    photo = acts.send_photo(png(20, 10)).update["message"]["photo"][-1]["file_id"]
    send(bot, conversation, "hi")
    before, next_update = conversation.view(0), bot.queue.next_id
    world.close()

    world, bot = world_of(tmp_path / "telegram.sqlite")
    assert world.users == {user.id: user}
    assert chat_of(world, bot, user.id).view(0) == before
    kept = world.files.by_id(photo)
    assert kept is not None
    assert kept.data == png(20, 10)
    assert bot.next_message_id() == before["messages"][-1]["message_id"] + 1
    assert bot.queue.next_id >= next_update
    new = world.files.keep(png(20, 10), "image/png", "photos")
    assert (new.file_id, new.path) != (kept.file_id, kept.path)
    world.close()


async def test_after_a_crash_no_id_is_given_away_twice(tmp_path: Path) -> None:
    world, bot = world_of(tmp_path / "telegram.sqlite")
    user = world.add_user("Dilnoza", "uz")
    for _ in range(300):
        UserActions(world, bot, chat_of(world, bot, user.id)).say("not written down yet")
    _, again = world_of(tmp_path / "telegram.sqlite")
    assert again.next_message_id() > bot.last_message_id
    assert again.queue.next_id > bot.queue.next_id


async def test_a_crash_loses_half_a_second_at_most(tmp_path: Path) -> None:
    path = tmp_path / "telegram.sqlite"
    world, bot = world_of(path)
    user = world.add_user("Dilnoza", "uz")
    send(bot, chat_of(world, bot, user.id), "hi")
    async with asyncio.timeout(5):
        while not (other := TelegramWorld(lambda: datetime.now(UTC), store=path)).users:
            await asyncio.sleep(0.05)
    assert len(chat_of(other, other.add_bot(TOKEN, "MentoriumTestBot"), user.id).messages) == 1


async def test_each_bot_has_its_own_past(tmp_path: Path) -> None:
    world, bot = world_of(tmp_path / "telegram.sqlite")
    user = world.add_user("Dilnoza", "uz")
    send(bot, chat_of(world, bot, user.id), "hi")
    world.close()
    world, _ = world_of(tmp_path / "telegram.sqlite")
    further = world.authorise("800123456:another-secret")
    assert chat_of(world, further, user.id).messages == {}
    assert further.last_message_id == 0


@pytest.mark.parametrize("rubbish", [b"this is no database at all" * 100, b"SQLite format 3\x00"])
async def test_a_file_that_cannot_be_read_is_put_aside(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "telegram.sqlite"
    path.write_bytes(rubbish)
    world, _ = world_of(path)
    world.add_user("Dilnoza", "uz")
    world.close()
    assert [user.first_name for user in world_of(path)[0].users.values()] == ["Dilnoza"]
    assert path.with_suffix(".unreadable").read_bytes() == rubbish


async def test_nothing_is_written_after_the_end(tmp_path: Path) -> None:
    world, bot = world_of(tmp_path / "telegram.sqlite")
    user = world.add_user("Dilnoza", "uz")
    world.close()
    send(bot, chat_of(world, bot, user.id), "too late")
    world, bot = world_of(tmp_path / "telegram.sqlite")
    assert chat_of(world, bot, user.id).messages == {}


def _say(world: TelegramWorld, bot: Bot, conversation: Conversation) -> None:
    if not conversation.blocked:
        UserActions(world, bot, conversation).say("a question")


def _answer(_: TelegramWorld, bot: Bot, conversation: Conversation) -> None:
    send(bot, conversation, "an answer")


def _edit(_: TelegramWorld, __: Bot, conversation: Conversation) -> None:
    for stored in list(conversation.messages.values())[-1:]:
        conversation.edit(stored, {**stored.message, "text": "better"})


def _delete(_: TelegramWorld, __: Bot, conversation: Conversation) -> None:
    for message_id in list(conversation.messages)[:1]:
        conversation.delete(message_id)


def _block(world: TelegramWorld, bot: Bot, conversation: Conversation) -> None:
    acts = UserActions(world, bot, conversation)
    _ = acts.unblock() if conversation.blocked else acts.block()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from([_say, _answer, _edit, _delete, _block])), max_size=30))
def test_every_chat_stands_where_it_stood(calls: list[tuple[int, UserCall]]) -> None:
    async def live(path: Path) -> None:
        world, bot = world_of(path)
        users = [user.id for user in world.add_users(3)]
        for place, call in calls:
            call(world, bot, chat_of(world, bot, users[place]))
        before = [chat_of(world, bot, user).view(0) for user in users]
        world.close()
        world, bot = world_of(path)
        assert [chat_of(world, bot, user).view(0) for user in users] == before
        world.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live(Path(folder) / "telegram.sqlite"))


async def test_stars_are_there_after_a_restart(tmp_path: Path) -> None:
    world, bot = world_of(tmp_path / "telegram.sqlite")
    user = world.add_user("Dilnoza", "uz")
    fields = {"title": "M", "description": "d", "payload": "order-1", "currency": "XTR"}
    invoice = bot.stars.add_invoice(None, fields, amount=990, period=2_592_000)
    payment = bot.stars.add_payment(user.id, "order-1", 990, world.now(), period=2_592_000)
    subscription = bot.stars.add_subscription(payment, invoice)
    world.set_stars(user, 5)
    bot.stars.bill_request(world.now())
    bot.stars.bill_request(world.now())
    world.close()

    world, bot = world_of(tmp_path / "telegram.sqlite")
    assert world.users[user.id].stars == 5
    assert bot.stars.invoices == {invoice.place: invoice}
    assert bot.stars.payments == {payment.charge_id: payment}
    assert bot.stars.subscriptions == {payment.charge_id: subscription}
    assert [bill.requests for bill in bot.stars.bills] == [2]
    subscription.canceled = True
    bot.stars.keep(subscription)
    world.close()
    world, bot = world_of(tmp_path / "telegram.sqlite")
    assert bot.stars.subscriptions[payment.charge_id].state == "canceled"
    world.close()
