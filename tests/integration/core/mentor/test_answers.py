"""A talk with the mentor over real HTTP: tools, names, history, and what is stored of it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_ai_client import MentoriumAIClient, RetryPolicy
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.queries import GetFamilyAccess
from mentorium_core.identity.commands import link_children
from mentorium_core.identity.model import RegistrationResult
from mentorium_core.identity.unlinking import unlink_child
from mentorium_core.mentor.answer_question import AnswerQuestion
from mentorium_core.mentor.commands import (
    begin_answer,
    fail_abandoned,
    fail_question,
    forget_conversation,
    keep_claims,
    record_begun,
    record_part,
    record_stop,
    release_claims,
    release_predecessors,
    store_question,
    take_abandoned,
)
from mentorium_core.mentor.crisis.model import CrisisNoticedError
from mentorium_core.mentor.model import AnswerPiece, Done, MentorEvent, Question, QuestionLostError, Reset
from mentorium_core.mentor.rules import question_key
from mentorium_core.progress.queries import ReadFacts
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from mentorium_kit.errors import AccessDeniedError
from sandbox_tests.openai.stand_in import KEY, OpenAIStandIn, running_stand_in
from tests.fixtures.journal import persons_in
from tests.integration.core.household import Household, claim_of, register
from tests.integration.core.mentor.week import curriculum, week_of_study

DILNOZA = 200_000_001
PERSONS = ("Aziza Karimova", "Jasur Karimov", "Dilnoza Karimova", "Onajon")
OWNER = f"{socket.gethostname()}:1:1"
PRIVATE = re.compile(r"aziza|jasur|жасур|karim|dilnoza|азиз|каримов|onajon|99890|200000001|@mail", re.IGNORECASE)


@dataclass
class Talk:
    """Dilnoza, mother of Aziza and Jasur, talks with the mentor."""

    household: Household
    openai: OpenAIStandIn
    registered: RegistrationResult
    mentor: AnswerQuestion
    updates: int = 0

    async def ask(self, question: str) -> Question:
        self.updates += 1
        key = question_key(1, self.updates, clock.now())
        stored = await store_question(self.registered.parent, question, key, clock.now(), owner=OWNER)
        assert stored is not None
        return stored

    async def events(self, question: Question) -> list[MentorEvent]:
        return [event async for event in await self.begin(question)]

    async def begin(self, question: Question) -> AsyncGenerator[MentorEvent, None]:
        """The answer, begun with the rights that stand now."""
        parent = self.registered.parent
        return self.mentor.answer(question, parent, await GetFamilyAccess()(parent), also_known_as=("Onajon",))

    async def say(self, question: str) -> str:
        asked = await self.ask(question)
        events = await self.events(asked)
        assert isinstance(events[-1], Done)
        assert await record_part(asked, 1, last=True)
        assert shown(events) == events[-1].text, "what is seen being written is what is stored"
        return unlabelled(events[-1].text)

    async def requests(self) -> list[dict[str, Any]]:
        return [request["body"] for request in await self.openai.requests()]


def unlabelled(answer: str) -> str:
    """A model's words without the label below them."""
    return (
        answer.removesuffix("\n\n🤖 Written by AI")
        .removesuffix("\n\n🤖 Ответ написал ИИ")
        .removesuffix("\n\n🤖 Javobni AI yozdi")
    )


def shown(events: Sequence[MentorEvent]) -> str:
    seen = ""
    for event in events:
        match event:
            case AnswerPiece(piece):
                seen += piece
            case Reset():
                seen = ""
    return seen.strip()


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


@pytest.fixture
async def talk(household: Household) -> AsyncIterator[Talk]:
    guardian = await household.guardian("Dilnoza Karimova")
    aziza, jasur = await household.child("Aziza Karimova", guardian), await household.child("Jasur Karimov", guardian)
    async with household.school() as school:
        await curriculum(school)
        await week_of_study(school, aziza)
        await week_of_study(school, jasur)
    registered = await register(DILNOZA, guardian)
    await GrantSubscription()(DILNOZA, Tariff.MONTHLY, "a gift", "operator", request_key=uuid4().hex)
    async with running_stand_in() as openai:
        retries = RetryPolicy(attempts=3, first_wait_s=0.01, longest_wait_s=0.02)
        client = MentoriumAIClient(KEY, base_url=openai.base_url, retries=retries)
        yield Talk(household, openai, registered, AnswerQuestion(client, ReadFacts(), b"secret of the tests"))
        await client.aclose()
        assert persons_in(await openai.requests(), PERSONS, [DILNOZA]) == set()


