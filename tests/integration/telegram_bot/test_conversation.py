"""What a parent lives through, on the app's own wiring."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.i18n import t
from mentorium_domain.enums import Tariff
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import chat_of, dialog_rows, plain, settled, subscribed_parent, until


async def test_an_answer_is_streamed_and_arrives_once(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    replies = await outside.say(user, "How did studying go last week?")
    assert len(replies) == 1
    assert "Aziz" in plain(replies)
    drafts = await outside.sandbox.bot_calls("sendMessageDraft")
    assert drafts
    assert all(str(call["params"]["can_stop"]).lower() == "true" for call in drafts)


async def test_stop_keeps_the_partial_answer(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    await outside.sandbox.script_model(chunks=["The first words. ", "And the rest."], stall_s=9)
    asking = asyncio.create_task(outside.say(user, "Tell me everything"))

    async def first_words_are_shown() -> bool:
        return "first" in str((await chat_of(outside, user)).drafts)

    await until(first_words_are_shown)
    await outside.parent(user).stop()
    await asking
    chat = (await chat_of(outside, user)).messages
    assert chat[-1]["text_plain"].startswith("The first words.")
    assert [status for status, _ in await dialog_rows(user)] == ["stopped"]


async def test_drafts_that_fail_give_way_to_edits(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    outside.faults.add("telegram", "status_500", match="sendMessageDraft")
    replies = await outside.say(user, "How did studying go last week?")
    assert "Aziz" in plain(replies)
    chat = (await chat_of(outside, user)).messages
    assert sum("Aziz" in (message.get("text_plain") or "") for message in chat[-2:]) == 1


async def test_questions_of_one_chat_are_answered_in_their_order(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    await asyncio.gather(*(outside.say(user, f"Question number {n}?") for n in range(4)))
    await until(lambda: settled(user))
    rows = await dialog_rows(user)
    assert [status for status, _ in rows] == ["answered"] * 4
    assert len({question for _, question in rows}) == 4


async def test_what_a_dead_process_left_behind_is_answered_at_the_next_start(
    outside: Outside, settings: BotSettings
) -> None:
    async with running(settings):
        user = await subscribed_parent(outside)
    mentorium_db.configure(settings.database_dsn)
    async with mentorium_db.get_session() as session:
        for update_id, age in ((1, "1 minute"), (2, "2 hours")):
            await session.execute(
                text(
                    "INSERT INTO dialogs (parent_telegram_id, user_message, update_id, language, status, created_at)"
                    " VALUES (:user, 'How was last week?', :update_id, 'en', 'pending', now() - CAST(:age AS interval))"
                ).bindparams(user=user, update_id=update_id, age=age)
            )
    await mentorium_db.dispose()
    before = len((await chat_of(outside, user)).messages)
    async with running(settings):
        await until(lambda: settled(user))
        assert {status for status, _ in await dialog_rows(user)} == {"answered", "failed"}
    said = (await chat_of(outside, user)).messages[before:]
    assert len(said) == 2
    assert t("en", "dialog-left-unanswered") in plain(said)
    assert "Aziz" in plain(said)


async def test_whoever_takes_a_question_over_hides_the_parents_name_in_telegram(
    outside: Outside, settings: BotSettings
) -> None:
    """The platform knows the parent by another name: the update alone had told this one, and it died with its bot."""
    async with running(settings):
        user = (await outside.sandbox.parent("en", first_name="Gulbahrin")).id
        await outside.register(user, (await outside.child("Aziz")).link_code)
        await GrantSubscription()(user, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)
    mentorium_db.configure(settings.database_dsn)
    async with mentorium_db.get_session() as session:
        await session.execute(
            text(
                "INSERT INTO dialogs (parent_telegram_id, user_message, language, status, created_at) VALUES"
                " (:user, 'This is Gulbahrin. How was last week?', 'en', 'pending', now() - interval '1 minute')"
            ).bindparams(user=user)
        )
    await mentorium_db.dispose()
    asked_before = len(await outside.sandbox.model_requests())
    async with running(settings):
        await until(lambda: settled(user))
        assert [status for status, _ in await dialog_rows(user)] == ["answered"]
    sent = (await outside.sandbox.model_requests())[asked_before:]
    assert "How was last week?" in str(sent)
    assert "Gulbahrin" not in str(sent)


async def test_an_update_taken_but_not_handled_comes_again(outside: Outside, settings: BotSettings) -> None:
    user = await outside.user()
    await outside.start(user, wait_s=0)
    async with running(settings):

        async def answered() -> bool:
            return bool((await chat_of(outside, user)).messages[1:])

        await until(answered)
    assert not len(outside.world.bot().queue)


async def test_polling_recovers_from_errors_of_telegram(outside: Outside, bot: Container) -> None:
    user = await outside.user()
    outside.faults.add("telegram", "status_500", match="getUpdates", times=2)
    assert plain(await outside.say(user, "/help"))
    outside.faults.add("telegram", "status_429", match="getUpdates", times=1, retry_after=1)
    assert plain(await outside.say(user, "/help"))


async def test_ten_thousand_characters_are_no_question(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    await outside.say(user, "word " * 2000)
    told = t("en", "dialog-too-long", limit=2000), t("en", "dialog-rest")

    async def is_told() -> bool:
        return plain((await chat_of(outside, user)).messages).endswith("\n".join(told))

    await until(is_told)
    assert await dialog_rows(user) == []


@pytest.mark.parametrize("length", [2_500, 4_096])
async def test_a_message_right_behind_a_long_one_is_answered(outside: Outside, bot: Container, length: int) -> None:
    """durability 30, inputs 45: a second message within seconds of a long one was passed over."""
    user = await subscribed_parent(outside)
    for words in ("w" * length, "How was last week?", "And the tests?"):
        await outside.say(user, words, wait_s=0)

    async def are_answered() -> bool:
        return [words for status, words in await dialog_rows(user) if status == "answered"] == [
            "How was last week?",
            "And the tests?",
        ]

    await until(are_answered)


async def test_a_report_is_about_the_child_its_question_named(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside, "Aziz")
    second = await outside.child("Bahrom")
    await outside.start(user, second.link_code)
    (asked,) = await outside.say(user, "/report")
    buttons = [button["callback_data"] for row in asked["reply_markup"]["inline_keyboard"] for button in row]
    assert len(buttons) == 2
    about_first, about_second = [(await outside.press(user, asked, button)).replies[0] for button in buttons]
    for question, name in ((about_first, "Aziz"), (about_second, "Bahrom"), (about_first, "Aziz")):
        (report,) = (await outside.press(user, question, "report:week")).replies
        assert name in (report.get("text_plain") or "")


def _buttons(message: Any) -> list[str]:
    return [button["callback_data"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


def _handles(message: Any) -> list[str]:
    """The buttons without the report's id."""
    return [data.rpartition(":")[0] for data in _buttons(message)]


