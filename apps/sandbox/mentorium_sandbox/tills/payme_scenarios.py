"""The lists by which PayMe's own sandbox (test.paycom.uz) lets a merchant in, step by step."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from mentorium_sandbox.tills.merchant import Line, Sent, session
from mentorium_sandbox.tills.payme_link import BadLinkError, PaymeLink
from mentorium_sandbox.tills.payme_till import PaymeTill, Transaction

Json = dict[str, Any]
Check = Callable[[Json], bool]
_LANGUAGES: Final = {"ru", "uz", "en"}
_ACCOUNT_CODES: Final = range(-31099, -31049)
_NO_ACCESS, _WRONG_AMOUNT, _IMPOSSIBLE = -32504, -31001, -31008
_A_DAY_MS: Final = 86_400_000


@dataclass(frozen=True, slots=True)
class Step:
    """One request, what PayMe expects of the answer, and whether it was that."""

    title: str
    expected: str
    sent: Sent
    passed: bool

    def view(self) -> Json:
        return {"title": self.title, "expected": self.expected, "passed": self.passed, **self.sent.view()}


@dataclass(slots=True)
class Scenario:
    name: str
    steps: list[Step] = field(default_factory=list)

    def view(self) -> Json:
        return {"name": self.name, "steps": [step.view() for step in self.steps]}


async def run(till: PaymeTill, first: PaymeLink, second: PaymeLink) -> list[Scenario]:
    """Both lists, each with an order that waits for its payment. Raises BadLinkError for another merchant's."""
    for link in (first, second):
        if link.merchant_id != till.merchant.payme_id:
            raise BadLinkError("-31601: PayMe knows no merchant of this link's id (m)")
    async with session() as http:
        tester = _Tester(till, Line("payme", till.merchant, http))
        return [await tester.unconfirmed(first), await tester.confirmed(second)]


class _Tester:
    def __init__(self, till: PaymeTill, line: Line) -> None:
        self._till = till
        self._line = line
        self._scenario = Scenario("")

    async def unconfirmed(self, link: PaymeLink) -> Scenario:
        """Security, creation, and the cancelling of what was not confirmed."""
        self._scenario = Scenario("Scenario 1: a payment that is created and cancelled")
        await self._strangers(link)
        await self._wrong_amount_and_account(link)
        transaction = await self._created(link)
        await self._canceled(transaction, state=-1)
        return self._scenario

    async def confirmed(self, link: PaymeLink) -> Scenario:
        """Creation, confirmation, and the cancelling of what was confirmed."""
        self._scenario = Scenario("Scenario 2: a payment that is confirmed and cancelled")
        transaction = await self._created(link)
        params = {"id": transaction.id}
        performed = await self._step("Confirm", "PerformTransaction", params, "state 2", _state(2))
        await self._again("PerformTransaction", params, performed)
        await self._step("Look at it", "CheckTransaction", params, "state 2", _state(2))
        await self._canceled(transaction, state=-2)
        return self._scenario

    async def _strangers(self, link: PaymeLink) -> None:
        transaction = self._transaction(link)
        payment = _payment(link)
        now = transaction.time
        for method, params in (
            ("CheckPerformTransaction", payment),
            ("CreateTransaction", {"id": transaction.id, "time": now, **payment}),
            ("PerformTransaction", {"id": transaction.id}),
            ("CancelTransaction", {"id": transaction.id, "reason": 3}),
            ("CheckTransaction", {"id": transaction.id}),
            ("GetStatement", {"from": now - _A_DAY_MS, "to": now}),
        ):
            expected = f"error {_NO_ACCESS}"
            await self._step("Wrong authorisation", method, params, expected, _error(_NO_ACCESS), key="no such key")

    async def _wrong_amount_and_account(self, link: PaymeLink) -> None:
        wrong = {**_payment(link), "amount": link.amount + 100}
        nobody = {**_payment(link), "account": {name: f"no{secrets.token_hex(7)}" for name in link.account}}
        cases = (
            ("Wrong amount", wrong, f"error {_WRONG_AMOUNT}", _error(_WRONG_AMOUNT)),
            ("No such account", nobody, "error -31050 to -31099 in three languages, with data", _account_error),
        )
        for title, params, expected, check in cases:
            made = {"id": secrets.token_hex(12), "time": self._transaction(link).time, **params}
            await self._step(title, "CheckPerformTransaction", params, expected, check)
            await self._step(title, "CreateTransaction", made, expected, check)

    async def _created(self, link: PaymeLink) -> Transaction:
        """A one-time account that waits for its payment."""
        transaction, other = self._transaction(link), self._transaction(link)
        params = {"id": transaction.id, "time": transaction.time, **_payment(link)}
        await self._step("May it be paid?", "CheckPerformTransaction", _payment(link), "allow: true", _allows)
        created = await self._step("Create", "CreateTransaction", params, "state 1", _state(1))
        await self._again("CreateTransaction", params, created)
        await self._step("Look at it", "CheckTransaction", {"id": transaction.id}, "state 1", _state(1))
        busy = {"id": other.id, "time": other.time, **_payment(link)}
        expected = f"error {_IMPOSSIBLE}"
        await self._step("Create another one", "CreateTransaction", busy, expected, _error(_IMPOSSIBLE))
        return transaction

    async def _canceled(self, transaction: Transaction, *, state: int) -> None:
        params = {"id": transaction.id, "reason": 3 if state == -1 else 5}
        canceled = await self._step("Cancel", "CancelTransaction", params, f"state {state}", _state(state))
        await self._again("CancelTransaction", params, canceled)
        looked = {"id": transaction.id}
        await self._step("Look at it", "CheckTransaction", looked, f"state {state}", _state(state))

    async def _again(self, method: str, params: Json, before: Json) -> None:
        """Sent twice: the answers must be the same."""

        def check(answer: Json) -> bool:
            return "result" in answer and answer["result"] == before.get("result")

        await self._step("The same again", method, params, "the same answer", check)

    async def _step(
        self, title: str, method: str, params: Json, expected: str, check: Check, *, key: str | None = None
    ) -> Json:
        answer = await self._till.ask(self._line, method, params, key=key, patience_s=0.0)
        sent = self._line.sent[-1]
        self._scenario.steps.append(Step(title, expected, sent, sent.status == 200 and check(answer)))
        return answer

    def _transaction(self, link: PaymeLink) -> Transaction:
        moment = int(self._till.merchant.now().timestamp() * 1000)
        return Transaction(secrets.token_hex(12), moment, link.amount, dict(link.account))


def _payment(link: PaymeLink) -> Json:
    return {"amount": link.amount, "account": dict(link.account)}


def _allows(answer: Json) -> bool:
    return answer.get("result", {}).get("allow") is True


def _state(wanted: int) -> Check:
    return lambda answer: answer.get("result", {}).get("state") == wanted


def _error(wanted: int) -> Check:
    return lambda answer: answer.get("error", {}).get("code") == wanted


def _account_error(answer: Json) -> bool:
    error = answer.get("error", {})
    message = error.get("message")
    localised = isinstance(message, dict) and message.keys() >= _LANGUAGES
    return error.get("code") in _ACCOUNT_CODES and localised and bool(error.get("data"))