@pytest.mark.parametrize(
    ("question", "follow_up", "figure"),
    [
        ("Oʻtgan hafta Azizaning oʻqishi qanday oʻtdi?", "Testlar-chi?", "17"),
        ("Как прошла учёба Азизы на прошлой неделе?", "А что с тестами?", "17"),
        ("How did Aziza's studying go last week?", "And what about the tests?", "17"),
    ],
)
async def test_an_answer_and_a_follow_up_in_each_language(
    talk: Talk, question: str, follow_up: str, figure: str
) -> None:
    answer = await talk.say(question)
    assert "Aziza" in answer
    assert "Jasur" not in answer
    assert re.search(r"\b2\b.*15", answer.replace("\u00a0", " ")), "two hours and fifteen minutes"
    assert figure in await talk.say(follow_up)
    assert not PRIVATE.search(json.dumps(await talk.requests(), ensure_ascii=False))
    stored = await rows("SELECT status, ai_reply, tokens_used, model FROM dialogs ORDER BY id")
    assert [row[0] for row in stored] == ["answered", "answered"]
    assert unlabelled(stored[0][1]) == answer
    assert stored[0][1] != answer, "it says that a model wrote it"
    assert all(tokens > 0 and model for *_, tokens, model in stored)


async def test_nothing_private_leaves_the_house(talk: Talk) -> None:
    await talk.say("Men Dilnoza (Onajon), tel +998 90 111-22-33, ona@mail.uz, id 200000001. Азизой довольны? Каримов")
    await talk.say("Azizaga nima deyish kerak? Jasurjonning testlari qanday?")
    sent = json.dumps(await talk.requests(), ensure_ascii=False)
    assert not PRIVATE.search(sent)
    assert "⟦C1⟧ga" in sent
    assert "⟦N1⟧" in sent


async def test_names_of_children_no_longer_viewable_stay_secret_in_the_history(talk: Talk) -> None:
    await talk.say("How did Jasur's studying go last week?")
    async with talk.household.school() as school:
        await school.execute(
            "UPDATE platform.guardian_student SET can_view_progress = false WHERE student_id = $1",
            talk.registered.children[1].student_id,
        )
    await talk.say("And the tests?")
    assert not PRIVATE.search(json.dumps(await talk.requests(), ensure_ascii=False))


async def test_a_child_who_was_unlinked_stays_a_secret_while_a_dialog_knows_the_name(talk: Talk) -> None:
    """parents A5: the question and old answers with the child's results went out raw."""
    await talk.say("How did Jasur's studying go last week?")
    await unlink_child(talk.registered.parent, talk.registered.children[1].student_id)
    unknown = await talk.say("Jasur qanday oʻqiyapti? Жасурик-чи, #JasurKarimov?")
    assert "Aziza" in unknown, "asked whether she is meant"
    assert not any(character.isdigit() for character in unknown), "nobody's figures under a name that was unlinked"
    async with mentorium_db.get_session() as session:
        await session.execute(text("DELETE FROM unlink_records"))
    await talk.openai.script(text="Про ⟦P2⟧ мне ничего не известно.", times=1)
    assert await talk.say("Жасуру 12 лет, др 5 мая. Как Jasurbek?") == "Про Жасур мне ничего не известно."
    sent = json.dumps(await talk.requests(), ensure_ascii=False)
    assert not PRIVATE.search(sent)
    assert "5 мая" not in sent
    last = [message["content"] for message in (await talk.requests())[-1]["messages"] if message["role"] != "system"]
    assert len(last) == 3, "what was told of the child left the history, the question after it did not"
    [(kept,)] = await rows("SELECT count(DISTINCT known_names) FROM dialogs WHERE known_names IS NOT NULL")
    assert kept == 2, "each dialog keeps the names that were known with it"


async def test_the_model_is_offered_reading_tools_over_tokens(talk: Talk) -> None:
    await talk.say("How did studying go last week?")
    offered = (await talk.requests())[0]["tools"]
    assert [tool["function"]["name"] for tool in offered] == [
        "get_progress",
        "get_topics",
        "get_tests",
        "get_next_steps",
        "get_advice",
        "get_comments",
        "explain_topic",
    ]
    assert offered[0]["function"]["parameters"]["properties"]["child"]["enum"] == ["C1", "C2"]


