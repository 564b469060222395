"""A call whose answer is lost may have been taken, and costs nothing of what follows it (inputs B, J)."""

from __future__ import annotations

from typing import Any

import pytest

from mentorium_bot.container import Container
from mentorium_core.i18n import t
from mentorium_sandbox.client import callback_buttons
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import chat_of, plain, subscribed_parent, until


def lose(outside: Outside, method: str) -> None:
    outside.faults.add("telegram", "drop_response", match=method, times=1)


async def until_shown(outside: Outside, user: int, *wanted: str) -> None:
    """All of it stands in the chat: in words, captions, or names of files."""

    async def is_there() -> bool:
        messages = (await chat_of(outside, user)).messages
        captions = [str(message.get("caption", "")) for message in messages]
        files = [str(message.get("document", {}).get("file_name")) for message in messages]
        shown = "\n".join([plain(messages), *captions, *files])
        return all(one in shown for one in wanted)

    await until(is_there)


@pytest.mark.parametrize("method", ["sendDocument", "sendChatAction"])
async def test_the_files_of_an_export_come(outside: Outside, bot: Container, method: str) -> None:
    user = await subscribed_parent(outside)
    lose(outside, method)
    await outside.say(user, "/export", wait_s=0)
    await until_shown(outside, user, ".json", ".html")


async def test_a_report_comes_though_nobody_knows_that_it_is_on_its_way(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    (asked,) = await outside.say(user, "/report")
    lose(outside, "sendChatAction")
    await outside.parent(user).press("report:week", message=asked, wait_s=0)
    await until_shown(outside, user, "Aziz — week")


async def test_the_link_comes_behind_its_explanation(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    (children,) = await outside.say(user, "/children")
    lose(outside, "sendMessage")
    await outside.parent(user).press("invite:new", message=children, wait_s=0)
    await until_shown(outside, user, t("en", "invite-explained"), "start=inv_")


async def test_who_was_let_in_hears_of_it(outside: Outside, bot: Container) -> None:
    mother, other = await subscribed_parent(outside), await outside.user()
    (children,) = await outside.say(mother, "/children")
    link = plain((await outside.press(mother, children, "invite:new")).replies).rpartition("start=")[2].strip()
    await outside.register(other, link)
    question: Any = next(
        one
        for one in (await chat_of(outside, mother)).messages
        if any(data.startswith("invite:yes") for data in callback_buttons(one))
    )
    lose(outside, "sendMessage")
    await outside.parent(mother).press(callback_buttons(question)[0], message=question, wait_s=0)
    await until_shown(outside, other, t("en", "invite-welcome", children="Aziz"))
    told: list[int] = []

    async def mother_is_told() -> bool:
        told[:] = [int(call["params"]["chat_id"]) for call in await outside.sandbox.bot_calls("sendMessage")]
        return told[-1] == mother

    await until(mother_is_told)
    assert told[-2] == other, "who has no button to press again, first"


async def test_each_childs_comment_comes(outside: Outside, bot: Container) -> None:
    guardian = {"full_name": "Karimova Nodira", "email": "nodira@mail.example"}
    for name in ("Aziz", "Bahrom"):
        child = await outside.child(name, **guardian)
        await outside.sandbox.call(
            "POST", "platform/activity", {"student_id": child.student_id, "kind": "comment", "body": f"Bravo {name}!"}
        )
    user = await subscribed_parent(outside, "Malika", **guardian)
    lose(outside, "sendMessage")
    await outside.say(user, "/teacher", wait_s=0)
    await until_shown(outside, user, "Bravo Aziz!", "Bravo Bahrom!", "Malika")