async def test_under_a_report_stand_the_other_period_and_the_other_child(outside: Outside, bot: Container) -> None:
    """parents E"""
    user = await subscribed_parent(outside, "Aziz")
    other = await outside.child("Bahrom")
    await outside.start(user, other.link_code)
    (asked,) = await outside.say(user, "/report")
    first = next(button for button in _buttons(asked) if button != f"child:{other.student_id}").partition(":")[2]
    question = (await outside.press(user, asked, f"child:{first}")).replies[0]
    (week,) = (await outside.press(user, question, "report:week")).replies
    asked_of = ["report:why", "report:tonight", "report:done"]
    assert _handles(week) == [*asked_of, "report:month", f"child:{other.student_id}"]
    (sibling,) = (await outside.press(user, week, _buttons(week)[-1])).replies
    assert "Bahrom" in plain([sibling])
    assert _handles(sibling) == [*asked_of, "report:month", f"child:{first}"]
    (month,) = (await outside.press(user, week, _buttons(week)[3])).replies
    assert "Aziz" in plain([month])
    assert _handles(month)[3:5] == ["report:pdf", "report:week"]
    (old,) = (await outside.press(user, week, f"report:month:{first}")).replies
    assert "Aziz" in plain([old]), "a button of the release before has the child's own id"
    (forged,) = (await outside.press(user, sibling, "report:month")).replies
    assert "Bahrom" in plain([forged]), "without an id: whose report it stands under"
    for gone in ("report:month:424242", "report:why:424242", f"child:{first}:424242"):
        assert (await outside.press(user, week, gone)).callback_text == t("en", "fallback-button")