async def test_the_history_is_ten_messages_and_new_forgets_it(talk: Talk) -> None:
    for number in range(7):
        await talk.openai.script(text=f"Answer {number}.")
        await talk.say(f"Remember pomegranate{number}")
    said = [m for m in (await talk.requests())[-1]["messages"] if m["role"] in ("user", "assistant")]
    assert len(said) == 10 or len(said) == 9, "ten messages, none of them half a pair"
    assert said[-1]["content"] == "Remember pomegranate6"
    assert "pomegranate0" not in json.dumps(said)
    assert await forget_conversation(talk.registered.parent) == 7
    await talk.say("How did studying go last week?")
    assert "pomegranate" not in json.dumps((await talk.requests())[-1])


async def test_a_question_of_ten_thousand_characters_fits(talk: Talk) -> None:
    await talk.openai.script(text="Long, but understood.", times=1)
    assert await talk.say("so'z " * 2000) == "Long, but understood."


async def test_an_update_that_comes_twice_is_one_question(talk: Talk) -> None:
    """durability 26: the same number of another bot, or drawn anew after a week, is another question."""
    parent = talk.registered.parent
    now = clock.now()
    for key in (question_key(1, 77, now), question_key(2, 77, now), question_key(1, 77, now - timedelta(days=8))):
        assert await store_question(parent, "Salom", key, now, owner=OWNER) is not None
        assert await store_question(parent, "Salom", key, now, owner=OWNER) is None
    assert await rows("SELECT count(*) FROM dialogs") == [(3,)], "another bot's, or one drawn anew, is another question"


async def test_a_stream_that_breaks_off_begins_again(talk: Talk) -> None:
    await talk.openai.script(text="Half of it. And no more", cut_after=4, times=1)
    await talk.openai.script(text="The whole answer about ⟦C1⟧.", times=1)
    events = await talk.events(await talk.ask("Hello there"))
    assert Reset() in events
    assert unlabelled(shown(events)) == "The whole answer about Aziza."
    assert events[-1] == Done(shown(events))


async def test_words_before_a_tool_call_are_taken_back(talk: Talk) -> None:
    call = {"name": "get_topics", "arguments": {"child": "C1"}}
    await talk.openai.script(tool_calls=[call], times=1)
    await talk.openai.script(text="Done with ⟦C1⟧", times=1)
    assert await talk.say("Hello there") == "Done with Aziza"


async def test_after_four_rounds_there_is_an_answer_from_the_data(talk: Talk) -> None:
    await talk.openai.script(tool_calls=[{"name": "get_topics", "arguments": {"child": "C1"}}], times=9)
    assert "Aziza" in await talk.say("Hello there")
    requests = await talk.requests()
    assert len(requests) == 4
    assert [bool(request.get("tools")) for request in requests] == [True, True, True, False]


async def test_links_and_unknown_tokens_do_not_reach_the_parent(talk: Talk) -> None:
    await talk.openai.script(text="Look at https://evil.example/x and @evil, ⟦C9⟧ did well", times=1)
    assert await talk.say("Hello there") == "Look at  and , your child did well"


async def test_a_stopped_answer_keeps_what_was_shown(talk: Talk) -> None:
    await talk.openai.script(text="One two three four five", times=1)
    question = await talk.ask("Hello there")
    async with aclosing(await talk.begin(question)) as events:
        async for event in events:
            assert isinstance(event, AnswerPiece)
            seen = event.text
            break
    assert await rows("SELECT status FROM dialogs") == [("answering",)], "only the parent stops an answer"
    await record_stop(question, seen)
    await record_stop(question, "and again")
    assert await rows("SELECT status, ai_reply, owner FROM dialogs") == [("stopped", seen, None)]


async def test_without_a_covered_child_no_model_is_asked(talk: Talk) -> None:
    other = await talk.household.guardian("Rustam Karimov")
    await talk.household.child("Zuhra Karimova", other)
    rustam = await register(200_000_002, other)
    question = await store_question(rustam.parent, "Salom", None, clock.now(), owner=OWNER)
    assert question is not None
    with pytest.raises(AccessDeniedError):
        async for _ in talk.mentor.answer(question, rustam.parent, await GetFamilyAccess()(rustam.parent)):
            pass
    assert await talk.requests() == []


async def test_a_child_beyond_the_third_is_not_told_about(talk: Talk) -> None:
    aunt = await talk.household.guardian("Dilnoza Karimova")
    for name in ("Madina Karimova", "Nodira Karimova"):
        await talk.household.child(name, aunt)
    await link_children(DILNOZA, await claim_of(aunt))
    await talk.say("How did Nodira's studying go last week?")
    enum = (await talk.requests())[0]["tools"][0]["function"]["parameters"]["properties"]["child"]["enum"]
    assert enum == ["C1", "C2", "C3"]
    assert not re.search("nodira|madina", json.dumps(await talk.requests()), re.IGNORECASE)


