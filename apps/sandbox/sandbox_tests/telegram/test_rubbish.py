"""Whatever a bot or a script sends, the stand-in answers with a refusal and not with a crash."""

from __future__ import annotations

from typing import Any

import pytest

from mentorium_sandbox.telegram.files import FOLDERS
from mentorium_sandbox.telegram.methods import IMPLEMENTED
from mentorium_sandbox.telegram.methods.schema import SCHEMA
from sandbox_tests.telegram.conftest import TOKEN, StandIn
from sandbox_tests.telegram.pictures import png
from tests.fixtures.long_form import in_form

_RUBBISH: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**30, 1.5, float("inf")),
    *("", "x", "\ud800", "{", "[]", "attach://nothing", "<b>", "9" * 5000),
    *([], [[]], [[[]]], [[{}]], [{}], [{"type": [], "offset": 0, "length": 1}], [None]),
    *({}, {"message_id": []}, {"type": []}, {"inline_keyboard": [[{"text": []}]]}, {"keyboard": 1}),
    {"inline_keyboard": [[{"text": "x", "url": "http://["}]]},
    {"inline_keyboard": [[{"text": "x", "web_app": []}]]},
    *({"type": "photo", "media": "attach://no"}, [{"type": "photo", "media": []}] * 2, {"message_text": 5}),
    *({"blocks": [{"type": "list", "items": [{}]}]}, {"blocks": [[]]}, {"markdown": []}, {"html": "<p><b"}),
    *({"type": "chat", "chat_id": []}, {"type": "web_app", "text": "x"}, {"url": [], "is_disabled": 5}),
    *([{"label": "x", "amount": 1.5}], [{"text": []}, 5], [{"type": "emoji"}], [True], ["1", 10**30]),
)
_SOUND: dict[str, Any] = {
    "text": "x",
    "draft_id": 1,
    "action": "typing",
    "question": "Day?",
    "options": ["a", "b"],
    "type": "quiz",
    "correct_option_ids": [0],
    "rich_message": {"markdown": "# x"},
    "phone_number": "+998901112233",
    "first_name": "Ali",
    "latitude": 41.3,
    "longitude": 69.2,
    "title": "t",
    "address": "a",
    "description": "d",
    "payload": "p",
    "currency": "XTR",
    "prices": [{"label": "l", "amount": 1}],
    "reaction": [{"type": "emoji", "emoji": "👍"}],
    "name": "n",
    "result": {"type": "photo", "id": "1"},
    "allow_user_chats": True,
    "commands": [{"command": "help", "description": "d"}],
}


@pytest.mark.parametrize("method", sorted(IMPLEMENTED))
async def test_rubbish_parameters_are_refused_or_ignored(stand_in: StandIn, method: str) -> None:
    user = await stand_in.new_user()
    _, sent = await stand_in.api("sendMessage", chat_id=user, text="x")
    message_id = sent["result"]["message_id"]
    ids = {
        "chat_id": user,
        "from_chat_id": user,
        "user_id": user,
        "message_id": message_id,
        "message_ids": [message_id],
    }
    keep = stand_in.world.files.keep
    files = {kind: keep(png(), "image/png", folder).file_id for kind, folder in FOLDERS.items()}
    media = {"type": "photo", "media": files["photo"]}
    sound = {**_SOUND, **ids, **files, "media": [media, media] if method == "sendMediaGroup" else media}
    parameters = [*SCHEMA[method]["required"], *SCHEMA[method]["optional"]]
    for place, parameter in enumerate(parameters, sorted(IMPLEMENTED).index(method)):
        for value in in_form(short=_RUBBISH[place % 3 :: 3], long=_RUBBISH):
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


async def test_an_update_too_deep_to_be_handed_out_is_refused(stand_in: StandIn) -> None:
    deep: Any = 1
    for _ in range(600):
        deep = {"a": deep}
    assert (await stand_in.control("POST", "/updates", {"message": deep}))[0] == 400
    _, answer = await stand_in.api("getUpdates")
    assert answer == {"ok": True, "result": []}