async def test_why_tonight_and_done_are_asked_under_a_report(outside: Outside, bot: Container) -> None:
    """parents G 7"""
    user = await subscribed_parent(outside, "Aziz")
    (asked,) = await outside.say(user, "/report")
    (week,) = (await outside.press(user, asked, "report:week")).replies
    why, tonight, done = _buttons(week)[:3]
    (reason,) = (await outside.press(user, week, why)).replies
    assert "Aziz" in plain([reason])
    (plan,) = (await outside.press(user, week, tonight)).replies
    assert plain([plan]).count("minutes —") == 3
    assert _buttons(plan) == [done]
    answers = [(await outside.press(user, message, done)).replies for message in (plan, week)]
    assert [plain(said) for said in answers] == [t("en", "done-saved"), t("en", "done-known")]


async def test_what_is_asked_under_somebody_elses_report_is_not_answered(outside: Outside, bot: Container) -> None:
    user, stranger = await subscribed_parent(outside, "Aziz"), await subscribed_parent(outside, "Bahrom")
    (asked,) = await outside.say(user, "/report")
    (week,) = (await outside.press(user, asked, "report:week")).replies
    (message,) = await outside.say(stranger, "/help")
    for data in _buttons(week)[:3]:
        pressed = await outside.press(stranger, message, data)
        assert (pressed.callback_text, pressed.replies) == (t("en", "fallback-button"), [])


async def test_a_made_up_button_is_answered_over_the_chat(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    (message,) = await outside.say(user, "/help")
    largest, too_large = 2**63 - 1, 2**63
    unknown = (f"child:{largest}", f"unlink:{largest}", f"unlink:{largest}:undo", "invite:yes:2147483647")
    malformed = (
        "report:year",
        "tariff:free",
        ":",
        f"child:{too_large}",
        f"invite:yes:{largest}",
        "child:١٢",
        "unlink:1:undo:undo",
        "lang:",
    )
    for data in ("child:987654321", *unknown, *malformed):
        answer = await outside.press(user, message, data)
        assert answer.callback_text == t("en", "fallback-button")


async def test_the_platform_down_costs_one_kind_sentence(outside: Outside, settings: BotSettings) -> None:
    async with running(settings):
        user = await subscribed_parent(outside)
    nowhere = settings.model_copy(
        update={"platform_db_url": type(settings.platform_db_url)("postgresql://a:b@127.0.0.1:1/x")}
    )
    async with running(nowhere):
        assert plain(await outside.say(user, "/report")) == t("en", "error-unavailable")
        assert plain(await outside.say(user, "/help")) == t("en", "help-text")


@pytest.mark.parametrize("withdrawn", [False, True])
async def test_an_answer_left_behind_is_delivered_while_the_right_to_it_stands(
    outside: Outside, bot: Container, withdrawn: bool
) -> None:
    """durability 8: whoever takes it over asks once more whether the parent may see the child it was made from."""
    user, child = await outside.user(), await outside.child("Aziz")
    await outside.register(user, child.link_code)
    if withdrawn:
        await child.set_visible(can_view=False)
    async with mentorium_db.get_session() as session:
        await session.execute(
            text("""
                INSERT INTO dialogs (parent_telegram_id, user_message, ai_reply, status, language, created_at,
                    answered_at, owner, lease_until, tries, platform_student_ids)
                VALUES (:user, 'How?', 'Aziz reads.', 'written', 'en', now(),
                    now(), 'dead:1:1', now(), 1, ARRAY[:child]::bigint[])
                """),
            {"user": user, "child": child.student_id},
        )

    async def is_over() -> bool:
        return [status for status, _ in await dialog_rows(user)] == ["failed" if withdrawn else "answered"]

    await until(is_over)
    said = (await chat_of(outside, user)).messages[-1]["text_plain"]
    assert said == (t("en", "dialog-left-unanswered") if withdrawn else "Aziz reads.")
