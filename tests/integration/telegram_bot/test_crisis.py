"""Who writes of despair gets a fixed answer and no model; an event has no words, and the staff hears (parents A6)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import pytest_asyncio
from sqlalchemy import text

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_bot.services.crisis_answers import CrisisAnswers
from mentorium_core.i18n import t
from mentorium_core.mentor.crisis.model import CrisisSign, HelpLines
from mentorium_domain.enums import CrisisKind, CrisisSource, Language, Severity
from mentorium_gateways.telegram import ChatClosedError
from mentorium_kit.nursery import Nursery
from mentorium_observability import EventLogService
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import Outside, running, working
from tests.integration.telegram_bot.helpers import chat_of, dialog_rows, plain, settled, subscribed_parent, until

LINE: Final = "+998 71 000 00 00"
DESPAIR: Final = "My daughter told me today that she does not want to live"


@pytest_asyncio.fixture
async def bot(settings: BotSettings) -> AsyncIterator[Container]:
    lines = f"Trust line {LINE}; 103"
    async with running(settings.model_copy(update={"crisis_help_lines": lines})) as container:
        yield container


async def events() -> list[tuple[str, int | None, Any, str]]:
    async with mentorium_db.get_session() as session:
        found = await session.execute(
            text(
                "SELECT event_name, user_telegram_id, metadata, severity FROM event_logs"
                " WHERE event_name LIKE 'crisis%' ORDER BY id"
            )
        )
        return [tuple(row) for row in found]


def asked_of_the_model(outside: Outside) -> list[str]:
    return [request["path"] for request in outside.openai.requests()]


async def test_words_of_despair_get_the_fixed_answer_without_a_request_to_anybody(
    outside: Outside, bot: Container
) -> None:
    user = await subscribed_parent(outside)
    (answer,) = await outside.say(user, DESPAIR)
    assert t("en", "crisis-child_despair") in answer["text_plain"]
    assert f"Trust line {LINE}\n103" in answer["text_plain"]
    assert asked_of_the_model(outside) == []
    assert await dialog_rows(user) == [], "the words are kept nowhere"
    ((name, of, details, severity),) = await events()
    assert (name, of, severity) == ("crisis_child_despair", user, "CRITICAL")
    assert details == {"source": "lexicon", "language": "en"}


async def test_nobody_has_to_pay_or_be_registered_for_it(outside: Outside, bot: Container) -> None:
    stranger = await outside.user()
    assert LINE in plain(await outside.say(stranger, "I want to die"))
    assert await events() == [], "a stranger has agreed to nothing"
    parent = await outside.user("ru")
    await outside.register(parent, (await outside.child("Aziz")).link_code)
    answer = plain(await outside.say(parent, "Я не хочу жить"))
    assert t("ru", "crisis-own_despair") in answer
    assert [name for name, *_ in await events()] == ["crisis_own_despair"]


async def test_it_is_answered_in_the_middle_of_something_else(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    await outside.say(user, "/paysupport")
    assert LINE in plain(await outside.say(user, "Yashashni xohlamayman"))


async def test_what_moderation_flags_gets_the_fixed_answer_without_the_model(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    await outside.sandbox.script_model(moderation={"flagged": True, "categories": {"self-harm": True}}, match="dark")
    words = "Everything is dark for us since the exam"
    answer = plain(await outside.say(user, words))
    assert t("en", "crisis-despair") in answer
    assert LINE in answer
    await until(lambda: settled(user))
    assert asked_of_the_model(outside) == ["/openai/v1/moderations"]
    assert [(name, details["source"]) for name, _, details, _ in await events()] == [("crisis_despair", "moderation")]
    assert [status for status, _ in await dialog_rows(user)] == ["failed"]
    assert "Aziz" in plain(await outside.say(user, "How did studying go last week?"))
    assert words not in str([one["body"] for one in outside.openai.requests() if "messages" in one["body"]])


@pytest.mark.parametrize("kind", ["status_500", "status_429", "corrupt_chunk"])
async def test_without_a_judgement_the_question_is_answered(outside: Outside, bot: Container, kind: str) -> None:
    user = await subscribed_parent(outside)
    outside.faults.add("openai", kind, match="moderations")
    assert "Aziz" in plain(await outside.say(user, "How did studying go last week?"))
    assert await events() == []


async def test_moderation_may_be_off(outside: Outside, settings: BotSettings) -> None:
    async with running(settings.model_copy(update={"bot_moderation_model": "off"})):
        user = await subscribed_parent(outside)
        assert "Aziz" in plain(await outside.say(user, "How did studying go last week?"))
        assert "/openai/v1/moderations" not in asked_of_the_model(outside)


async def test_the_staff_hears_of_it_with_the_number_and_no_words(outside: Outside, settings: BotSettings) -> None:
    staff = await outside.user()
    with_staff = settings.model_copy(update={"staff_chat_id": staff, "crisis_help_lines": LINE})
    async with running(with_staff), working(with_staff):
        await outside.start(staff)
        user = await subscribed_parent(outside)
        assert t("en", "crisis-staff") in plain(await outside.say(user, DESPAIR))

        async def is_told() -> bool:
            return str(user) in plain((await chat_of(outside, staff)).messages)

        await until(is_told)
        told = plain((await chat_of(outside, staff)).messages)
        assert f"tg://user?id={user}" in told
        assert "daughter" not in told
        assert "live" not in told


async def test_the_staff_hears_of_what_was_set_aside_when_the_worker_looks(
    outside: Outside, settings: BotSettings
) -> None:
    """durability, operators: what nobody takes any more, and money that does not add up, reach a person."""
    staff = await outside.user()
    with_staff = settings.model_copy(update={"staff_chat_id": staff})
    async with running(with_staff):
        await outside.start(staff)
        await EventLogService.log_system(
            "update_set_aside", severity=Severity.CRITICAL, update_id=4711, reason="killed"
        )
        await EventLogService.log_system("stars_disagree", severity=Severity.CRITICAL, booked=2)
        async with working(with_staff):

            async def is_told() -> bool:
                return "booked=2" in plain((await chat_of(outside, staff)).messages)

            await until(is_told)
    told = plain((await chat_of(outside, staff)).messages)
    assert "update_id=4711" in told


async def test_a_database_that_is_away_costs_the_parent_nothing_and_the_event_comes_later(bot_dsn: str) -> None:
    said: list[str] = []

    async def say(words: str) -> None:
        said.append(words)

    nursery = Nursery(lambda _, error: said.append(repr(error)))
    answers = CrisisAnswers(HelpLines((LINE,), "a@b.uz", staff_hears=False), nursery)
    mentorium_db.configure("postgresql://u:p@127.0.0.1:1/nowhere")
    sign = CrisisSign(CrisisKind.OWN_DESPAIR, CrisisSource.LEXICON)
    await answers.answer(sign, Language.EN, say, 100_000_009)
    assert len(nursery) == 1
    await mentorium_db.dispose()
    mentorium_db.configure(bot_dsn)
    await nursery.drain(HANGS_AFTER_S)
    assert [LINE in words for words in said] == [True], "said once, and nothing failed"
    assert [(name, of) for name, of, *_ in await events()] == [("crisis_own_despair", 100_000_009)]
    await mentorium_db.dispose()


async def test_the_staff_hears_of_whom_the_answer_does_not_reach(bot_dsn: str) -> None:
    async def say(_: str) -> None:
        raise ChatClosedError("telegram_chat_closed")

    mentorium_db.configure(bot_dsn)
    answers = CrisisAnswers(HelpLines((LINE,), "a@b.uz", staff_hears=True), Nursery(lambda *_: None))
    with pytest.raises(ChatClosedError):
        await answers.answer(CrisisSign(CrisisKind.OWN_DESPAIR, CrisisSource.LEXICON), Language.EN, say, 100_000_010)
    assert [(name, of) for name, of, *_ in await events()] == [("crisis_own_despair", 100_000_010)]
    await mentorium_db.dispose()
