"""The limits of the limiter mode, over HTTP and by the second."""

from __future__ import annotations

import pytest
from aiogram import Bot
from aiogram.types import TransactionPartnerTelegramApi, TransactionPartnerUser
from hypothesis import given
from hypothesis import strategies as st

from mentorium_sandbox.telegram.rate_limiter import BURST, OVERALL_A_SECOND, PAID_A_SECOND, RateLimiter
from sandbox_tests.telegram.conftest import StandIn


async def test_too_quick_is_told_in_body_and_header(stand_in: StandIn) -> None:
    await stand_in.post("/limits", telegram=True)
    user = await stand_in.new_user()
    statuses = [(await stand_in.api("sendMessage", chat_id=user, text="x"))[0] for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    url = f"{stand_in.url}/bot700123456:sandbox-secret/sendMessage"
    async with stand_in.http.post(url, json={"chat_id": user, "text": "x"}) as response:
        body = await response.json()
        assert response.headers["Retry-After"] == str(body["parameters"]["retry_after"])
    assert body["description"] == f"Too Many Requests: retry after {body['parameters']['retry_after']}"
    assert (await stand_in.api("sendChatAction", chat_id=user, action="typing"))[0] == 200
    await stand_in.post("/limits", telegram=False)
    assert (await stand_in.api("sendMessage", chat_id=user, text="x"))[0] == 200


async def test_a_wrong_wish_is_refused(stand_in: StandIn) -> None:
    assert (await stand_in.control("POST", "/limits", {"telegram": "yes"}))[0] == 400


@given(st.lists(st.tuples(st.floats(0, 0.4), st.integers(1, 40)), max_size=200))
def test_no_window_holds_too_many(calls: list[tuple[float, int]]) -> None:
    now = 0.0
    limiter = RateLimiter(lambda: now)
    limiter.on = True
    passed: list[tuple[float, int]] = []
    for pause, chat in calls:
        now += pause
        if limiter.retry_after(1, "sendMessage", chat) is None:
            passed.append((now, chat))
    for start, chat in passed:
        window = [one for at, one in passed if start <= at < start + 1]
        assert len(window) <= OVERALL_A_SECOND
        assert window.count(chat) <= BURST + 1


def test_who_waits_as_told_gets_through() -> None:
    now = 0.0
    limiter = RateLimiter(lambda: now)
    limiter.on = True
    for _ in range(100):
        while (wait := limiter.retry_after(1, "sendMessage", 7)) is not None:
            assert wait == 1
            now += wait
    assert now == 97


def test_each_bot_has_its_own_allowance() -> None:
    limiter = RateLimiter(lambda: 0.0)
    limiter.on = True
    for bot in (1, 2):
        refused = [limiter.retry_after(bot, "sendMessage", chat) for chat in range(31)]
        assert refused == [None] * 30 + [1]


def test_drafts_do_not_use_up_the_allowance_of_their_chat() -> None:
    now = 0.0
    limiter = RateLimiter(lambda: now)
    limiter.on = True
    for _ in range(20):
        now += 0.3
        assert limiter.retry_after(1, "sendMessageDraft", 7) is None
    assert [limiter.retry_after(1, "sendMessage", 7) for _ in range(4)] == [None, None, None, 1]


@pytest.mark.parametrize(
    "name",
    ["getUpdates", "answerCallbackQuery", "answerPreCheckoutQuery", "sendChatAction", "getMe", "setMyCommands"],
)
def test_what_is_no_message_is_free(name: str) -> None:
    limiter = RateLimiter(lambda: 0.0)
    limiter.on = True
    assert {limiter.retry_after(1, name, 7) for _ in range(100)} == {None}
    assert limiter.retry_after(1, "sendMessage", 7) is None


async def test_whoever_pays_is_billed_for_what_is_beyond_the_free_rate(
    stand_in: StandIn, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://core.telegram.org/bots/faq: a tenth of a Star each, only what is delivered, from the bot's balance."""
    monkeypatch.setattr(stand_in.world.limiter, "_clock", lambda: 0.0)  # all within one second
    await stand_in.post("/limits", telegram=True)
    users = [user.id for user in stand_in.world.add_users(46)]
    blocked = users[35]
    await stand_in.post(f"/users/{blocked}/block")
    stand_in.world.bot().stars.add_payment(users[0], "a tariff", 1, stand_in.world.now())
    answers = [
        await stand_in.api("sendMessage", chat_id=user, text="x", allow_paid_broadcast=True) for user in users[:42]
    ]
    assert [status for status, _ in answers] == [*[200] * 35, 403, *[200] * 5, 400]
    assert answers[-1][1]["description"] == "Bad Request: BALANCE_TOO_LOW"
    assert (await stand_in.api("sendMessage", chat_id=users[43], text="x"))[0] == 429, "who does not pay waits"
    balance = await bot.get_my_star_balance()
    assert (balance.amount, balance.nanostar_amount) == (0, None)
    paid, billed = (await bot.get_star_transactions()).transactions
    assert isinstance(paid.source, TransactionPartnerUser)
    assert isinstance(billed.receiver, TransactionPartnerTelegramApi)
    assert (billed.receiver.request_count, billed.amount, billed.nanostar_amount) == (10, 1, None)


async def test_a_bill_that_was_read_stays_as_it_was(stand_in: StandIn, bot: Bot) -> None:
    stars, now = stand_in.world.bot().stars, stand_in.world.now()
    stars.add_payment(await stand_in.new_user(), "a tariff", 10, now)
    for _ in range(3):
        stars.bill_request(now)
    assert [one.nanostar_amount for one in (await bot.get_star_transactions()).transactions] == [None, 300_000_000]
    stars.bill_request(now)
    assert [one.nanostar_amount for one in (await bot.get_star_transactions()).transactions][1:] == [
        300_000_000,
        100_000_000,
    ]
    balance = await bot.get_my_star_balance()
    assert (balance.amount, balance.nanostar_amount) == (9, 600_000_000)


def test_a_thousand_a_second_is_all_that_paying_gives() -> None:
    limiter = RateLimiter(lambda: 0.0)
    limiter.on = True
    answers = [limiter.retry_after(1, "sendMessage", chat, paid=True) for chat in range(1001)]
    assert answers == [*[None] * PAID_A_SECOND, 1]
