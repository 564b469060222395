"""Two adults of one child: how the second comes in, what neither learns of the other, and how rights end."""

from __future__ import annotations

import asyncio
import re

from mentorium_sandbox.client import FakeParent, callback_buttons, plain_text
from tests.e2e.sandbox import Sandbox


async def invitation_of(parent: FakeParent) -> str:
    await parent.say("/children")
    await parent.press("invite:new")
    (payload,) = re.findall(r"start=(inv_[\w-]+)", plain_text(parent.last) + str(parent.last))[:1]
    return str(payload)


async def come_with(parent: FakeParent, payload: str) -> None:
    await parent.start(payload)
    await parent.press(f"lang:{parent.language}")
    await parent.press("consent:yes")


async def button_of(parent: FakeParent, beginning: str) -> str:
    """A button that the bot sends to a chat in which nothing was said, as soon as it is there."""
    async with asyncio.timeout(20):
        while True:
            for message in reversed(await parent.messages()):
                for button in callback_buttons(message):
                    if button.startswith(beginning):
                        return button
            await asyncio.sleep(0.1)


async def test_a_second_adult_comes_in_once_the_first_says_yes(sandbox: Sandbox) -> None:
    child = await sandbox.child("Aziza", "Karimova")
    mother, father, stranger = await sandbox.parent("uz"), await sandbox.parent("ru"), await sandbox.parent("en")
    await mother.register(child)
    payload = await invitation_of(mother)
    await come_with(father, payload)
    assert "Aziza" not in plain_text(await father.messages())
    yes = await button_of(mother, "invite:yes:")
    await stranger.register(await sandbox.child("Bekzod", "Aliyev"))
    await stranger.press(yes, message=(await stranger.messages())[-1])
    assert "Aziza" not in plain_text(await father.messages()), "a forged yes lets nobody in"
    await mother.press(yes)
    assert "Aziza" in plain_text(await father.say("/children"))
    assert "invite:new" not in callback_buttons(father.last[-1]), "lent rights are not lent on"
    await stranger.start(payload)
    assert "Aziza" not in plain_text(stranger.last), "an invitation brings one"


async def test_who_was_let_in_is_seen_and_shown_the_door(sandbox: Sandbox) -> None:
    """parents A7, durability 1"""
    child = await sandbox.child("Kamola", "Karimova")
    mother, father = await sandbox.parent("en"), await sandbox.parent("en")
    await mother.register(child)
    await come_with(father, await invitation_of(mother))
    await mother.press(await button_of(mother, "invite:yes:"))
    assert "Kamola" in plain_text(await father.say("/children"))
    (listed,) = await mother.say("/children")
    (expel,) = [button for button in callback_buttons(listed) if button.startswith("expel:")]
    heard = len(await father.messages())
    await father.press(expel, message=father.last[-1])
    assert "Kamola" in plain_text(await father.say("How was the week?")), "not his to press"
    await mother.press(expel, message=listed)
    seen = (await father.messages())[heard:]
    assert "taken back" in plain_text(seen)
    for words in ("/children", "/report", "How was the week?"):
        assert "Kamola" not in plain_text(await father.say(words))
    await father.press(f"unlink:{child.student_id}:undo", message=father.last[-1])
    assert "Kamola" not in plain_text(await father.say("/children")), "no right follows from what once was"
    assert "expel:" not in str(callback_buttons((await mother.say("/children"))[-1]))


async def test_a_no_lets_nobody_in(sandbox: Sandbox) -> None:
    mother, guest = await sandbox.parent("en"), await sandbox.parent("en")
    await mother.register(await sandbox.child("Timur", "Karimov"))
    await come_with(guest, await invitation_of(mother))
    await mother.press(await button_of(mother, "invite:no:"))
    assert "Timur" not in plain_text(await guest.messages())


async def test_two_parents_of_one_child_never_see_each_others_talk(sandbox: Sandbox) -> None:
    child = await sandbox.child("Zarina", "Umarova")
    mother, father = await sandbox.parent("en"), await sandbox.parent("en")
    await mother.register(child)
    await come_with(father, await invitation_of(mother))
    await mother.press(await button_of(mother, "invite:yes:"))
    secret = "Is it the divorce that worries Zarina?"
    await mother.say(secret)
    seen = len(await sandbox.model_requests())
    await father.say("What did Zarina do last week?")
    for request in (await sandbox.model_requests())[seen:]:
        assert "divorce" not in str(request)
    assert "divorce" not in plain_text(await father.messages())
    assert mother.id not in [message.get("chat", {}).get("id") for message in await father.messages()]


async def test_rights_end_between_two_messages(sandbox: Sandbox) -> None:
    child = await sandbox.child("Sardor", "Qodirov")
    parent = await sandbox.parent("en")
    await parent.register(child)
    assert "Sardor" in plain_text(await parent.say("How was the week?"))
    await child.set_visible(can_view=False)
    assert "Sardor" not in plain_text(await parent.say("And now?"))
    assert "Sardor" not in plain_text(await parent.say("/children"))


async def test_unlinking_is_effective_at_once_and_can_be_undone(sandbox: Sandbox) -> None:
    child = await sandbox.child("Nilufar", "Azimova")
    parent = await sandbox.parent("ru")
    await parent.register(child)
    await parent.say("/children")
    await parent.press(f"unlink:{child.student_id}")
    undo = parent.last[-1]
    assert "Nilufar" not in plain_text(await parent.say("/children"))
    await parent.press(f"unlink:{child.student_id}:undo", message=undo)
    assert "Nilufar" in plain_text(await parent.say("/children"))


async def test_somebody_elses_child_is_like_no_child(sandbox: Sandbox) -> None:
    theirs = await sandbox.child("Otabek", "Norov")
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Feruza", "Norova"))
    await parent.say("/children")
    message = parent.last[-1]
    answers = [
        await parent.press(f"unlink:{student_id}", message=message) for student_id in (theirs.student_id, 999_999_999)
    ]
    assert answers[0].callback_answer == answers[1].callback_answer
    assert plain_text(answers[0].replies) == plain_text(answers[1].replies)


async def test_an_earlier_account_hears_of_a_new_one(sandbox: Sandbox) -> None:
    child = await sandbox.child("Jasur", "Tursunov")
    mother, father = await sandbox.parent("uz"), await sandbox.parent("ru")
    await mother.register(child)
    heard = len(await mother.messages())
    link = await sandbox.link(child.guardian_id)
    await come_with(father, link)
    assert "Jasur" in plain_text(await father.messages())
    async with asyncio.timeout(20):
        while len(await mother.messages()) != heard + 1:
            await asyncio.sleep(0.1)
