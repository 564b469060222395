"""Whatever a bot or a script sends, the stand-in answers with a refusal and not with a crash."""

from __future__ import annotations

from typing import Any

import pytest

from mentorium_sandbox.telegram.methods import IMPLEMENTED
from tests.sandbox.telegram.conftest import TOKEN, StandIn

_RUBBISH: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**30, 1.5, float("inf")),
    *("", "x", "\ud800", "{", "[]", "attach://nothing", "<b>", "9" * 5000),
    *([], [[]], [[[]]], [[{}]], [{}], [{"type": [], "offset": 0, "length": 1}], [None]),
    *({}, {"message_id": []}, {"type": []}, {"inline_keyboard": [[{"text": []}]]}, {"keyboard": 1}),
    {"inline_keyboard": [[{"text": "x", "url": "http://["}]]},
    {"inline_keyboard": [[{"text": "x", "web_app": []}]]},
)
_PARAMETERS = (
    *("chat_id", "text", "parse_mode", "entities", "reply_markup", "reply_parameters", "message_id", "draft_id"),
    *("photo", "caption", "action", "callback_query_id", "commands", "scope", "menu_button", "file_id", "name"),
)


@pytest.mark.parametrize("method", sorted(IMPLEMENTED))
async def test_rubbish_parameters_are_refused_or_ignored(stand_in: StandIn, method: str) -> None:
    user = await stand_in.new_user()
    _, sent = await stand_in.api("sendMessage", chat_id=user, text="x")
    sound = {"chat_id": user, "text": "x", "message_id": sent["result"]["message_id"], "draft_id": 1}
    for parameter in _PARAMETERS:
        for value in _RUBBISH:
            status, answer = await stand_in.api(method, **{**sound, parameter: value})
            assert status in (200, 400), (parameter, value)
            assert answer["ok"] is (status == 200)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b"\xff"),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"no parts"),
        ("application/x-www-form-urlencoded", b"chat_id=%ff&text=\xff"),
    ],
)
async def test_rubbish_bodies_are_refused(stand_in: StandIn, content_type: str, body: bytes) -> None:
    address = f"{stand_in.url}/bot{TOKEN}/sendMessage"
    async with stand_in.http.post(address, data=body, headers={"Content-Type": content_type}) as response:
        assert response.status == 400
        assert (await response.json())["ok"] is False


async def test_rubbish_in_paths_is_not_found(stand_in: StandIn) -> None:
    for user in ("9" * 5000, "٥٥٥٥٥٥٥٥٥", "-1", "%00"):
        assert (await stand_in.control("GET", f"/users/{user}/chat"))[0] == 404
    assert (await stand_in.control("GET", "/files/none"))[0] == 404