async def test_what_a_dead_process_left_is_taken_by_whoever_lives(talk: Talk) -> None:
    """durability 6, 10, 12: a live owner's questions are nobody else's; written ones keep their answer; tries count."""
    left = await talk.ask("How did studying go last week?")
    written = await talk.ask("Hello there")
    await talk.events(written)
    assert await take_abandoned("elsewhere:1:2") == (), "their owner lives"
    assert (
        await release_predecessors(f"{socket.gethostname()}:1:2") == 2
    ), "whoever comes up at its place knows that it is dead"
    taken = await take_abandoned("elsewhere:1:2")
    assert [(one.question.dialog_id, one.telegram_id, one.tries) for one in taken] == [
        (left.dialog_id, DILNOZA, 2),
        (written.dialog_id, DILNOZA, 2),
    ]
    assert (taken[0].reply is None, bool(taken[1].reply)) == (True, True)
    assert await take_abandoned("third:1:3") == ()
    assert not await record_part(written, 1, last=True), "who lost the claim changes nothing"
    await fail_question(left)
    with pytest.raises(QuestionLostError):
        await begin_answer(left)
    assert await record_part(taken[1].question, 1, last=True)
    await fail_abandoned(taken[0])
    assert await rows("SELECT status FROM dialogs ORDER BY id") == [("failed",), ("answered",)]


async def test_an_answer_is_in_doubt_from_when_a_part_is_begun_until_it_is_known(talk: Talk) -> None:
    async def found() -> tuple[int, bool]:
        await release_claims(OWNER)
        (left,) = await take_abandoned(OWNER)
        return left.parts_delivered, left.in_doubt

    question = await talk.ask("Hello there")
    assert await found() == (0, False), "nothing is written"
    await talk.events(question)
    assert await found() == (0, True), "it goes out as soon as it is written"
    assert await record_begun(question, 0)
    assert await found() == (0, False), "Telegram has certainly not taken it"
    assert await record_begun(question, 1)
    assert await record_part(question, 1, last=False)
    assert await found() == (1, True)
    await release_claims(OWNER)
    await take_abandoned("elsewhere:1:2")
    assert not await record_begun(question, 2), "who lost the claim sends nothing more"


async def test_a_question_let_go_of_is_free_at_once_and_its_try_does_not_count(talk: Talk) -> None:
    question = await talk.ask("How did studying go last week?")
    await keep_claims(OWNER, [question.dialog_id])
    await release_claims(OWNER)
    (taken,) = await take_abandoned("elsewhere:1:2")
    assert taken.tries == 1


async def test_names_are_hidden_once_a_text_and_anew_by_other_rules(talk: Talk) -> None:
    """durability 2: the last ten texts were searched again for each question."""
    await talk.say("Azizaga ona@mail.uz orqali yozing")
    [(kept, version)] = await rows("SELECT hidden, hidden_by FROM dialogs")
    assert kept["question"] == "⟦C1⟧ga ⟦E1⟧ orqali yozing"
    assert kept["contacts"] == {"E1": "ona@mail.uz"}
    await _overwrite("hidden = jsonb_set(hidden, '{question}', '\"kept ⟦E1⟧\"')")
    await talk.say("ota@mail.uz ham bor")
    assert _said(await talk.requests())[0] == "kept ⟦E1⟧", "as it was kept, not as it would be hidden now"
    await _overwrite("hidden_by = '0:of older rules'")
    await talk.say("Rahmat")
    assert _said(await talk.requests())[0] == "⟦C1⟧ga ⟦E1⟧ orqali yozing"
    assert await rows("SELECT DISTINCT hidden_by FROM dialogs") == [(version,)]


async def _overwrite(columns: str) -> None:
    async with mentorium_db.get_session() as session:
        await session.execute(text(f"UPDATE dialogs SET {columns} WHERE id = (SELECT min(id) FROM dialogs)"))


def _said(requests: Sequence[dict[str, Any]]) -> list[str]:
    return [message["content"] for message in requests[-1]["messages"] if message["role"] == "user"]


async def test_words_of_despair_reach_no_model_whatever_way_they_came(talk: Talk) -> None:
    """parents A6: spoken, or left behind by a process that died."""
    for words in ("Qizim yashashni xohlamayapti", "Дочь говорит, что не хочет жить", "I want to die"):
        with pytest.raises(CrisisNoticedError):
            await talk.events(await talk.ask(words))
    assert await talk.requests() == []
