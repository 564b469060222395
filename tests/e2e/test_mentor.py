"""A talk with the mentor: its figures are the child's, in the parent's language, and it is seen being written."""

from __future__ import annotations

import asyncio
import re

import pytest

from mentorium_sandbox.client import FakeParent, plain_text
from mentorium_sandbox.settings import STAFF_ID
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import believable_week

QUESTIONS = {
    "uz": ("Oʻtgan hafta oʻqish qanday oʻtdi?", "Testlar-chi?"),
    "ru": ("Как прошла учёба на прошлой неделе?", "А что с тестами?"),
    "en": ("How did studying go last week?", "And what about the tests?"),
}
PATIENCE_S = 60.0
SCRIPT = {"uz": re.compile(r"[a-zʻʼ]{4,}"), "ru": re.compile(r"[а-яё]{4,}"), "en": re.compile(r"[a-z]{4,}")}


@pytest.mark.parametrize("language", sorted(QUESTIONS))
async def test_a_conversation_with_a_follow_up(sandbox: Sandbox, language: str) -> None:
    child = await sandbox.child("Zuhra", "Qodirova")
    await believable_week(sandbox, child)
    parent = await sandbox.parent(language)
    await parent.register(child)
    before = await sandbox.last_bot_call()
    first, second = QUESTIONS[language]

    answer = plain_text(await parent.say(first)).replace("\u00a0", " ")
    assert "Zuhra" in answer
    assert "⟦" not in answer
    assert SCRIPT[language].search(answer)
    assert re.search(r"\b2\b", answer), "two hours, two lessons"
    assert re.search(r"\b3\b", answer), "on three days"
    drafts = await sandbox.bot_calls("sendMessageDraft", after=before)
    texts = [call["params"].get("text", "") for call in drafts]
    assert len(set(texts)) >= 3, "the answer is seen being written"

    follow_up = plain_text(await parent.say(second)).replace("\u00a0", " ")
    assert "18" in follow_up
    assert "9" in follow_up

    rows = await sandbox.rows(
        "SELECT status, ai_reply, tokens_used, model FROM dialogs WHERE parent_telegram_id = $1 ORDER BY id", parent.id
    )
    assert [row["status"] for row in rows] == ["answered", "answered"]
    assert all(row["tokens_used"] > 0 and row["model"] for row in rows)


async def test_what_parents_ask_most_has_an_answer_of_its_own(sandbox: Sandbox) -> None:
    """parents A3, A21, C: Uzbek in both alphabets; a result, the teacher, the price, somebody else's child"""
    child = await sandbox.child("Nigora", "Qodirova")
    await believable_week(sandbox, child)
    await child.did("comment", body="Javoblar shoshilib yozilgan.")
    parent = await sandbox.parent("uz")
    await parent.register(child)

    async def answer(question: str) -> str:
        said = plain_text(await parent.say(question)).replace("\u00a0", " ")
        assert not re.search("[а-яё]", said), "answered in Latin letters"
        return said

    why = await answer("Нега Нигора 45 фоиз олди?")
    assert "Faktlar" in why
    assert "45%" in why
    assert "shoshilib" in await answer("Ustoz nima dedi?")
    assert "99 000 soʻm" in await answer("Obuna qancha turadi?")
    unknown = await answer("Timur qanday oʻqiyapti?")
    assert "Nigora" in unknown
    assert not re.search(r"\d", unknown), "nobody's figures under that name"


async def test_a_question_is_spoken_after_a_consent_of_its_own(sandbox: Sandbox) -> None:
    """As `make demo` has it: the sandbox stands in for the service that writes down what is said."""
    child = await sandbox.child("Zuhra", "Qodirova")
    await believable_week(sandbox, child)
    parent = await sandbox.parent("uz")
    await parent.register(child)
    question = "Zuhra oʻtgan hafta qanday oʻqidi?"
    assert "/settings" in plain_text(await parent.speak(question)), "it is told what is agreed to"
    answered = plain_text((await parent.press("consent:voice")).replies).replace("\u00a0", " ")
    assert question in answered, "what was heard is shown"
    assert re.search(r"\b2\b", answered.replace(question, "")), "two hours, two lessons"
    rows = await sandbox.rows("SELECT user_message FROM dialogs WHERE parent_telegram_id = $1", parent.id)
    assert [row["user_message"] for row in rows] == [question]


async def test_new_forgets_the_conversation(sandbox: Sandbox) -> None:
    child = await sandbox.child("Fotima", "Qodirova")
    parent = await sandbox.parent("en")
    await parent.register(child)
    await parent.say("Please remember the word pomegranate.")
    assert plain_text(await parent.say("/new"))
    seen = len(await sandbox.model_requests())
    await parent.say("How did studying go last week?")
    later = (await sandbox.model_requests())[seen:]
    assert later
    assert not any("pomegranate" in str(request["body"]) for request in later)


async def test_without_a_subscription_one_sentence_and_the_tariffs(sandbox: Sandbox) -> None:
    child = await sandbox.child("Bobur", "Mirzayev")
    parent = await sandbox.parent("en")
    await parent.start(child.link_code)
    await parent.press("lang:en")
    await parent.press("consent:yes")
    seen = len(await sandbox.model_requests())
    replies = await parent.say("How did studying go last week?")
    offered = str([message.get("reply_markup") for message in replies])
    assert all(f"tariff:{tariff}" in offered for tariff in ("monthly", "quarterly", "annual"))
    assert len(await sandbox.model_requests()) == seen, "no model is asked"


async def test_two_questions_at_once_are_both_answered_in_order(sandbox: Sandbox) -> None:
    child = await sandbox.child("Hasan", "Qodirov")
    parent = await sandbox.parent("en")
    await parent.register(child)
    await asyncio.gather(parent.say("How did studying go last week?"), parent.say("And what about the tests?"))
    while await sandbox.rows("SELECT 1 FROM dialogs WHERE parent_telegram_id = $1 AND status = 'pending'", parent.id):
        await asyncio.sleep(0.1)
    rows = await sandbox.rows("SELECT status FROM dialogs WHERE parent_telegram_id = $1", parent.id)
    assert [row["status"] for row in rows] == ["answered", "answered"]


async def test_who_writes_of_despair_gets_a_number_to_call_and_no_model(sandbox: Sandbox) -> None:
    """parents A6: in the whole product, with the staff's chat at its end."""
    parent = await sandbox.parent("ru")
    await parent.register(await sandbox.child("Zuhra", "Qodirova"))
    seen = len(await sandbox.model_requests())
    answer = plain_text(await parent.say("Дочь говорит, что не хочет жить"))
    assert re.search(r"\+998\d", answer)
    assert "Zuhra" not in answer
    assert len(await sandbox.model_requests()) == seen
    rows = await sandbox.rows(
        "SELECT event_name, metadata::text AS said FROM event_logs WHERE user_telegram_id = $1"
        " AND event_name LIKE 'crisis%'",
        parent.id,
    )
    assert [row["event_name"] for row in rows] == ["crisis_child_despair"]
    assert "жить" not in rows[0]["said"]
    staff = FakeParent(sandbox, STAFF_ID, "uz")
    async with asyncio.timeout(PATIENCE_S):
        while str(parent.id) not in (told := plain_text(await staff.messages())):
            await asyncio.sleep(0.1)
    assert "жить" not in told
