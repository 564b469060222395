"""A question that is spoken: nothing leaves Telegram without its own consent; then it is answered as if written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_core.i18n import t
from mentorium_core.identity.model import VOICE_CONSENT_TEXT_KEY, VOICE_CONSENT_VERSION
from mentorium_core.mentor.spoken import LONGEST_VOICE_S
from mentorium_sandbox.client import callback_buttons
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import dialog_rows, plain, subscribed_parent
from tests.integration.telegram_bot.test_edges import delivered, written

QUESTION = "How did the week of Aziz go?"
CONSENT = t("en", VOICE_CONSENT_TEXT_KEY)


@pytest.fixture
def hearing(settings: BotSettings) -> BotSettings:
    """The same settings with a model that writes down what is said."""
    return settings.model_copy(update={"transcription_model": "gpt-transcribe"})


async def speak(outside: Outside, user: int, words: str = QUESTION, sound: bytes | None = None) -> list[Any]:
    return await outside.parent(user).speak(words, sound=sound)


async def agree(outside: Outside, user: int) -> None:
    """By the settings."""
    parent = outside.parent(user)
    await parent.say("/settings")
    await parent.press("spoken:show")
    await parent.press("consent:voice")


async def agreed(outside: Outside) -> int:
    user = await subscribed_parent(outside)
    await agree(outside, user)
    return user


def heard(words: str) -> str:
    return t("en", "spoken-heard", words=words)


def transcriptions(outside: Outside) -> list[Any]:
    return [one for one in outside.openai.requests() if one["path"].endswith("/audio/transcriptions")]


async def consents(user: int) -> list[tuple[Any, ...]]:
    async with mentorium_db.get_session() as session:
        rows = await session.execute(
            text(
                "SELECT version, language, withdrawn_at IS NULL FROM consents WHERE kind = 'voice'"
                " AND parent_id = (SELECT id FROM parents WHERE telegram_id = :user) ORDER BY id"
            ),
            {"user": user},
        )
        return [tuple(row) for row in rows]


async def test_a_voice_message_is_answered_once_it_was_agreed_to(outside: Outside, hearing: BotSettings) -> None:
    async with running(hearing):
        user = await subscribed_parent(outside)
        (asked,) = await speak(outside, user)
        assert plain([asked]) == CONSENT
        assert asked["reply_to_message"]["voice"]
        assert transcriptions(outside) == [], "without the consent no sound goes out"
        assert await dialog_rows(user) == []
        pressed = await outside.press(user, asked, "consent:voice")
        assert plain(pressed.edited) == t("en", "spoken-agreed")
        assert callback_buttons(pressed.edited[0]) == []
        words, answer = [message for message in pressed.replies if message.get("text_plain")][:2]
        assert plain([words]) == heard(QUESTION)
        assert words["reply_to_message"]["voice"], "shown beneath what was said"
        assert "Aziz" in plain([answer])
        assert await dialog_rows(user) == [("answered", QUESTION)]
        assert await consents(user) == [(VOICE_CONSENT_VERSION, "en", True)]
        assert plain(await speak(outside, user, "And the tests?")).startswith(heard("And the tests?"))


async def test_what_was_heard_is_no_answer_that_could_be_in_doubt(outside: Outside, hearing: BotSettings) -> None:
    """Whoever takes the question over answers it: nobody is asked to say it once more."""

    async def in_doubt() -> int:
        async with mentorium_db.get_session() as session:
            count = await session.scalar(text("SELECT count(*) FROM inbox WHERE answer_in_doubt"))
            assert count is not None
            return int(count)

    async with running(hearing):
        user = await agreed(outside)
        before = await in_doubt()
        assert before > 0, "the settings were an answer"
        assert heard(QUESTION) in plain(await speak(outside, user))
        assert await in_doubt() == before


async def test_what_was_heard_is_hidden_like_any_text(outside: Outside, hearing: BotSettings) -> None:
    async with running(hearing):
        user = await agreed(outside)
        await speak(outside, user, "How is Aziz Karimov, call me on +998901234567")
        assert await dialog_rows(user)
    sent = json.dumps(outside.openai.requests(), ensure_ascii=False)
    for secret in ("Aziz", "Karimov", "998901234567", str(user)):
        assert secret not in sent
    (request,) = transcriptions(outside)
    assert request["body"].keys() == {"model", "response_format", "file"}
    assert request["body"]["file"]["filename"] == "voice.ogg"


async def test_a_consent_is_taken_back_in_the_settings(outside: Outside, hearing: BotSettings) -> None:
    async with running(hearing):
        user = await agreed(outside)
        parent = outside.parent(user)
        await parent.say("/settings")
        await parent.press("spoken:show")
        assert plain(parent.last) == t("en", "spoken-on")
        off = parent.last[-1]
        await parent.press("spoken:off")
        assert plain(parent.last) == t("en", "spoken-stopped")
        assert plain(await speak(outside, user)) == CONSENT
        assert transcriptions(outside) == []
        assert await consents(user) == [(VOICE_CONSENT_VERSION, "en", False)]
        assert (await outside.press(user, off, "spoken:off")).callback_text == t("en", "fallback-button")
        await parent.press("consent:voice")
        assert [standing for *_, standing in await consents(user)] == [False, True]


async def test_where_no_service_is_named_nothing_of_it_is_offered(
    outside: Outside, settings: BotSettings, hearing: BotSettings
) -> None:
    async with running(hearing):
        user = await agreed(outside)
    async with running(settings):
        shown = await outside.say(user, "/settings")
        assert "spoken:show" not in callback_buttons(shown[-1])
        assert plain(await speak(outside, user)) == t("en", "fallback-not-text")
        for data in ("consent:voice", "spoken:show"):
            assert (await outside.press(user, shown[-1], data)).callback_text == t("en", "fallback-button")
        stopped = await outside.press(user, shown[-1], "spoken:off")
        assert plain(stopped.replies) == t("en", "spoken-stopped"), "what was agreed to is taken back at any time"
    assert transcriptions(outside) == []


async def test_what_is_not_written_down_is_told(outside: Outside, hearing: BotSettings) -> None:
    """Before anybody is asked to agree, where that can be seen."""
    long = bytes(2000 * (LONGEST_VOICE_S + 1))
    lost = {"file_id": "gone", "file_unique_id": "u", "duration": 3}
    origin = {"type": "hidden_user", "date": 1_800_000_000, "sender_user_name": "Teacher"}
    async with running(hearing):
        unpaid = await outside.user()
        await outside.register(unpaid, (await outside.child("Lola")).link_code)
        assert plain(await speak(outside, unpaid)).startswith(t("en", "dialog-limited"))
        user = await subscribed_parent(outside)
        assert t("en", "spoken-help") in plain(await outside.say(user, "/help"))
        assert plain(await outside.parent(user).send(sticker=True)) == t("en", "spoken-not-text")
        assert plain(await speak(outside, user, sound=long)) == t("en", "spoken-too-long")
        (said,) = await delivered(outside, written(user, voice=lost, forward_origin=origin))
        assert said["params"]["text"] == t("en", "spoken-forwarded"), "whoever speaks there has not agreed"
        await agree(outside, user)
        calls = await delivered(outside, written(user, voice=lost))
        assert [call["method"] for call in calls] == ["sendChatAction", "getFile", "sendMessage"]
        assert calls[-1]["params"]["text"] == t("en", "spoken-unreadable")
        assert transcriptions(outside) == []
        assert plain(await speak(outside, user, " ", sound=b"a murmur")) == t("en", "spoken-nothing-heard")
        assert await dialog_rows(user) == []


async def test_a_service_that_is_away_costs_a_kind_sentence_and_comes_back(
    outside: Outside, hearing: BotSettings
) -> None:
    async with running(hearing):
        user = await agreed(outside)
        async with outside.sandbox.fault("openai", "status_500", match="*transcriptions*"):
            assert plain(await speak(outside, user)) == t("en", "spoken-unavailable")
        outside.faults.add("telegram", "down", match="getFile", times=1)
        assert plain(await speak(outside, user)).startswith(heard(QUESTION)), "a file is fetched again by itself"


async def test_one_voice_message_is_one_question(outside: Outside, hearing: BotSettings) -> None:
    """Agreed to twice, it is heard twice and asked once; the consent stands once, in the parent's language."""
    async with running(hearing):
        user = await subscribed_parent(outside)
        parent = outside.parent(user)
        await parent.say("/language")
        await parent.press("lang:ru")
        (asked,) = await speak(outside, user)
        assert plain([asked]) == t("ru", VOICE_CONSENT_TEXT_KEY)
        await parent.press("consent:voice", message=asked)
        again = await parent.press("consent:voice", message=asked, wait_s=0.5)
        assert again.replies == []
        assert len(transcriptions(outside)) == 2
        assert await dialog_rows(user) == [("answered", QUESTION)]
        assert await consents(user) == [(VOICE_CONSENT_VERSION, "ru", True)]


