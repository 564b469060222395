"""Mutated calls to PayMe's webhook: always HTTP 200 and an answer PayMe can read, nothing changed by an invalid call.

Three hundred calls; a hundred thousand with `HARDSHIP_LONG=1`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

import mentorium_db
from mentorium_bot.config import WebhookAppSettings
from mentorium_bot.webhook_app import build as build_app
from mentorium_core.billing.reconcile import check_books
from mentorium_domain.enums import ProviderName
from mentorium_kit import clock
from mentorium_runtime.settings import load
from tests.conformance.payme_client import METHODS, FreshOrder, Merchant, basic, new_id, now_ms
from tests.fixtures.databases import SessionFactory
from tests.fixtures.long_form import LONG
from tests.fixtures.payme_shop import KEY, environment
from tests.integration.core.billing.till import Till, new_parent

A_BATCH: Final = 10
BATCHES: Final = 10_000 if LONG else 30
SYSTEM_ERROR: Final = -32400
_PATH: Final = "/webhooks/payme"
_SNAPSHOT: Final = """
    SELECT md5(concat(
        (SELECT string_agg(t::text, ' ' ORDER BY t.id) FROM payme_transactions t),
        (SELECT string_agg(t::text, ' ' ORDER BY t.id) FROM payments t),
        (SELECT string_agg(t::text, ' ' ORDER BY t.id) FROM orders t),
        (SELECT string_agg(t::text, ' ' ORDER BY t.id) FROM subscription_grants t),
        (SELECT string_agg(t::text, ' ' ORDER BY t.id) FROM ledger_entries t),
        (SELECT count(*) FROM notifications)))
    """
Json = dict[str, Any]


@dataclass(slots=True)
class Target:
    """What stands when it begins: `ids` of transactions in each state, `orders` in each state."""

    client: httpx.AsyncClient
    ids: list[str] = field(default_factory=list)
    orders: list[FreshOrder] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    async def snapshot(self) -> str:
        async with mentorium_db.get_session() as session:
            connection = (await (await session.connection()).get_raw_connection()).driver_connection
            assert connection is not None
            return str(await connection.fetchval(_SNAPSHOT))


@dataclass(frozen=True, slots=True)
class MutatedCall:
    """`order` and `transaction`: which of the target's; `edits`: (field, what to do to it)."""

    method: str
    order: int
    transaction: int
    edits: list[tuple[str, Any]]
    cuts: list[tuple[int, int, bytes]]
    http_method: str
    authorization: str


class _Delete:
    pass


ODD: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 2**31, 2**63, -(2**63) - 1, 10**30, 9_900_000, 9_900_001, 9_900_000.0, 1e308]),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["", " ", "\x00", "\ud800", "mnt" + "a" * 13, "PERFORM", "' OR 1=1 --", "a" * 3_000, "⟦{x}⟧"]),
    st.lists(st.integers(), max_size=3),
    st.recursive(
        st.none() | st.text(max_size=5), lambda inner: st.dictionaries(st.text(max_size=5), inner), max_leaves=4
    ),
    st.just(_Delete),
)
FIELDS: Final = (
    *("method", "params", "id", "odd", "params.id", "params.time", "params.amount", "params.account", "params.reason"),
    *("params.account.order_id", "params.account.odd", "params.from", "params.to", "params.type", "params.odd"),
    *("params.fiscal_data", "params.fiscal_data.qr_code_url"),
)
CALLS: Final = st.builds(
    MutatedCall,
    method=st.sampled_from((*METHODS, "ChangePassword", "")),
    order=st.integers(0, 11),
    transaction=st.integers(0, 11),
    edits=st.lists(st.tuples(st.sampled_from(FIELDS), ODD), max_size=3),
    cuts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 8), st.binary(max_size=8)), max_size=1) | st.just([]),
    http_method=st.sampled_from(["POST"] * 12 + ["GET", "PUT", "HEAD", "OPTIONS", "QUERY"]),
    authorization=st.sampled_from([basic("Paycom", KEY)] * 12 + ["", "Basic", "Basic ====", basic("Paycom", "x")]),
)


@pytest_asyncio.fixture
async def target(
    monkeypatch: pytest.MonkeyPatch, session_factory: SessionFactory, bot_dsn: str, redis_url: str
) -> AsyncIterator[Target]:
    for name, value in environment(bot_dsn, redis_url, 1).items():
        monkeypatch.setenv(name, value)
    app = build_app(load(WebhookAppSettings, _env_file=None))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://webhook") as client:
        found = Target(client)
        await _fill(found)
        yield found


