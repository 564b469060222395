"""The people of a sandbox, as its client's callers hold them: fake parents in their chats, and children at school."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mentorium_sandbox.client import SandboxClient

Json = dict[str, Any]
DEFAULT_WAIT_S = 20.0
_HEARD_WITHIN_S = 5.0
_LOOKS_AGAIN_S = 0.05


class ButtonNotFoundError(LookupError):
    """No message of the chat has the button that was to be pressed."""


@dataclass(frozen=True, slots=True)
class Press:
    """What the bot did when a button was pressed. `callback_answer` is None where the press was not answered."""

    replies: list[Json]
    edited: list[Json]
    callback_answer: Json | None
    url: str | None
    web_app: Json | str | None

    @property
    def shown(self) -> list[Json]:
        """The messages that changed, then those that are new."""
        return [*self.edited, *self.replies]

    @property
    def callback_text(self) -> str | None:
        """What the press was answered with over the chat, if with words."""
        return (self.callback_answer or {}).get("text")


@dataclass(frozen=True, slots=True)
class StarsPaid:
    """How a pay sheet ended: `paid`, `declined` by the bot, `timed_out` where it said nothing, or `cancelled`.

    `pre_checkout` is what the bot said before; `payment` is the successful_payment that it got after.
    """

    outcome: str
    pre_checkout: Json | None
    error: str | None
    charge_id: str | None
    payment: Json | None
    message_id: int | None
    balance: int
    replies: list[Json]
    edited: list[Json]


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as its user sees it: the messages, oldest first, and the streamed drafts that are open."""

    messages: list[Json]
    drafts: list[Json]


