"""Updates as no Telegram would send them: valid ones of every kind, mutated at random, again and again the same way."""

from __future__ import annotations

import copy
import random
import string
from collections.abc import Callable
from typing import Any, Final

Json = dict[str, Any]

HANDLES: Final = (
    *("lang:uz", "lang:ru", "lang:en", "lang:xx", "consent:yes", "consent:no", "consent:voice", "spoken:off"),
    *("child:{id}", "tariff:monthly", "tariff:{id}", "pay:stars", "pay:stars:renew", "pay:payme", "pay:click"),
    *("renew:off", "renew:on", "report:week", "report:month", "report:voice", "report:pdf", "report:{id}"),
    *("notify:report", "notify:{id}", "freq:weekly", "time:{id}", "tone:warm", "ai:on", "ai:off", "reportlang:uz"),
    *("channel:email:on", "voice:on", "invite:new", "invite:yes:{id}", "invite:no:{id}", "invite:{id}"),
    *("unlink:{id}", "unlink:{id}:undo", "unlink:{id}:undo:undo", "expel:{id}", "expel:{id}:{id}", ":", "{id}"),
    *("erase:no", "erase:yes", "erase:{id}", "erase:yes:{id}", "erase:no:{id}"),
)
COMMANDS: Final = (
    *("/start", "/start {text}", "/start inv_{text}", "/help", "/report", "/subscribe", "/subscription", "/children"),
    *("/settings", "/language", "/new", "/export", "/erase", "/paysupport", "/terms", "/privacy", "/nonsense"),
    *("/start@SomeOtherBot {text}", "/", "//", "/ start", "/START", "/teacher", "/teacher {text}"),
)
ODD_NUMBERS: Final = (0, 1, -1, 7, 2**31 - 1, 2**31, -(2**31), 2**52, 2**63 - 1, 2**63, -(2**63), 10**40, 1.5, 1e308)
ODD_TEXTS: Final = (
    *(
        "",
        " ",
        "\n",
        "\x00",
        "\ud800",
        "a\udfffb",
        "\u202e txet \u2066x",
        "\u200b",
        "🙂" * 60,
        "👨‍👩‍👧‍👦",
        "e\u0301" * 40,
    ),
    *("'; DROP TABLE parents;--", "<b>&amp;</i>", "{name}", "%s%n", "../../etc/passwd", "⟦C1:gen⟧", "[[S1]]", "null"),
    *(
        "a" * 4096,
        "слово " * 682,
        "\u0661\u0662\u0663\u0664\u0665\u0666",
        "１２３ ４５６",
        "123-456",
        "000000",
        "12345",
    ),
    *("someone@example.com", "@", "a@b", "x" * 300 + "@example.com", "\u202e@\u202d.uz", "+998 90 123 45 67"),
)
_FIRST_DAY: Final = 1_800_000_000
ODD_VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    [],
    {},
    [[]],
    {"id": {}},
    [None] * 50,
    {"a": {"b": {"c": {"d": {}}}}},
)