async def _fill(target: Target) -> None:
    """Twelve orders: some fresh, some begun, cancelled, paid, given back, and one that is Click's."""
    merchant, till, now = Merchant(target.client, _PATH, KEY, _no_order), Till(), clock.now()
    for number in range(12):
        parent_id, _ = await new_parent(now)
        click = number == 11
        made = await till.order(parent_id, now, provider=ProviderName.CLICK if click else None)
        order, payme_id = FreshOrder(made.public_id, made.amount_minor), new_id()
        target.orders.append(order)
        target.ids.append(payme_id)
        if number % 5 == 0 or click:
            continue
        await merchant.create(order, payme_id)
        if number % 5 in {2, 4}:
            await merchant.perform(payme_id)
        if number % 5 in {3, 4}:
            await merchant.cancel(payme_id, 5)


async def _no_order() -> FreshOrder:
    raise AssertionError("orders are made before")


def body_of(call: MutatedCall, target: Target) -> bytes:
    order = target.orders[call.order]
    said: Json = {
        "method": call.method,
        "id": 1,
        "params": {
            "id": target.ids[call.transaction],
            "time": now_ms(),
            "amount": order.amount,
            "account": {"order_id": order.order_id},
            "reason": 5,
            "from": 0,
            "to": now_ms(),
            "type": "PERFORM",
            "fiscal_data": {"receipt_id": 1, "qr_code_url": "https://ofd.soliq.uz/check"},
        },
    }
    for path, value in call.edits:
        _edit(said, path.split("."), value)
    raw = json.dumps(said, ensure_ascii=True).encode()
    for at, length, inserted in call.cuts:
        raw = raw[:at] + inserted + raw[at + length :]
    return raw


def _edit(said: Json, path: list[str], value: object) -> None:
    place: Any = said
    for name in path[:-1]:
        place = place.get(name) if isinstance(place, dict) else None
    if not isinstance(place, dict):
        return
    if value is _Delete:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value


def may_change(call: MutatedCall, raw: bytes, target: Target) -> bool:
    """Whether PayMe itself could have meant a change by this: judged without the product's code, and mildly."""
    if call.http_method != "POST" or call.authorization != basic("Paycom", KEY):
        return False
    try:
        said = json.loads(raw)
        method, params = said["method"], said["params"]
        known, account = params["id"] in target.ids, params.get("account")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    if method == "CreateTransaction":
        whole = all(type(params.get(name)) is int for name in ("amount", "time")) and isinstance(account, dict)
        orders = [one for one in target.orders if isinstance(account, dict) and one.order_id == account.get("order_id")]
        return whole and isinstance(params["id"], str) and any(one.amount == params["amount"] for one in orders)
    return known and method in ("PerformTransaction", "CancelTransaction", "SetFiscalData")


def read(answer: httpx.Response, call: MutatedCall) -> int | None:
    """The code of the error, if it is one. AssertionError where PayMe could not read it, or we had no answer."""
    assert answer.status_code == 200
    if call.http_method == "HEAD":
        return None
    said = json.loads(answer.content)
    assert ("result" in said) != ("error" in said)
    assert isinstance(said["id"], (int, str, type(None)))
    if "result" in said:
        assert isinstance(said["result"], dict)
        return None
    assert set(said["error"]["message"]) == {"uz", "ru", "en"}
    assert said["error"]["code"] != SYSTEM_ERROR
    return int(said["error"]["code"])


@settings(
    max_examples=BATCHES,
    phases=[Phase.generate],  # what stands grows with each call: nothing can be shrunk
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(calls=st.lists(CALLS, min_size=A_BATCH, max_size=A_BATCH))
async def test_no_call_is_unreadable_and_none_that_is_invalid_changes_anything(
    target: Target, calls: list[MutatedCall]
) -> None:
    standing = await target.snapshot()
    for call in calls:
        raw = body_of(call, target)
        valid = may_change(call, raw, target)
        if valid:
            assert await target.snapshot() == standing
        note(f"{call.http_method} {raw!r} by {call.authorization!r}")
        headers = {"Authorization": call.authorization} if call.authorization else {}
        answer = await target.client.request(call.http_method, _PATH, content=raw, headers=headers)
        code = read(answer, call)
        target.seen.add(str(code))
        if valid:
            standing = await target.snapshot()
    assert await target.snapshot() == standing
    assert await check_books(clock.now()) == {}