async def test_spoken_words_of_despair_are_answered_as_written_ones(outside: Outside, hearing: BotSettings) -> None:
    """Parents A6: by the fixed answer, without a model; and they are kept nowhere."""
    async with running(hearing):
        user = await agreed(outside)
        said = plain(await speak(outside, user, "Я больше не хочу жить"))
        assert t("ru", "crisis-own_despair") in said
        assert "🎤" not in said
        assert await dialog_rows(user) == []
        assert len(outside.openai.requests()) == 1, "what wrote it down, and nobody else"


async def test_who_wants_no_ai_is_not_listened_to(outside: Outside, hearing: BotSettings) -> None:
    """Neither is the consent asked for, nor does one that stands, or is given now, send any sound out."""
    async with running(hearing):
        user = await subscribed_parent(outside)
        (asked,) = await speak(outside, user)
        await outside.say(user, "/settings")
        await outside.parent(user).press("ai:off")
        assert t("en", "spoken-ai-off") in plain((await outside.press(user, asked, "consent:voice")).replies)
        assert plain(await speak(outside, user)) == t("en", "spoken-ai-off")
        other = await subscribed_parent(outside)
        await outside.say(other, "/settings")
        await outside.parent(other).press("ai:off")
        assert plain(await speak(outside, other)) == t("en", "spoken-ai-off")
        assert transcriptions(outside) == []
        assert await dialog_rows(user) == []