class Hostile:
    """An endless source: the same seed gives the same updates. Each belongs to one of `people`."""

    def __init__(self, seed: int, people: list[int]) -> None:
        self._random = random.Random(seed)
        self._people = people
        self._serial = 0

    def update(self) -> Json:
        """A raw update without its id; about a third of them are valid but absurd, the others are damaged."""
        self._serial += 1
        kind, make = self._random.choice(self._kinds())
        content = make(self._random.choice(self._people))
        for _ in range(self._random.choice((0, 0, 1, 1, 2, 4))):
            self._damage(content)
        return {kind: content}

    def _kinds(self) -> list[tuple[str, Callable[[int], Json]]]:
        return [
            *[("message", self._message)] * 6,
            *[("callback_query", self._callback)] * 5,
            ("edited_message", self._message),
            ("my_chat_member", self._membership),
            ("stopped_message_generation", self._stop),
            ("poll_of_the_future", self._message),
        ]

    def _message(self, person: int) -> Json:
        return {
            "message_id": 10**6 + self._serial,
            "from": self._user(person),
            "chat": {"id": person, "type": "private", "first_name": "P"},
            "date": _FIRST_DAY + self._serial * 5,
            **self._random.choice(self._contents())(person),
        }

    def _contents(self) -> list[Callable[[int], Json]]:
        return [
            *[lambda _: {"text": self._text()}] * 2,
            *[lambda _: {"text": self._fill(self._random.choice(COMMANDS))}] * 3,
            lambda person: {"contact": {"phone_number": self._text(), "first_name": "X", "user_id": person}},
            lambda _: {"contact": {"phone_number": "+998901234567", "first_name": self._text()}},
            lambda _: {"sticker": {**self._file(), "type": "regular", "is_animated": False, "is_video": False}},
            lambda _: {"voice": {**self._file(), "duration": self._number()}, "caption": self._text()},
            lambda _: {"photo": [{**self._file()}], "media_group_id": str(self._serial)},
            lambda _: {"document": self._file(), "caption": self._text()},
            lambda _: {"location": {"latitude": 41.3, "longitude": 69.2}},
            lambda _: {"dice": {"emoji": "🎲", "value": 6}},
            lambda _: {"successful_payment": self._payment()},
            lambda _: {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}},
            lambda _: {"text": self._text(), "entities": [{"type": "bold", "offset": self._number(), "length": 9}]},
            lambda _: {"text": "hi", "chat": {"id": -100 - self._serial, "type": "supergroup", "title": self._text()}},
            lambda _: {},
        ]

    def _callback(self, person: int) -> Json:
        message = {
            "message_id": self._random.choice((1, 5, self._number())),
            "from": {"id": 1, "is_bot": True, "first_name": "B"},
            "chat": {"id": person, "type": "private"},
            "date": self._random.choice((0, 1_800_000_000)),
            "text": "old",
        }
        return {
            "id": str(10**9 + self._serial),
            "from": self._user(person),
            "chat_instance": "1",
            "data": self._fill(self._random.choice(HANDLES)),
            **({"message": message} if self._random.random() < 0.95 else {"inline_message_id": "x"}),
        }

    def _membership(self, person: int) -> Json:
        group = self._random.random() < 0.7
        bot = {"id": 700123456, "is_bot": True, "first_name": "B"}
        return {
            "chat": {"id": -person, "type": "group", "title": "G"} if group else {"id": person, "type": "private"},
            "from": self._user(person),
            "date": 1_800_000_000,
            "old_chat_member": {"user": bot, "status": "left"},
            "new_chat_member": {"user": bot, "status": self._random.choice(("member", "left"))},
        }

    def _stop(self, person: int) -> Json:
        return {"chat": {"id": person, "type": "private"}, "draft_id": self._number()}

    def _user(self, person: int) -> Json:
        code = self._random.choice(("uz", "ru", "en", "kk-KZ", "", "zz" * 30))
        return {
            "id": person,
            "is_bot": False,
            "first_name": self._random.choice(("P", *ODD_TEXTS)),
            "language_code": code,
        }

    def _file(self) -> Json:
        return {
            "file_id": "f",
            "file_unique_id": "u",
            "width": 1,
            "height": 1,
            "duration": 1,
            "file_size": self._number(),
        }

    def _payment(self) -> Json:
        ids = {"telegram_payment_charge_id": "t", "provider_payment_charge_id": ""}
        return {"currency": "XTR", "total_amount": self._number(), "invoice_payload": self._text(), **ids}

    def _number(self) -> Any:
        return self._random.choice((*ODD_NUMBERS[:9], self._random.randrange(2**40)))

    def _text(self) -> str:
        made = "".join(self._random.choices(string.printable + "ёжЎғʻʼ٠١٢\u202e", k=self._random.randrange(40)))
        return self._random.choice((made, *ODD_TEXTS))

    def _fill(self, pattern: str) -> str:
        return pattern.replace("{id}", str(self._number())).replace("{text}", self._text())

    def _damage(self, content: Json) -> None:
        """Change, drop or add something somewhere in it; whom it is from mostly stays, so that somebody is answered."""
        places = list(_places(content))
        if not places:
            return
        holder, key = self._random.choice(places)
        match self._random.randrange(5):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1:
                holder[key] = self._random.choice(ODD_NUMBERS)
            case 2:
                holder[key] = self._random.choice(ODD_TEXTS)
            case 3:
                holder[key] = copy.deepcopy(self._random.choice(ODD_VALUES))
            case _ if isinstance(holder, dict):
                holder[self._random.choice(("text", "via_bot", "reply_to_message", "unknown", "chat", "data"))] = (
                    copy.deepcopy(self._random.choice((*ODD_VALUES, *ODD_TEXTS)))
                )


def _places(value: Any) -> Any:
    """Everything that lies within, as its holder and its key there."""
    if isinstance(value, dict | list):
        for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
            yield value, key
            yield from _places(inner)


SENT_BY_PEOPLE: Final = ("text", "contact", "sticker", "voice", "photo", "document", "location", "dice")


def due(update: Json, people: frozenset[int]) -> str | int | None:
    """Who waits for an answer: a button (its callback's id), a private chat (its id), or nobody.

    A payment waits for its own handler. What holds nothing that people send is a service message: nobody waits.
    """
    match update:
        case {"message": {"successful_payment": _}}:
            return None
        case {"message": dict(message)} if not any(message.get(kind) for kind in SENT_BY_PEOPLE):
            return None
        case {"callback_query": {"id": str(query_id), "from": {"id": int(person)}}} if (
            person in people and query_id.isascii() and query_id
        ):
            return query_id
        case {"message": {"chat": {"id": chat, "type": "private"}, "from": {"id": int(person)}, "date": int(date)}} if (
            date > _FIRST_DAY and person == chat and person in people
        ):
            return int(chat)
    return None
