"""/teacher: the teacher's last words about each child, for those whom a subscription covers."""

from __future__ import annotations

from uuid import uuid4

from mentorium_bot.container import Container
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.i18n import t, utf16_length
from mentorium_domain.enums import Tariff
from mentorium_sandbox.client import Child
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import plain, subscribed_parent

TARIFFS = ["tariff:monthly", "tariff:quarterly", "tariff:annual"]


async def comment(child: Child, body: str) -> None:
    await child.did("comment", body=body, author_name="Olim aka")


async def test_the_last_comment_about_each_child(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside, "Bahrom")
    child = await outside.child("Aziza")
    await outside.start(user, child.link_code)
    await comment(child, "An older word")
    await comment(child, "Works with care.\n<b>Reads</b> the task *twice*.")
    about_aziza, about_bahrom = await outside.say(user, "/teacher")
    text = about_aziza["text_plain"]
    assert "Aziza" in text.splitlines()[0]
    assert "Works with care.\n<b>Reads</b> the task *twice*." in text, "as it stands"
    assert text.endswith("– Olim aka")
    assert "An older word" not in text
    assert about_bahrom["text_plain"] == t("en", "teacher-none", names="Bahrom")


async def test_without_a_subscription_there_are_the_tariffs(outside: Outside, bot: Container) -> None:
    user, child = await outside.user(), await outside.child("Aziza")
    await outside.register(user, child.link_code)
    await comment(child, "Works with care.")
    (said,) = await outside.say(user, "/teacher")
    assert said["text_plain"] == t("en", "teacher-limited", names="Aziza")
    buttons = [button["callback_data"] for row in said["reply_markup"]["inline_keyboard"] for button in row]
    assert buttons == TARIFFS


async def test_a_comment_of_any_length_fits_a_message(outside: Outside, bot: Container) -> None:
    user = await outside.user()
    child = await outside.child("Aziza")
    await outside.register(user, child.link_code)
    await GrantSubscription()(user, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)
    await comment(child, "🙂" * 4000)
    (said,) = await outside.say(user, "/teacher")
    text = said["text_plain"]
    assert "🙂…" in text, "cut between two signs"
    assert 3000 < utf16_length(text) <= 4096


async def test_somebody_unknown_and_somebody_without_children_are_told_so(outside: Outside, bot: Container) -> None:
    stranger = await outside.user()
    assert plain(await outside.say(stranger, "/teacher")) == t("en", "language-question")
    user = await outside.user()
    child = await outside.child("Aziza")
    await outside.register(user, child.link_code)
    (asked,) = await outside.say(user, "/children")
    await outside.press(user, asked, f"unlink:{child.student_id}")
    assert plain(await outside.say(user, "/teacher")) == t("en", "children-none")
