"""Small slips of somebody who comes in, or writes in an unusual way, are understood; parents A16, A18, A19."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from mentorium_bot.container import Container
from mentorium_core.i18n import t
from mentorium_db import get_session
from tests.integration.telegram_bot.conftest import Mailbox, Outside
from tests.integration.telegram_bot.helpers import dialog_rows, plain, subscribed_parent, until
from tests.integration.telegram_bot.test_edges import delivered, written
from tests.integration.telegram_bot.test_registration_paths import ADDRESS, agreed, came_with, invitation, mailing

__all__ = ["mailing"]

PHOTO = {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]}


async def test_a_mistyped_address_is_told_as_such(outside: Outside, mailing: Container) -> None:
    user = await agreed(outside)
    for slip in ("olga.ivanova", "olga.ivanova mail.example", "olga@mail,uz", "olga@"):
        assert plain(await outside.say(user, slip)) == t("en", "email-refused-malformed"), slip
    assert plain(await outside.say(user, "hello")) == t("en", "registration-who")


async def test_digits_in_a_sentence_are_a_code_only_while_one_is_awaited(
    outside: Outside, mailing: Container, mailbox: Mailbox
) -> None:
    await outside.child("Aziz", email=ADDRESS)
    user = await agreed(outside)
    assert plain(await outside.say(user, "my code 123456")) == t("en", "registration-who")
    await outside.say(user, ADDRESS)
    code = await mailbox.code_to(ADDRESS)
    wrong = "000000" if code != "000000" else "000001"
    assert plain(await outside.say(user, f"my code {wrong}")) == t("en", "code-refused-wrong", left=4)
    assert plain(await outside.say(user, "my code 7593")) == t("en", "code-refused-malformed")
    assert "Aziz" in plain(await outside.say(user, f"sorry: {code[:3]} {code[3:]}!"))


async def test_who_waits_for_the_inviter_is_told_so(outside: Outside, bot: Container) -> None:
    first = await subscribed_parent(outside)
    second, _ = await came_with(outside, await invitation(outside, first), "ru")
    for words in ("hi, how is Oliver?", "/start"):
        assert plain(await outside.say(second, words)) == t("ru", "registration-waiting")


async def test_an_old_no_under_the_consent_explains_how_it_is_taken_back(outside: Outside, bot: Container) -> None:
    user = await outside.user()
    greeting = await outside.start(user)
    consent = (await outside.press(user, greeting[-1], "lang:en")).replies[-1]
    await outside.press(user, consent, "consent:yes")
    assert plain((await outside.press(user, consent, "consent:no")).replies) == t("en", "consent-stands")


@pytest.mark.parametrize("words", ["/Help", "/HELP", "/help@mentoriumtestbot"])
async def test_a_command_in_capitals_is_a_command(outside: Outside, bot: Container, words: str) -> None:
    """inputs N: phones begin a text with a capital."""
    assert plain(await outside.say(await outside.user(), words)) == t("en", "help-text")


async def test_start_in_capitals_keeps_its_payload(outside: Outside, bot: Container) -> None:
    child = await outside.child("Aziz")
    user = await outside.user()
    greeting = await outside.say(user, f"/Start {child.link_code}")
    consent = (await outside.press(user, greeting[-1], "lang:en")).replies[-1]
    assert "Aziz" in plain((await outside.press(user, consent, "consent:yes")).replies)


async def test_a_caption_is_a_text(outside: Outside, bot: Container) -> None:
    """inputs P: the words were there, and the parent was asked to write words."""
    user = await subscribed_parent(outside)
    await delivered(outside, written(user, caption="How was last week?", **PHOTO))

    async def is_asked() -> bool:
        return await dialog_rows(user) == [("answered", "How was last week?")]

    await until(is_asked)
    (said,) = await delivered(outside, written(user, caption="/nonsense", **PHOTO))
    assert said["params"]["text"] == t("en", "fallback-command")


async def test_of_an_album_each_picture_with_words_is_answered(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    for number, words in enumerate(({}, {}, {"caption": "How was last week?"})):
        update = written(user, media_group_id="7", **PHOTO, **words)
        update["message"]["message_id"] += number
        said = await delivered(outside, update)
        if number == 0:
            assert said[0]["params"]["text"] == t("en", "fallback-not-text")
        elif number == 1:
            assert said == []
    assert [words for _, words in await dialog_rows(user)] == ["How was last week?"]


@pytest.mark.parametrize("registered", [True, False])
@pytest.mark.parametrize(
    "content",
    [
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
        {"boost_added": {"boost_count": 1}},
        {"write_access_allowed": {}},
        {
            "proximity_alert_triggered": {
                "traveler": {"id": 5, "is_bot": False, "first_name": "A"},
                "watcher": {"id": 6, "is_bot": False, "first_name": "B"},
                "distance": 3,
            }
        },
        {"something_of_next_year": {"a": 1}},
    ],
)
async def test_a_service_message_gets_no_answer(
    outside: Outside, bot: Container, content: dict[str, Any], *, registered: bool
) -> None:
    """inputs O."""
    user = await subscribed_parent(outside) if registered else await outside.user()
    assert await delivered(outside, written(user, **content)) == []


@pytest.mark.parametrize("number", ["999999999999999999", "2147483648", "0", "-1", "٣"])
async def test_a_forged_id_beyond_the_column_is_an_old_button(outside: Outside, bot: Container, number: str) -> None:
    """inputs Q, durability 29."""
    user = await subscribed_parent(outside)
    (shown,) = await outside.say(user, "/help")
    pressed = await outside.press(user, shown, f"invite:yes:{number}")
    assert pressed.callback_text == t("en", "fallback-button")
    async with get_session() as session:
        assert await session.scalar(text("SELECT count(*) FROM event_logs WHERE severity = 'ERROR'")) == 0


async def test_a_child_without_a_name_breaks_no_menu(outside: Outside, bot: Container, platform_dsn: str) -> None:
    """inputs M, 27: an empty name, one of blanks, one of five thousand letters and one of several lines."""
    user = await outside.user()
    await outside.register(user, (await outside.child("Aziz")).link_code)
    for name in ("Bahrom", "Vali", "Timur"):
        await outside.start(user, (await outside.child(name)).link_code)
    school = await asyncpg.connect(platform_dsn)
    try:
        for before, now in (("Aziz", "   "), ("Bahrom", "я" * 5_000), ("Vali", "Vali\n\nKarimov")):
            await school.execute(
                "UPDATE platform.student SET display_name = $2 WHERE display_name = $1", f"{before} Karimov", now
            )
    finally:
        await school.close()
    family = await outside.say(user, "/children")
    shown = plain(family)
    assert "№" in shown
    assert "Vali Karimov" in shown
    labels = [one["text"] for row in family[-1]["reply_markup"]["inline_keyboard"] for one in row]
    nameless = next(label for label in labels if "№" in label)
    number = nameless.partition("№")[2]
    assert nameless == t("en", "unlink-button", name=f"№{number}"), "the child's number, as above the buttons"
    pressed = await outside.press(user, family[-1], f"unlink:{number}")
    assert "Aziz" in plain(pressed.replies), "the name from the parent's own row of what has ended"
    await outside.press(user, pressed.replies[-1], f"unlink:{number}:undo")
    assert plain(await outside.say(user, "/report")) == t("en", "report-which-child")
    assert "Timur" in plain(await outside.say(user, "/teacher"))
