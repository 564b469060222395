"""Who is asked, and in which order: the list ROUTERS, and a router that somebody includes later."""

from __future__ import annotations

import importlib
import pkgutil
import threading
from datetime import UTC, datetime

from aiogram import Bot, F, Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Chat, Message, PollAnswer, User

from mentorium_bot import handlers
from mentorium_bot.config import BotSettings
from mentorium_bot.filters import command
from mentorium_bot.keyboards.callback_data import ChooseTariff
from mentorium_bot.router_order import CatchAllRouter, IndexedRouter, OrderedDispatcher
from mentorium_bot.routers import ROUTERS
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import plain, subscribed_parent


def my_router() -> Router:
    """As the specification's sample has it, with a handler that asks for what the middleware gives."""
    routes = Router(name="my_feature")

    @routes.message(Command("mycommand"))
    async def my_command_handler(message: Message, parent: ParentView) -> None:
        await message.answer(f"Hello, {parent.language}!")

    @routes.message(F.text == "Good night")
    async def say_good_night(message: Message) -> None:
        await message.answer("Sleep well!")

    @routes.poll_answer()
    async def ignore(_: PollAnswer) -> None: ...

    return routes


async def test_a_router_included_later_is_reached_behind_the_gate(outside: Outside, settings: BotSettings) -> None:
    async with running(settings, my_router()):
        parent = await subscribed_parent(outside)
        assert plain(await outside.say(parent, "/mycommand")) == "Hello, en!"
        assert plain(await outside.say(parent, "Good night")) == "Sleep well!", "the mentor is asked only afterwards"
        assert plain(await outside.say(parent, "/nonsense")) == t("en", "fallback-command")
        stranger = await outside.user()
        assert plain(await outside.say(stranger, "/mycommand")) == t("en", "language-question")


async def test_telegram_is_asked_for_what_the_routers_handle(outside: Outside, settings: BotSettings) -> None:
    handled = ("message", "edited_message", "callback_query", "my_chat_member", "stopped_message_generation")
    async with running(settings, my_router()):
        await outside.say(await outside.user(), "/help")
    asked = str((await outside.sandbox.bot_calls("getUpdates"))[0]["params"]["allowed_updates"])
    assert all(kind in asked for kind in (*handled, "poll_answer"))
    assert "inline_query" not in asked


def test_catch_all_routers_stay_last_and_the_others_in_their_order() -> None:
    dispatcher = OrderedDispatcher()
    made = [factory() for factory in ROUTERS]
    dispatcher.include_routers(*made)
    assert dispatcher.sub_routers == made, "ROUTERS tells the order as it is"
    late = dispatcher.include_router(Router(name="late"))
    caught = [router for router in made if isinstance(router, CatchAllRouter)]
    assert dispatcher.sub_routers == [*made[: -len(caught)], late, *caught]


def test_no_router_of_the_handlers_is_left_out() -> None:
    found = pkgutil.iter_modules(handlers.__path__)
    modules = [importlib.import_module(f"{handlers.__name__}.{module.name}") for module in found]
    assert {module.router for module in modules if hasattr(module, "router")} == set(ROUTERS)


def test_each_factory_makes_its_routers_anew() -> None:
    assert all(factory() is not factory() for factory in ROUTERS)
    names = [factory().name for factory in ROUTERS]
    assert len(names) == len(set(names))


def pressed(data: str | None) -> CallbackQuery:
    return CallbackQuery(id="1", from_user=User(id=7, is_bot=False, first_name="P"), chat_instance="1", data=data)


async def test_a_router_is_asked_only_about_its_own_buttons_and_kinds() -> None:
    asked: list[str | None] = []

    async def hears(query: CallbackQuery | Message) -> bool:
        asked.append(query.data if isinstance(query, CallbackQuery) else query.text)
        return True

    async def handler(_: CallbackQuery) -> str:
        return "handled"

    own, any_button = IndexedRouter(name="own"), IndexedRouter(name="any")
    own.callback_query.filter(hears)
    own.callback_query.register(handler, ChooseTariff.filter())
    any_button.callback_query.register(handler, F.data)
    assert await own.propagate_event("callback_query", pressed("tariff:monthly")) == "handled"
    assert await own.propagate_event("callback_query", pressed("tariff:weekly")) is UNHANDLED, "no tariff of ours"
    for others in ("lang:ru", "tariffs:monthly", "", ":", None):
        assert await own.propagate_event("callback_query", pressed(others)) is UNHANDLED
    assert asked == ["tariff:monthly", "tariff:weekly"]
    own.message.filter(hears)
    assert await own.propagate_event("message", said("tariff:monthly")) is UNHANDLED
    assert asked == ["tariff:monthly", "tariff:weekly"], "it has no handler for messages"
    assert await any_button.propagate_event("callback_query", pressed("lang:ru")) == "handled"


async def test_a_router_within_a_router_is_asked_about_any_button() -> None:
    async def handler(_: CallbackQuery) -> str:
        return "handled"

    outer, inner = IndexedRouter(name="outer"), IndexedRouter(name="inner")
    outer.include_router(inner)
    inner.callback_query.register(handler, ChooseTariff.filter())
    assert await outer.propagate_event("callback_query", pressed("tariff:monthly")) == "handled"


def said(text: str | None) -> Message:
    user = User(id=7, is_bot=False, first_name="P")
    chat = Chat(id=7, type="private")
    return Message(message_id=1, date=datetime.now(UTC), chat=chat, from_user=user, text=text)


async def test_a_router_of_commands_is_not_asked_about_what_is_none() -> None:
    asked: list[str | None] = []

    async def hears(message: Message) -> bool:
        asked.append(message.text)
        return True

    async def handler(_: Message) -> str:
        return "handled"

    commands, texts = IndexedRouter(name="commands"), IndexedRouter(name="texts")
    for router in (commands, texts):
        router.message.filter(hears)
        router.message.register(handler, command("help"))
    texts.message.register(handler, F.text)
    bot = Bot("42:TEST")
    for text in ("/help", " \u2003/HELP me", "how is she?", None):
        await commands.propagate_event("message", said(text), bot=bot)
    assert asked == ["/help", " \u2003/HELP me"]
    assert await commands.propagate_event("message", said(" \u2003/HELP me"), bot=bot) == "handled"
    assert await texts.propagate_event("message", said("how is she?"), bot=bot) == "handled"


async def test_a_magic_filter_is_asked_in_the_loop_and_in_no_thread() -> None:
    threads = set[int]()

    def noted(_: object) -> bool:
        threads.add(threading.get_ident())
        return True

    async def handler(_: Message, text: str) -> str:
        return text

    dispatcher, outer, inner = OrderedDispatcher(), Router(name="outer"), Router(name="inner")
    inner.message.filter(F.func(noted))
    inner.message.register(handler, F.func(noted), F.text.as_("text"))
    outer.include_router(inner)
    dispatcher.include_router(outer)
    assert await outer.propagate_event("message", said("hello")) == "hello"
    assert threads == {threading.get_ident()}
