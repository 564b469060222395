"""Control calls about fake users: what they do in their chats, and what the bot did there."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody, query_integer, refuse
from mentorium_sandbox.telegram import star_api
from mentorium_sandbox.telegram.bot import Bot, Callback
from mentorium_sandbox.telegram.conversation import ChatCursor, Conversation
from mentorium_sandbox.telegram.errors import ApiError
from mentorium_sandbox.telegram.reply_wait import ReplyWait
from mentorium_sandbox.telegram.star_payments import NotPayableError
from mentorium_sandbox.telegram.telegram_world import TelegramWorld
from mentorium_sandbox.telegram.updates import Ticket
from mentorium_sandbox.telegram.user_actions import NotPossibleError, UserActions

Json = dict[str, Any]
UserCall = Callable[["UserApi", RequestBody, Conversation, UserActions], Awaitable[Json]]
_WAIT_SECONDS = 10.0
_LONGEST_WAIT = 600.0
_LOWEST_USER_ID = 100_000_000
_USER_ID = re.compile(r"[0-9]{1,16}")
_PHONE = re.compile(r"\+?\d{7,15}")
_KINDS = ("text", "contact", "voice_base64", "photo_base64", "sticker")


class UserApi:
    def __init__(self, world: TelegramWorld) -> None:
        self.world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        calls: dict[str, UserCall] = {
            "messages": _send_message,
            "press": _press,
            "start": _start,
            "stop": _stop,
            "block": _block,
            "unblock": _unblock,
            "pay": star_api.pay,
            "stars": star_api.set_balance,
            "star_subscription": star_api.change_subscription,
        }
        return [
            web.get("/sandbox/users", self._list_users),
            web.post("/sandbox/users", self._add_user),
            web.get("/sandbox/users/{id}/chat", self._chat),
            web.get("/sandbox/users/{id}/stars", self._stars),
            *(web.post(f"/sandbox/users/{{id}}/{name}", self._carrying_out(call)) for name, call in calls.items()),
        ]

    def _carrying_out(self, call: UserCall) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handler(request: web.Request) -> web.StreamResponse:
            body = await RequestBody.of(request)
            bot = bot_of(self.world, body.optional_integer("bot"))
            conversation = self._conversation(request, bot)
            try:
                answer = await call(self, body, conversation, UserActions(self.world, bot, conversation))
            except (NotPossibleError, NotPayableError) as error:
                raise web.HTTPConflict(text=str(error)) from error
            except ApiError as error:
                raise web.HTTPBadRequest(text=error.description) from error
            return web.json_response(answer)

        return handler

    def reply_to(
        self,
        tickets: Sequence[Ticket],
        conversation: Conversation,
        since: ChatCursor,
        callback: Callback | None = None,
    ) -> ReplyWait:
        """What is to be waited for after a user's act."""
        world = self.world
        bot = world.bot(conversation.bot_id)
        return ReplyWait(conversation, since, tickets, lambda: world.in_hand(bot), callback, world.quiet_seconds)

    def _conversation(self, request: web.Request, bot: Bot) -> Conversation:
        raw = request.match_info["id"]
        conversation = self.world.conversation(bot, int(raw)) if _USER_ID.fullmatch(raw) else None
        if conversation is None:
            raise web.HTTPNotFound(text=f"there is no user {raw}")
        return conversation

    async def _list_users(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"users": self.world.describe_users()})

    async def _add_user(self, request: web.Request) -> web.StreamResponse:
        body = await RequestBody.of(request)
        user_id = body.optional_integer("id")
        if user_id is not None and not _LOWEST_USER_ID <= user_id < 2**52:
            refuse("id has nine digits or more")
        phone = body.optional_text("phone")
        if phone is not None and not _PHONE.fullmatch(phone):
            refuse("phone is not a telephone number in international form")
        try:
            user = self.world.add_user(body.text("first_name"), body.text("language_code"), phone, user_id)
        except ValueError as error:
            raise web.HTTPConflict(text=str(error)) from error
        return web.json_response(self.world.describe_user(user))

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        bot = bot_of(self.world, query_integer(request, "bot") or None)
        return web.json_response(self._conversation(request, bot).view(query_integer(request, "after")))

    async def _stars(self, request: web.Request) -> web.StreamResponse:
        """The user's Stars and subscriptions; with `?link=` also what that invoice asks for."""
        bot = bot_of(self.world, query_integer(request, "bot") or None)
        return web.json_response(star_api.described(self.world, bot, self._conversation(request, bot), request.query))


