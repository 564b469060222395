"""The service that writes down what is said, against the stand-in: what it gets, and what its answers mean."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from mentorium_ai_client import RequestOutcome
from mentorium_gateways.speech.transcription import OpenAITranscriber
from mentorium_kit.errors import RefusedError, UnavailableError
from mentorium_sandbox import openai
from mentorium_sandbox.control_api import errors_as_json
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.openai import OpenAIWorld

SOUND, WORDS = b"a sound", "Aziza qanday oʻqiyapti?"
MODEL = "gpt-transcribe"


class StandIn:
    def __init__(self) -> None:
        self.world = OpenAIWorld(lambda: datetime.now(UTC), words_per_second=0, spoken_in={SOUND: WORDS}.get)
        self.faults = Faults(slow_s=30)
        self.url = ""
        self.outcomes: list[RequestOutcome] = []

    def transcriber(self, model: str = MODEL, key: str = "sk-test") -> OpenAITranscriber:
        return OpenAITranscriber(self.url, key, model, self.outcomes.append)

    @property
    def reasons(self) -> list[str]:
        return [outcome.reason for outcome in self.outcomes]


@pytest_asyncio.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    here = StandIn()
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes(openai.routes(here.world, here.faults))
    async with TestServer(app, host="127.0.0.1") as server:
        here.url = str(server.make_url("/openai/v1"))
        yield here


@asynccontextmanager
async def serving(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """A server that always answers so."""
    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", answer)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/v1"))


async def test_it_gets_the_sound_and_the_models_name_and_nothing_else(stand_in: StandIn) -> None:
    assert await stand_in.transcriber().transcribe(SOUND, 5) == WORDS
    (asked,) = stand_in.world.requests()
    assert asked["body"] == {
        "model": MODEL,
        "response_format": "json",
        "file": {"filename": "voice.ogg", "size": len(SOUND)},
    }
    (outcome,) = stand_in.outcomes
    assert (outcome.model, outcome.reason) == (MODEL, "ok")
    assert outcome.usage.output_tokens > 0


@pytest.mark.parametrize("model", ["gpt-4o-transcribe", "whisper-1"])
async def test_another_model_is_a_setting(stand_in: StandIn, model: str) -> None:
    assert await stand_in.transcriber(model).transcribe(SOUND, 5) == WORDS


async def test_what_is_no_sound_is_refused_at_once(stand_in: StandIn) -> None:
    with pytest.raises(RefusedError, match="transcription_refused"):
        await stand_in.transcriber().transcribe(b"", 5)
    assert stand_in.reasons == ["400"]


@pytest.mark.parametrize(("model", "key", "status"), [("no-such-model", "sk-test", "404"), (MODEL, "wrong", "401")])
async def test_a_wrong_key_or_model_is_an_outage_that_is_not_asked_twice(
    stand_in: StandIn, model: str, key: str, status: str
) -> None:
    with pytest.raises(UnavailableError, match=f"transcription_unavailable.*{status}"):
        await stand_in.transcriber(model, key).transcribe(SOUND, 5)
    assert stand_in.reasons == [status]


@pytest.mark.parametrize(("kind", "reason"), [("status_500", "500"), ("status_429", "429"), ("down", "connection")])
async def test_what_passes_is_asked_once_more(stand_in: StandIn, kind: str, reason: str) -> None:
    stand_in.faults.add("openai", kind, times=1)
    assert await stand_in.transcriber().transcribe(SOUND, 5) == WORDS
    assert stand_in.reasons == [reason, "ok"]


async def test_what_does_not_pass_is_an_outage(stand_in: StandIn) -> None:
    stand_in.faults.add("openai", "status_500")
    with pytest.raises(UnavailableError, match="500"):
        await stand_in.transcriber().transcribe(SOUND, 5)
    assert stand_in.reasons == ["500", "500"]


async def test_nobody_there_is_an_outage() -> None:
    with pytest.raises(UnavailableError, match="transcription_unavailable"):
        await OpenAITranscriber("http://127.0.0.1:9/v1", "", MODEL).transcribe(SOUND, 5)


async def test_one_that_hangs_is_an_outage(stand_in: StandIn) -> None:
    stand_in.faults.add("openai", "slow")
    with pytest.raises(UnavailableError, match="timeout"):
        await stand_in.transcriber().transcribe(SOUND, 0.05)
    assert stand_in.reasons == ["cancelled"]


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b'{"text": 5}', b"<html>", b"\xff", b"[" * 5000])
async def test_an_answer_that_cannot_be_read_is_an_outage(body: bytes) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body)

    outcomes: list[RequestOutcome] = []
    async with serving(answer) as url:
        with pytest.raises(UnavailableError, match="transcription_unavailable"):
            await OpenAITranscriber(url, "", MODEL, outcomes.append).transcribe(SOUND, 5)
    assert {outcome.reason for outcome in outcomes} == {"corrupt"}


async def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse()
        await stream.prepare(request)
        for _ in range(100):
            await stream.write(b" " * 10_000)
        return stream

    async with serving(answer) as url:
        with pytest.raises(UnavailableError, match="transcription_unavailable"):
            await OpenAITranscriber(url, "", MODEL).transcribe(SOUND, 5)


async def test_nothing_is_sent_on_to_another_server() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": "http://127.0.0.1:9/v1/audio/transcriptions"})

    async with serving(answer) as url:
        with pytest.raises(UnavailableError, match="307"):
            await OpenAITranscriber(url, "", MODEL).transcribe(SOUND, 5)
