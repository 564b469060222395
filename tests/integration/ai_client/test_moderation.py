"""The moderation endpoint: what it flags, and that its absence, faults and silence cost a parent next to nothing."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from mentorium_ai_client import ModerationClient, RequestOutcome
from sandbox_tests.openai.stand_in import KEY, OpenAIStandIn


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Service:
    """Answers each request with `answer`, and counts them."""

    def __init__(self) -> None:
        self.answer: tuple[int, object] = (200, {"results": [{"flagged": False, "categories": {}}]})
        self.asked = 0

    async def handle(self, _: web.Request) -> web.Response:
        self.asked += 1
        status, body = self.answer
        return web.json_response(body, status=status)


async def test_flagged_categories_of_the_stand_in(openai_stand_in: OpenAIStandIn) -> None:
    outcomes: list[RequestOutcome] = []
    client = ModerationClient(KEY, base_url=openai_stand_in.base_url, on_request=outcomes.append)
    await openai_stand_in.script(moderation={"self-harm/intent": 0.9, "violence": 0.2}, match="dark")
    assert await client.flagged("It is dark") == {"self-harm/intent"}
    assert await client.flagged("How was last week?") == frozenset()
    assert [outcome.reason for outcome in outcomes] == ["ok", "ok"]
    await client.aclose()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((500, {}), "500"),
        ((429, {"error": {}}), "429"),
        ((200, {"results": []}), "corrupt"),
        ((200, ["x"]), "corrupt"),
        ((200, {"results": [{"categories": None}]}), "corrupt"),
    ],
)
async def test_after_three_failures_it_is_left_alone_for_a_minute(answer: tuple[int, object], reason: str) -> None:
    service, clock, outcomes = Service(), Clock(), list[RequestOutcome]()
    service.answer = answer
    app = web.Application()
    app.router.add_post("/v1/moderations", service.handle)
    async with TestServer(app) as server:
        client = ModerationClient(
            KEY, base_url=str(server.make_url("/v1")), on_request=outcomes.append, machine_time=clock
        )
        for _ in range(5):
            assert await client.flagged("x") == frozenset()
        assert service.asked == 3
        assert {outcome.reason for outcome in outcomes} == {reason}
        clock.now = 61.0
        service.answer = (200, {"results": [{"categories": {"self-harm": True, "hate": False}}]})
        assert await client.flagged("x") == {"self-harm"}
        await client.aclose()


async def test_where_there_is_none_it_is_asked_again_after_an_hour() -> None:
    service, clock, outcomes = Service(), Clock(), list[RequestOutcome]()
    service.answer = (404, {"error": {"message": "no such route"}})
    app = web.Application()
    app.router.add_post("/moderations", service.handle)
    async with TestServer(app) as server:
        client = ModerationClient(
            KEY, base_url=str(server.make_url("/")), on_request=outcomes.append, machine_time=clock
        )
        for _ in range(3):
            assert await client.flagged("x") == frozenset()
        assert (service.asked, outcomes[0].reason) == (1, "absent")
        clock.now = 3_601.0
        await client.flagged("x")
        assert service.asked == 2
        await client.aclose()


async def test_a_server_that_is_away_or_silent_is_not_waited_for(openai_stand_in: OpenAIStandIn) -> None:
    outcomes: list[RequestOutcome] = []
    away = ModerationClient(KEY, base_url="http://127.0.0.1:1/v1", on_request=outcomes.append)
    assert await away.flagged("x") == frozenset()
    await openai_stand_in.script(moderation=True, delay_ms=5_000)
    silent = ModerationClient(KEY, base_url=openai_stand_in.base_url, on_request=outcomes.append, timeout_s=0.1)
    assert await silent.flagged("x") == frozenset()
    assert [outcome.reason for outcome in outcomes] == ["connection", "timeout"]
    await away.aclose()
    await silent.aclose()