def bot_of(world: TelegramWorld, bot_id: int | None) -> Bot:
    """The bot that a control call speaks with. Raises HTTPNotFound."""
    try:
        return world.bot(bot_id)
    except (KeyError, StopIteration) as error:
        raise web.HTTPNotFound(text=f"there is no bot {bot_id}") from error


def _wait_s(body: RequestBody) -> float:
    return body.number("wait_s", _WAIT_SECONDS, highest=_LONGEST_WAIT)


async def _send_message(api: UserApi, body: RequestBody, conversation: Conversation, user: UserActions) -> Json:
    given = [kind for kind in _KINDS if body.has(kind)]
    if len(given) != 1:
        refuse(f"a message holds exactly one of {', '.join(_KINDS)}")
    wait_s, since = _wait_s(body), conversation.cursor()
    tickets = _sent(given[0], body, user)
    await api.reply_to(tickets, conversation, since).until_answered(wait_s)
    return _sent_answer(conversation, tickets)


def _sent(kind: str, body: RequestBody, user: UserActions) -> list[Ticket]:
    if kind == "text":
        return user.say(body.text("text"))
    if kind == "voice_base64":
        return [user.send_voice(_bytes(body, kind), body.optional_text("spoken"))]
    if kind == "photo_base64":
        return [user.send_photo(_bytes(body, kind))]
    if isinstance(body.fields["contact"] if kind == "contact" else True, dict):
        return [user.forward_contact(_contact(RequestBody(body.fields["contact"])))]
    if body.fields[kind] is not True:
        refuse(f"{kind} is true" + (" or somebody's contact" if kind == "contact" else ""))
    return [user.share_own_contact() if kind == "contact" else user.send_sticker()]


def _contact(card: RequestBody) -> Json:
    contact: Json = {"phone_number": card.text("phone_number"), "first_name": card.text("first_name")}
    user_id = card.optional_integer("user_id")
    return contact if user_id is None else {**contact, "user_id": user_id}


def _bytes(body: RequestBody, key: str) -> bytes:
    try:
        data = base64.b64decode(body.text(key), validate=True)
    except (binascii.Error, ValueError):
        refuse(f"{key} is not base64")
    if not data:
        refuse(f"{key} is empty")
    return data


def _sent_answer(conversation: Conversation, tickets: Sequence[Ticket]) -> Json:
    """The bot's messages that came after the (last) message of the user."""
    message_id = tickets[-1].update["message"]["message_id"]
    first = tickets[0].update["message"]["message_id"]
    return {"message_id": message_id, "replies": conversation.replies_after(first)}


async def _start(api: UserApi, body: RequestBody, conversation: Conversation, user: UserActions) -> Json:
    wait_s, payload = _wait_s(body), body.optional_text("payload")
    since = conversation.cursor()
    tickets = user.start(payload)
    await api.reply_to(tickets, conversation, since).until_answered(wait_s)
    return _sent_answer(conversation, tickets)


async def _press(api: UserApi, body: RequestBody, conversation: Conversation, user: UserActions) -> Json:
    wait_s, since = _wait_s(body), conversation.cursor()
    pressed = user.press(body.integer("message_id"), body.text("button"))
    if pressed.tickets:
        await api.reply_to(pressed.tickets, conversation, since, pressed.callback).until_answered(wait_s)
    answer = pressed.callback.answer if pressed.callback is not None else None
    return {
        "replies": conversation.replies_after(since.message_id),
        "edited": conversation.edited_since(since),
        "callback_answer": answer,
        "url": pressed.url or (answer or {}).get("url"),
        "web_app": pressed.web_app,
    }


async def _stop(api: UserApi, body: RequestBody, conversation: Conversation, user: UserActions) -> Json:
    wait_s, since = _wait_s(body), conversation.cursor()
    ticket = user.stop(body.optional_integer("draft_id"))
    await api.reply_to([ticket], conversation, since).until_answered(wait_s)
    return {"replies": conversation.replies_after(since.message_id)}


async def _block(_: UserApi, __: RequestBody, ___: Conversation, user: UserActions) -> Json:
    user.block()
    return {"blocked": True}


async def _unblock(_: UserApi, __: RequestBody, ___: Conversation, user: UserActions) -> Json:
    user.unblock()
    return {"blocked": False}
