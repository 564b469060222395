"""The limits of the limiter mode, over HTTP and by the second."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mentorium_sandbox.telegram.limiter import OVERALL_A_SECOND, Limiter
from tests.sandbox.telegram.conftest import StandIn


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
    limiter = Limiter(lambda: now)
    limiter.on = True
    passed: list[tuple[float, int]] = []
    for pause, chat in calls:
        now += pause
        if limiter.retry_after(1, "sendMessage", chat) is None:
            passed.append((now, chat))
    for start, chat in passed:
        window = [one for at, one in passed if start <= at < start + 1]
        assert len(window) <= OVERALL_A_SECOND
        assert window.count(chat) <= 4


def test_who_waits_as_told_gets_through() -> None:
    now = 0.0
    limiter = Limiter(lambda: now)
    limiter.on = True
    for _ in range(100):
        while (wait := limiter.retry_after(1, "sendMessage", 7)) is not None:
            assert 1 <= wait <= 2
            now += wait
    assert 90 <= now <= 110
