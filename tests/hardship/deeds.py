"""What parents do while something is away, each of them one thing, and whether they have what they came for."""

from __future__ import annotations

import asyncio
import itertools
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Final

from mentorium_sandbox.client import Child, FakeParent, callback_buttons
from tests.e2e.card_page import card_link, new_card, read_page, verified_card
from tests.e2e.purchases import payments
from tests.e2e.sandbox import Sandbox
from tests.hardship.conftest import registration_is_back

QUESTION: Final = "How did the last week go?"
_NUMBERS: Final = itertools.count(1)
_DUE_IN_S: Final = 3
Json = dict[str, Any]


class Deed(ABC):
    """One parent. `prepare` on a good day, `act` while something is away, `served` how often it was done."""

    name: str
    parent: FakeParent
    child: Child
    _known: int = 0

    async def prepare(self, sandbox: Sandbox) -> None:
        """Registered and subscribed, unless a deed says otherwise."""
        self.sandbox = sandbox
        self.parent = await sandbox.parent("en")
        self.child = await sandbox.child("Kamron", "Sobirov")
        await self._come_in()
        self._known = len(await self.parent.messages())

    async def _come_in(self) -> None:
        await self.parent.register(self.child)

    @abstractmethod
    async def act(self) -> None:
        """What the parent does; also when it is done again."""

    async def heard(self) -> list[Json]:
        """What the bot has said since, oldest first."""
        return [m for m in (await self.parent.messages())[self._known :] if m["from"]["is_bot"]]

    async def drafts(self) -> bool:
        return bool((await self.parent.chat()).drafts)

    async def served(self) -> int:
        """How many times the parent has what was asked for."""
        return sum(self.is_it(message) for message in await self.heard())

    def is_it(self, message: Json) -> bool:
        """Whether this message is what was asked for."""
        return self.child.first_name in _text(message)


class Asks(Deed):
    name = "asks the mentor"

    async def act(self) -> None:
        await self.parent.say(QUESTION, wait_s=0)


class Presses(Deed):
    name = "presses “last week” in /report"

    async def _come_in(self) -> None:
        await super()._come_in()
        await self.parent.say("/report")
        self._menu = self.parent.last[-1]

    async def act(self) -> None:
        await self.parent.press("report:week", message=self._menu, wait_s=0)


class Reports(Deed):
    name = "says /report"

    async def act(self) -> None:
        await self.parent.say("/report", wait_s=0)

    def is_it(self, message: Json) -> bool:
        return any(button.startswith("report:week") for button in callback_buttons(message))


class Registers(Deed):
    name = "begins by the platform's link"

    async def _come_in(self) -> None:
        return

    async def act(self) -> None:
        await self.parent.start(self.child.link_code, wait_s=0)

    def is_it(self, message: Json) -> bool:
        return "lang:en" in callback_buttons(message)


class Consents(Deed):
    name = "consents, in the middle of registering"

    async def _come_in(self) -> None:
        await registration_is_back(self.sandbox)  # after a cut Redis is asked again once in a while only
        await self.parent.start(self.child.link_code)
        self._step = (await self.parent.press("lang:en")).shown[-1]

    async def act(self) -> None:
        await self.parent.press("consent:yes", message=self._step, wait_s=0)


class Mails(Deed):
    """The letter has to come, once, beside the words in the chat."""

    name = "asks for a code by mail"

    async def _come_in(self) -> None:
        self._address = f"cut-{next(_NUMBERS)}@example.uz"
        await self.sandbox.child("Malika", "Yusupova", email=self._address)
        await self.parent.agree()

    async def act(self) -> None:
        await self.parent.say(self._address, wait_s=0)

    async def served(self) -> int:
        return len([letter for letter in await self.sandbox.letters() if letter["to"] == self._address])


class Pays(Deed):
    """At PayMe's till, by an order made before. Whoever is told that it did not work pays again."""

    name = "pays at PayMe's till"

    async def _come_in(self) -> None:
        await self.parent.register(self.child, tariff=None)
        await self.parent.say("/subscribe")
        await self.parent.press("tariff:monthly")
        (sent,) = (await self.parent.press("pay:payme")).replies
        self._link = sent["reply_markup"]["inline_keyboard"][0][0]["url"]

    async def act(self) -> None:
        await self.sandbox.pay_at_payme(self._link)

    async def served(self) -> int:
        """Booked, and told: what is booked twice is worse than what is not."""
        try:
            booked = (await payments(self.sandbox, self.parent)).count("SUCCESS")
        except (OSError, TimeoutError):
            return 0
        return booked if await self.heard() else 0


class GivesCard(Deed):
    """The page has PayMe's word for the card already; what is left is ours to save, who ask PayMe."""

    name = "saves a card for renewals"

    async def _come_in(self) -> None:
        await self.parent.register(self.child, tariff=None)
        await self.parent.say("/subscribe")
        await self.parent.press("tariff:monthly")
        (sent,) = (await self.parent.press("pay:payme")).replies
        before = len(await self.parent.messages())
        await self.sandbox.pay_at_payme(sent["reply_markup"]["inline_keyboard"][0][0]["url"])
        await self.parent.hear_more_than(before)
        self._page = await read_page(self.sandbox, await card_link(self.parent, "renew:on:monthly"))
        self._card = await verified_card(self.sandbox, self._page, await new_card(self.sandbox))
        self._said: list[Json] = []

    async def act(self) -> None:
        body = {"page": self._page["token"], "card": self._card, "consent": self._page["consent"]}
        async with self.sandbox.http.post(self._page["save"], json=body) as answer:
            outcome = str((await answer.json(content_type=None))["outcome"])
        self._said.append({"text": f"(the page) {outcome}", "from": {"is_bot": True}})

    async def heard(self) -> list[Json]:
        return [*self._said, *await super().heard()]

    async def served(self) -> int:
        return sum(message["text"] == "(the page) saved" for message in self._said)


class IsTold(Deed):
    """A message about a payment becomes due a moment after something was cut."""

    name = "is to be told of a payment (outbox)"

    async def prepare(self, sandbox: Sandbox) -> None:
        await super().prepare(sandbox)
        self._words = f"The payment of cut {next(_NUMBERS)} was booked."

    async def order(self) -> None:
        """Just before the cut."""
        await self.sandbox.rows(
            "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key, send_at, expires_at)"
            " SELECT $1::bigint, 'PAYMENT', $2::text, 'cut:' || $1, moment + $4 * interval '1 second',"
            " moment + interval '1 day' FROM (SELECT $3::timestamptz AS moment) now",
            self.parent.id,
            self._words,
            await self.sandbox.now(),
            _DUE_IN_S,
        )

    async def act(self) -> None:
        return

    def is_it(self, message: Json) -> bool:
        return _text(message).startswith(self._words)  # a second try says that it may be one


def all_deeds(target: str) -> Sequence[Deed]:
    """What parents do in every cut, and in this one."""
    always = (Asks(), Presses(), Reports(), Registers(), Consents(), Pays(), IsTold())
    return (*always, *{"payme": (GivesCard(),), "smtp": (Mails(),)}.get(target, ()))


async def prepare(deeds: Sequence[Deed], sandbox: Sandbox) -> None:
    await asyncio.gather(*(deed.prepare(sandbox) for deed in deeds))


def _text(message: Json) -> str:
    return str(message.get("text_plain") or message.get("caption") or message.get("text") or "")


def words(message: Json) -> str:
    """As the parent reads it; of a picture its caption."""
    return " ".join(_text(message).split()) or "(a picture)"
