"""A voice message is fetched into memory, and never more of it than asked for; no error tells the token."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from mentorium_gateways.telegram import TelegramUnavailableError, TelegramVoiceReader, make_bot
from mentorium_kit.errors import MentoriumError, RefusedError

TOKEN = "700123456:a-secret-of-the-tests"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def reader(give: Answer, **told: object) -> AsyncIterator[TelegramVoiceReader]:
    """Of a Telegram that tells this about each file, and gives it so."""

    async def get_file(_: web.Request) -> web.Response:
        result = {"file_id": "f", "file_unique_id": "u", "file_path": "voice/file 1.oga", **told}
        return web.json_response({"ok": True, "result": result})

    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/getFile", get_file)
    app.router.add_get(f"/file/bot{TOKEN}/voice/file 1.oga", give)
    async with TestServer(app, host="127.0.0.1") as server:
        bot = make_bot(TOKEN, str(server.make_url("")))
        try:
            yield TelegramVoiceReader(bot)
        finally:
            await bot.session.close()


def gives(body: bytes = b"", status: int = 200) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, status=status)

    return answer


async def breaks_off(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "1000"})
    await answer.prepare(request)
    await answer.write(b"half")
    assert request.transport is not None
    request.transport.close()
    return answer


@pytest.mark.parametrize(("body", "told"), [(b"a sound", {}), (b"", {"file_size": 0}), (b"x" * 100, {"file_size": 9})])
async def test_it_is_given_whole(body: bytes, told: dict[str, object]) -> None:
    async with reader(gives(body), **told) as reading:
        assert await reading.read_voice("f", 100) == body


@pytest.mark.parametrize("told", [{"file_size": 101}, {"file_size": 3}, {}, {"file_path": None}])
async def test_one_that_is_too_large_is_not_read_on_whatever_was_told(told: dict[str, object]) -> None:
    async with reader(gives(b"x" * 101), **told) as reading:
        assert await reading.read_voice("f", 100) is None


@pytest.mark.parametrize("answer", [gives(status=500), gives(status=502), breaks_off])
async def test_what_telegram_does_not_give_now_may_be_asked_for_again(answer: Answer) -> None:
    async with reader(answer) as reading:
        await fails_quietly(reading, TelegramUnavailableError)


@pytest.mark.parametrize("status", [400, 404])
async def test_what_telegram_has_no_more_is_refused(status: int) -> None:
    async with reader(gives(status=status)) as reading:
        await fails_quietly(reading, RefusedError)


async def fails_quietly(reading: TelegramVoiceReader, kind: type[MentoriumError]) -> None:
    with pytest.raises(kind) as failed:
        await reading.read_voice("f", 100)
    assert TOKEN not in "".join(traceback.format_exception(failed.value))
