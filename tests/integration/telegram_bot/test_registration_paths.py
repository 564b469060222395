"""Coming in by e-mail, letting a second adult in, leaving, and having one's data back, on the app's own wiring."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_bot.handlers.identity_proof import writes_address
from mentorium_core.i18n import t
from mentorium_core.identity.queries import find_parent
from mentorium_core.mentor.commands import store_question
from mentorium_kit import clock
from tests.fixtures.log_lines import reading_the_log
from tests.integration.telegram_bot.conftest import Mailbox, Outside, running, working
from tests.integration.telegram_bot.helpers import chat_of, dialog_rows, plain, subscribed_parent, until

ADDRESS = "parent@example.com"


@pytest_asyncio.fixture
async def mailing(with_mail: BotSettings) -> AsyncIterator[Container]:
    async with running(with_mail) as container, working(with_mail):
        yield container


async def agreed(outside: Outside, language: str = "en") -> int:
    """Somebody who has agreed, and whom nobody knows yet."""
    user = await outside.user(language)
    greeting = await outside.start(user)
    consent = await outside.press(user, greeting[-1], f"lang:{language}")
    await outside.press(user, consent.replies[-1], "consent:yes")
    return user


def buttons(message: Any) -> list[str]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row]


def typed_oddly(code: str) -> list[str]:
    return [
        code,
        f"{code[:3]} {code[3:]}",
        f" {code[:2]}-{code[2:4]}–{code[4:]}",
        "".join(chr(0x660 + int(d)) for d in code),
        f"Мой код: {code[:3]} {code[3:]}, из письма",
    ]


@pytest.mark.parametrize("way", range(5))
async def test_the_code_however_it_is_typed(outside: Outside, mailing: Container, mailbox: Mailbox, way: int) -> None:
    await outside.child("Aziz", email=ADDRESS)
    user = await agreed(outside)
    asked = await outside.say(user, f"My address: <{ADDRESS.upper()}>.")
    assert plain(asked) == t("en", "email-code-on-its-way")
    code = await mailbox.code_to(ADDRESS)
    assert "Aziz" in plain(await outside.say(user, typed_oddly(code)[way]))
    assert plain(await outside.say(user, "/start")).startswith(t("en", "welcome-back"))


async def test_an_unknown_address_reads_the_same_and_gets_no_mail(
    outside: Outside, mailing: Container, mailbox: Mailbox
) -> None:
    await outside.child("Aziz", email=ADDRESS)
    known, unknown = await agreed(outside), await agreed(outside)
    script = [ADDRESS, "000000", "12345", ADDRESS, "000001"]
    read = [plain(await outside.say(known, words)) for words in script]
    other = [plain(await outside.say(unknown, words.replace("parent", "nobody"))) for words in script]
    assert [words.translate(str.maketrans("", "", "0123456789")) for words in read] == [
        words.translate(str.maketrans("", "", "0123456789")) for words in other
    ], "but for the seconds to wait"
    assert read[1] == t("en", "code-refused-wrong", left=4)
    assert read[2] == t("en", "code-refused-malformed")
    assert "second" in read[3]
    assert read[4] == t("en", "code-refused-wrong", left=3)
    await mailbox.code_to(ADDRESS)
    assert {letter["To"] for letter in mailbox.letters} == {ADDRESS}


async def test_after_five_wrong_tries_the_right_code_is_too_late(
    outside: Outside, mailing: Container, mailbox: Mailbox
) -> None:
    await outside.child("Aziz", email=ADDRESS)
    user = await agreed(outside)
    await outside.say(user, ADDRESS)
    code = await mailbox.code_to(ADDRESS)
    wrong = "000000" if code != "000000" else "000001"
    for left in (4, 3, 2, 1):
        assert plain(await outside.say(user, wrong)) == t("en", "code-refused-wrong", left=left)
    assert plain(await outside.say(user, wrong)) == t("en", "code-refused-burned")
    assert plain(await outside.say(user, code)) == t("en", "code-refused-burned")


async def test_a_code_expires_and_the_next_one_works(
    outside: Outside, mailing: Container, mailbox: Mailbox, with_mail: BotSettings
) -> None:
    await outside.child("Aziz", email=ADDRESS)
    user = await agreed(outside)
    assert with_mail.clock_file is not None
    assert plain(await outside.say(user, "123456")) == t("en", "code-refused-none")
    await outside.say(user, ADDRESS)
    old = await mailbox.code_to(ADDRESS)
    with_mail.clock_file.write_text("601")
    assert plain(await outside.say(user, old)) == t("en", "code-refused-expired")
    assert plain(await outside.say(user, ADDRESS)) == t("en", "email-code-on-its-way")
    assert "Aziz" in plain(await outside.say(user, await mailbox.code_to(ADDRESS, number=2)))
    assert plain(await outside.say(user, "/children")).count("Aziz") == 1


async def test_somebody_elses_code_opens_nothing(outside: Outside, mailing: Container, mailbox: Mailbox) -> None:
    await outside.child("Aziz", email=ADDRESS)
    user, thief = await agreed(outside), await agreed(outside)
    await outside.say(user, ADDRESS)
    code = await mailbox.code_to(ADDRESS)
    assert plain(await outside.say(thief, code)) == t("en", "code-refused-none")
    await outside.say(thief, "nobody@example.com")
    assert plain(await outside.say(thief, code)) == t("en", "code-refused-wrong", left=4)


async def test_a_mail_server_that_refuses_costs_time_and_is_not_told(
    outside: Outside, mailing: Container, mailbox: Mailbox
) -> None:
    mailbox.refusing = 1
    await outside.child("Aziz", email=ADDRESS)
    user = await agreed(outside)
    assert plain(await outside.say(user, ADDRESS)) == t("en", "email-code-on-its-way")
    assert "Aziz" in plain(await outside.say(user, await mailbox.code_to(ADDRESS)))


async def test_without_a_mail_server_email_is_not_offered(outside: Outside, bot: Container) -> None:
    user = await agreed(outside)
    without = t("en", "registration-who-without-email")
    assert plain(await outside.say(user, ADDRESS)) == without
    assert plain(await outside.say(user, "123456")) == without


async def invitation(outside: Outside, inviter: int) -> str:
    """The payload of a fresh invitation, as it stands in the message to be forwarded."""
    (family,) = await outside.say(inviter, "/children")
    explained, forward = (await outside.press(inviter, family, "invite:new")).replies
    assert explained["text_plain"] == t("en", "invite-explained")
    link: str = forward["text_plain"].split()[-1]
    assert link.startswith("https://t.me/MentoriumTestBot?start=inv_")
    return link.partition("start=")[2]


async def came_with(outside: Outside, payload: str, language: str) -> tuple[int, list[Any]]:
    """Somebody new who opens an invitation and agrees; what they read last."""
    user = await outside.user(language)
    greeting = await outside.start(user, payload)
    consent = await outside.press(user, greeting[-1], f"lang:{language}")
    return user, (await outside.press(user, consent.replies[-1], "consent:yes")).replies


@pytest.mark.parametrize("answer", ["yes", "no"])
async def test_a_second_adult_is_let_in_by_the_first(outside: Outside, bot: Container, answer: str) -> None:
    first = await subscribed_parent(outside)
    payload = await invitation(outside, first)
    second, read = await came_with(outside, payload, "ru")
    assert plain(read) == t("ru", "invite-asked")
    question = (await chat_of(outside, first)).messages[-1]
    assert question["text_plain"] == t("en", "invite-question", name="Parent", children="Aziz")
    yes, no = buttons(question)
    stranger = await subscribed_parent(outside, "Bobur")
    (theirs,) = await outside.say(stranger, "/help")
    foreign = await outside.press(stranger, theirs, yes)
    made_up = await outside.press(stranger, theirs, "invite:yes:987654321")
    assert foreign.callback_answer == made_up.callback_answer
    assert foreign.callback_text == t("en", "fallback-button")
    assert "Aziz" not in plain((await chat_of(outside, second)).messages)

    told = plain((await outside.press(first, question, yes if answer == "yes" else no)).replies)
    got = (await chat_of(outside, second)).messages[-1]["text_plain"]
    if answer == "yes":
        assert told == t("en", "invite-accepted", name="Parent", children="Aziz")
        assert got.startswith(t("ru", "invite-welcome", children="Aziz"))
        (family,) = await outside.say(second, "/children")
        assert t("ru", "children-invited", name="Aziz Karimov") in family["text_plain"]
        assert "invite:new" not in buttons(family)
        assert "Aziz" in plain(await outside.say(second, "/report")), "covered by the first one's rights"
    else:
        assert told == t("en", "invite-declined", name="Parent")
        assert got == t("ru", "invite-turned-down")
        assert "Aziz" not in plain(await outside.say(second, "/report"))
    again = await outside.press(first, question, no if answer == "yes" else yes)
    assert again.callback_text == t("en", "fallback-button"), "one answer counts"


async def test_an_invitation_works_once_and_not_for_oneself(outside: Outside, bot: Container) -> None:
    first = await subscribed_parent(outside)
    payload = await invitation(outside, first)
    assert plain(await outside.start(first, payload)) == t("en", "invite-refused-unknown")
    await came_with(outside, payload, "en")
    _, read = await came_with(outside, payload[:-1] + ("A" if payload[-1] != "A" else "B"), "en")
    assert t("en", "registration-who-without-email") in plain(read)
    late = await outside.user()
    refused = await outside.start(late, payload)
    assert refused[0]["text_plain"] == t("en", "invite-refused-used")


async def test_leaving_a_child_and_coming_back(outside: Outside, bot: Container) -> None:
    child = await outside.child("Aziz")
    user = await outside.user()
    await outside.register(user, child.link_code)
    (family,) = await outside.say(user, "/children")
    data = f"unlink:{child.student_id}"
    assert data in buttons(family)
    (left,) = (await outside.press(user, family, data)).replies
    assert left["text_plain"] == t("en", "unlink-done", name="Aziz")
    assert "Aziz" not in plain(await outside.say(user, "/report"))
    (again,) = (await outside.press(user, family, data)).replies
    assert again["text_plain"] == left["text_plain"], "pressed once more, since the answer may not have arrived"
    (back,) = (await outside.press(user, left, f"{data}:undo")).replies
    assert back["text_plain"] == t("en", "unlink-undone", name="Aziz")
    assert "Aziz" in plain(await outside.say(user, "/report"))


async def test_a_foreign_child_is_left_as_little_as_an_unknown_one(outside: Outside, bot: Container) -> None:
    theirs = await outside.child("Bobur")
    other = await outside.user()
    await outside.register(other, theirs.link_code)
    user = await subscribed_parent(outside)
    (message,) = await outside.say(user, "/help")
    for data in (f"unlink:{theirs.student_id}", f"unlink:{theirs.student_id}:undo"):
        with reading_the_log() as log:
            foreign = await outside.press(user, message, data)
        assert [(line["code"], "update_id" in line) for line in log.of("refused")] == [("stale_button", True)]
        unknown = await outside.press(user, message, data.replace(str(theirs.student_id), "987654321"))
        assert foreign.callback_answer == unknown.callback_answer
        assert foreign.replies == []
    assert "Bobur" in plain(await outside.say(other, "/children"))


async def test_earlier_chats_are_told_of_one_more_account_once(outside: Outside, bot: Container) -> None:
    child = await outside.child("Aziz")
    first, second = await outside.user(), await outside.user()
    await outside.register(first, child.link_code)
    await outside.register(second, await outside.sandbox.link(child.guardian_id))
    await outside.start(second, await outside.sandbox.link(child.guardian_id))
    said = [message.get("text_plain") for message in (await chat_of(outside, first)).messages]
    assert said.count(t("en", "account-added", contact="dev@mentorium.io")) == 1
    assert t("en", "account-added", contact="dev@mentorium.io") not in plain((await chat_of(outside, second)).messages)


async def rows_with(user: int) -> list[str]:
    """The columns of the bot's tables in which this id stands."""
    found = []
    async with mentorium_db.get_session() as session:
        columns = await session.execute(
            text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        )
        for table, column in columns.all():
            rows = await session.execute(
                text(f'SELECT 1 FROM "{table}" WHERE "{column}"::text LIKE :id').bindparams(id=f"%{user}%")
            )
            found += [f"{table}.{column}"] if rows.first() else []
    return found