@dataclass(slots=True)
class FakeParent:
    """A fake Telegram user in the private chat with a bot: ours, unless `bot` is the id of another.

    Each call returns when the bot is done, or after `wait_s` without a sign of it; `last` is what the last one brought.
    """

    sandbox: SandboxClient
    id: int
    language: str = "en"
    bot: int | None = None
    last: list[Json] = field(default_factory=list)

    async def send(self, *, wait_s: float = DEFAULT_WAIT_S, **message: object) -> list[Json]:
        """Send one of `text`, `contact`, `voice_base64`, `photo_base64`, `sticker`; the bot's replies."""
        self.last = (await self._do("messages", **message, wait_s=wait_s))["replies"]
        return self.last

    async def say(self, text: str, *, wait_s: float = DEFAULT_WAIT_S) -> list[Json]:
        """Type words or a command; the bot's replies."""
        return await self.send(text=text, wait_s=wait_s)

    async def speak(self, words: str, *, sound: bytes | None = None, wait_s: float = DEFAULT_WAIT_S) -> list[Json]:
        """Say words in a voice message; the bot's replies. What is sent as its sound matters to nobody here."""
        data = base64.b64encode(sound or f"the sound of {words}".encode()).decode()
        return await self.send(voice_base64=data, spoken=words, wait_s=wait_s)

    async def start(self, payload: str | None = None, *, wait_s: float = DEFAULT_WAIT_S) -> list[Json]:
        """Press Start, by a deep link with `payload` where one is given; the bot's replies."""
        self.last = (await self._do("start", payload=payload, wait_s=wait_s))["replies"]
        return self.last

    async def press(self, button: str, *, message: Json | None = None, wait_s: float = DEFAULT_WAIT_S) -> Press:
        """Press a button by its text or callback data, on the newest message that has it unless one is given.

        What follows a further colon may be left out: `erase:yes` finds `erase:yes:7`, `pay:payme` finds
        `pay:payme:monthly`.

        Raises ButtonNotFoundError where no message has it.
        """
        if message is None:
            message, button = await self._message_with(button)
        press = Press(**await self._do("press", message_id=message["message_id"], button=button, wait_s=wait_s))
        self.last = press.shown
        return press

    async def stop(self, *, wait_s: float = DEFAULT_WAIT_S) -> list[Json]:
        """Press Stop on the streamed draft; the bot's replies."""
        self.last = (await self._do("stop", wait_s=wait_s))["replies"]
        return self.last

    async def block(self) -> None:
        await self._do("block")

    async def unblock(self) -> None:
        await self._do("unblock")

    async def grant(self, tariff: str = "monthly") -> None:
        """Give a subscription by the product's operator command; the word of it has come, if it comes."""
        before = len(await self.messages())
        await self._do("grant", tariff=tariff)
        await self.hear_more_than(before)

    async def hear_more_than(self, messages: int) -> bool:
        """Whether the chat has more messages than so many within some seconds: what a worker sends comes by itself."""
        until = time.monotonic() + _HEARD_WITHIN_S
        while len(await self.messages()) <= messages:
            if time.monotonic() > until:
                return False
            await asyncio.sleep(_LOOKS_AGAIN_S)
        return True

    async def pay(self, invoice: Json | str, outcome: str = "ok", *, wait_s: float = DEFAULT_WAIT_S) -> StarsPaid:
        """The pay sheet of an invoice, a message of this chat or a link: `ok` pays it in Stars, `cancel` closes it."""
        what = {"link": invoice} if isinstance(invoice, str) else {"message_id": invoice["message_id"]}
        told = await self._do("pay", **what, outcome=outcome, wait_s=wait_s)
        self.last = [*told["edited"], *told["replies"]]
        return StarsPaid(**told)

    async def set_stars(self, balance: int) -> None:
        """Give this user so many Stars."""
        await self._do("stars", balance=balance)

    async def stars(self) -> Json:
        """The `balance`, the `payments` and the `subscriptions` of this user."""
        path = f"users/{self.id}/stars" + (f"?bot={self.bot}" if self.bot is not None else "")
        told: Json = await self.sandbox.call("GET", path)
        return told

    async def change_star_subscription(
        self, charge_id: str, action: str, *, wait_s: float = DEFAULT_WAIT_S
    ) -> list[Json]:
        """`cancel` or `resume` it as the user does, or let its next charge fail (`fail_next`); the bot's replies."""
        told = await self._do("star_subscription", charge_id=charge_id, action=action, wait_s=wait_s)
        self.last = told["replies"]
        return self.last

    async def agree(self, payload: str | None = None) -> list[Json]:
        """Press Start, choose the language, and consent; what the bot showed last."""
        await self.start(payload)
        await self.press(f"lang:{self.language}")
        return (await self.press("consent:yes")).shown

    async def register(self, child: Child, *, tariff: str | None = "monthly") -> None:
        """Come in by the child's deep link, consent, and be given the tariff, if any."""
        await self.agree(child.link_code)
        if tariff is not None:
            await self.grant(tariff)

    async def chat(self) -> Chat:
        """The whole chat as it stands."""
        path = f"users/{self.id}/chat" + (f"?bot={self.bot}" if self.bot is not None else "")
        told = await self.sandbox.call("GET", path)
        return Chat(told["messages"], told["drafts"])

    async def messages(self) -> list[Json]:
        """The messages of the chat, oldest first."""
        return (await self.chat()).messages

    async def _do(self, deed: str, /, **body: object) -> Any:
        given = {name: value for name, value in {**body, "bot": self.bot}.items() if value is not None}
        return await self.sandbox.call("POST", f"users/{self.id}/{deed}", given)

    async def _message_with(self, button: str) -> tuple[Json, str]:
        """The message, and the button as it stands there."""
        messages = await self.messages()
        with_id, with_more = (re.compile(re.escape(button) + more) for more in (r":\d+", r":[^:]+"))
        for fits in (button.__eq__, with_id.fullmatch, with_more.fullmatch):
            for message in reversed(messages):
                for label in _labels(message):
                    if fits(label):
                        return message, label
        raise ButtonNotFoundError(f"no message offers {button}: {[_labels(message) for message in messages]}")


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the demo school with its guardian and a deep link that connects the two once."""

    sandbox: SandboxClient
    student_id: int
    guardian_id: int
    link_code: str
    first_name: str
    guardian_name: str

    async def did(self, kind: str, **what: object) -> None:
        """Something happens at school: lesson, attempt, award, comment, activity_day, enrollment, material."""
        await self.sandbox.call("POST", "platform/activity", {"student_id": self.student_id, "kind": kind, **what})

    async def set_visible(self, *, can_view: bool) -> None:
        """Give or take the guardian's right to see this child; takes effect at once."""
        who = {"guardian_id": self.guardian_id, "student_id": self.student_id}
        await self.sandbox.call("POST", "platform/rights", {**who, "can_view": can_view})


def callback_buttons(message: Json) -> list[str]:
    """The callback data on a message, in order."""
    return [button["callback_data"] for button in _inline_buttons(message) if "callback_data" in button]


def plain_text(messages: Sequence[Json]) -> str:
    """What one reads in these messages."""
    return "\n".join(message["text_plain"] for message in messages if message.get("text_plain"))


def _labels(message: Json) -> list[str]:
    return [*callback_buttons(message), *(button["text"] for button in _inline_buttons(message))]


def _inline_buttons(message: Json) -> list[Json]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]
