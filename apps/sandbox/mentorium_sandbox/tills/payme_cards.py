"""Fake cards at PayMe: those of its own sandbox, and those that were registered by the control API."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from mentorium_sandbox.control_api import refuse

Json = dict[str, Any]
SMS_CODE: Final = "666666"
KINDS: Final = ("ok", "sms_off", "expired", "blocked", "error", "slow")
# The numbers of PayMe's own sandbox (developer.help.paycom.uz), all good till 03/99.
_KNOWN: Final = {
    "8600495473316478": "ok",
    "8600069195406311": "ok",
    "8600060921090842": "sms_off",
    "3333336415804657": "expired",
    "4444445987459073": "blocked",
    "8600143417770323": "error",
    "8600134301849596": "slow",
}
MUCH: Final = 10**12


@dataclass(slots=True)
class Card:
    """`expire` as MMYY; `balance` in tiyin."""

    number: str
    expire: str = "0399"
    kind: str = "ok"
    balance: int = MUCH
    phone: str = "998901234567"

    @property
    def masked(self) -> str:
        return f"{self.number[:6]}******{self.number[-4:]}"


@dataclass(slots=True)
class Binding:
    """A card that a merchant has saved, known to it by a token."""

    card: Card
    recurrent: bool = False
    verified: bool = False
    wrong_codes: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def view(self) -> Json:
        """As PayMe's Subscribe API tells of it."""
        return {
            "number": self.card.masked,
            "expire": f"{self.card.expire[:2]}/{self.card.expire[2:]}",
            "token": self.token,
            "recurrent": self.recurrent,
            "verify": self.verified,
        }


class Cards:
    def __init__(self) -> None:
        self.by_number = {number: Card(number, kind=kind) for number, kind in _KNOWN.items()}

        self._bindings: dict[str, Binding] = {}

    def register(self, card: Card) -> Binding:
        """A card from now on, saved and verified already."""
        self.by_number[card.number] = card
        return self.bind(card, recurrent=True, verified=True)

    def bind(self, card: Card, *, recurrent: bool = False, verified: bool = False) -> Binding:
        binding = Binding(card, recurrent, verified)
        self._bindings[binding.token] = binding
        return binding

    def unbind(self, binding: Binding) -> None:
        self._bindings.pop(binding.token, None)

    def by_token(self, token: str) -> Binding | None:
        return self._bindings.get(token)

    def knows(self, number: str) -> bool:
        return re.sub(r"\s", "", number) in self.by_number

    def outcome_with(self, number: str | None, outcome: str, amount: int) -> str:
        """What comes of it with this card: one without the money (`amount` in tiyin) is declined. HTTPBadRequest."""
        if number is None:
            return outcome
        found = self.by_number.get(re.sub(r"\s", "", number))
        if found is None:
            refuse("card: there is no such card; POST /sandbox/payme/cards registers one")
        if found.kind != "ok" or found.balance < amount:
            return "decline"
        if outcome not in ("decline", "timeout", "cancel_after"):
            found.balance -= amount
        return outcome


def new_number() -> str:
    """A number with a right check digit that no card has."""
    digits = "8600" + "".join(str(secrets.randbelow(10)) for _ in range(11))
    return digits + str(-_luhn(digits + "0") % 10)


def _luhn(number: str) -> int:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled)