async def test_erasing_stops_the_answer_and_leaves_nothing(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    await outside.say(user, "How did studying go last week?")
    assert await rows_with(user)
    await outside.sandbox.script_model(chunks=["The first words. ", "And the rest."], stall_s=30)
    asking = asyncio.create_task(outside.say(user, "Tell me everything"))

    async def being_answered() -> bool:
        return bool(bot.dialogs.busy)

    await until(being_answered)
    (question,) = [
        m for m in await outside.say(user, "/erase") if any(one.startswith("erase:yes:") for one in buttons(m))
    ]
    (goodbye,) = [
        m for m in (await outside.press(user, question, "erase:yes")).replies if "first words" not in m["text_plain"]
    ]
    await asking
    assert goodbye["text_plain"] == t("en", "erase-done")
    assert bot.dialogs.busy == 0
    assert await rows_with(user) == []
    assert await dialog_rows(user) == []
    assert [key async for key in bot.common.redis.scan_iter(f"*{user}*")] == []
    (fresh,) = await outside.say(user, "/start")
    assert sorted(buttons(fresh)) == ["lang:en", "lang:ru", "lang:uz"]


async def test_whoever_has_data_erased_hears_so_when_telegram_is_back(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    (question,) = await outside.say(user, "/erase")
    outside.faults.add("telegram", "status_500", match="sendMessage", times=2)
    await outside.press(user, question, "erase:yes")

    async def has_heard() -> bool:
        return t("en", "erase-done") in plain((await chat_of(outside, user)).messages)

    await until(has_heard)
    assert await rows_with(user) == []


async def test_keeping_ones_data_keeps_them(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    (question,) = await outside.say(user, "/erase")
    assert plain((await outside.press(user, question, "erase:no")).replies) == t("en", "erase-kept")
    assert "Aziz" in plain(await outside.say(user, "/report"))


async def test_an_old_yes_to_erasing_erases_nothing(outside: Outside, bot: Container) -> None:
    """parents A16: neither after its no, nor made up, nor that of another request."""
    user = await subscribed_parent(outside)
    (help_text,) = await outside.say(user, "/help")
    assert plain((await outside.press(user, help_text, "erase:yes")).replies) == t("en", "erase-again")
    (question,) = await outside.say(user, "/erase")
    yes, no = buttons(question)
    await outside.press(user, question, no)
    for old in (yes, "erase:yes", "erase:yes:987654321"):
        assert plain((await outside.press(user, question, old)).replies) == t("en", "erase-again"), old
    assert "Aziz" in plain(await outside.say(user, "/children"))
    (again,) = await outside.say(user, "/erase")
    assert plain((await outside.press(user, question, yes)).replies) == t("en", "erase-again")
    assert plain((await outside.press(user, again, "erase:yes")).replies) == t("en", "erase-done"), "the newest"
    assert await rows_with(user) == []


async def test_an_old_no_to_consent_tells_how_to_withdraw_it(outside: Outside, bot: Container) -> None:
    """parents A16"""
    user = await subscribed_parent(outside)
    (consent,) = [m for m in (await chat_of(outside, user)).messages if "consent:no" in buttons(m)]
    assert plain((await outside.press(user, consent, "consent:no")).replies) == t("en", "consent-stands")
    assert "/erase" in t("en", "consent-stands")


@pytest.mark.parametrize("words", ["/export", "/erase"])
async def test_a_stranger_has_nothing_here(outside: Outside, bot: Container, words: str) -> None:
    assert plain(await outside.say(await outside.user(), words)) == t("en", "data-none")


async def test_the_export_has_ones_own_words_and_nobody_elses(outside: Outside, bot: Container) -> None:
    child = await outside.child("Aziz")
    first, second = await outside.user(), await outside.user()
    await outside.register(first, child.link_code)
    await outside.register(second, await outside.sandbox.link(child.guardian_id))
    for user, words in ((first, "my secret question"), (second, "their secret question")):
        parent = await find_parent(user)
        assert parent is not None
        await store_question(parent, words, None, clock.now(), owner="test:1:1")
    documents = await outside.say(first, "/export")
    assert [message["document"]["file_name"].rpartition(".")[2] for message in documents] == ["json", "html"]
    contents = [_content(outside, message["document"]["file_id"]) for message in documents]
    for content in contents:
        assert "my secret question" in content
        assert "their secret question" not in content
        assert str(second) not in content
    assert str(first) in json.dumps(json.loads(contents[0]))
    assert documents[-1]["caption"] == t("en", "export-caption")


def _content(outside: Outside, file_id: str) -> str:
    stored = outside.world.files.by_id(file_id)
    assert stored is not None
    return stored.data.decode()


class Said:
    """As much of a message as the filters look at."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.caption = None


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("a@b.uz", "a@b.uz"),
        ("my mail is «a.b+c@example.co.uz»!", "a.b+c@example.co.uz"),
        ("<A@B.UZ>,", "A@B.UZ"),
        ("@", "@"),
        ("/start@bot x", None),
        ("hello", None),
        (None, None),
    ],
)
async def test_an_address_is_found_in_a_sentence(words: str | None, address: str | None) -> None:
    found = await writes_address(Said(words))  # type: ignore[arg-type]
    assert found == ({"address": address} if address else False)
