"""The report said aloud: by its button and a setting, sent by the worker; somebody else's server is told no name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_core.i18n import t
from mentorium_core.identity.queries import find_parent
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.preferences import change_preferences, read_preferences
from mentorium_core.reports.buttons import buttons_under
from mentorium_core.reports.history import read_report
from mentorium_core.reports.voice import ask_for_chosen_voices, ask_for_voice
from mentorium_db import get_session
from mentorium_domain.enums import Language, NotificationType
from mentorium_domain.outbox import OutboxMessage
from mentorium_gateways.speech.openai_compatible import OpenAISpeechEngine
from mentorium_kit import clock
from mentorium_runtime.settings import SettingsError, load
from mentorium_runtime.speech import speech_engine
from mentorium_sandbox.client import callback_buttons
from tests.integration.telegram_bot.conftest import Outside, running, working
from tests.integration.telegram_bot.helpers import plain, subscribed_parent, until

MODEL = "gpt-4o-mini-tts"


@pytest.fixture
def with_voice(settings: BotSettings, outside: Outside) -> BotSettings:
    """The same settings with the stand-in as somebody else's speech server."""
    return settings.model_copy(
        update={
            "speech_engine": "openai",
            "speech_base_url": f"{outside.url}/openai/v1",
            "speech_api_key": SecretStr("sk-of-the-tests"),
            "speech_model": MODEL,
            "speech_voice": "alloy",
        }
    )


@pytest.fixture
def moved(with_voice: BotSettings, tmp_path: Path) -> BotSettings:
    """The same settings with a clock that `at_hour` moves."""
    return with_voice.model_copy(update={"clock_file": tmp_path / "clock"})


def at_hour(settings: BotSettings, hour: int) -> None:
    """It is the next such hour in Tashkent."""
    now = datetime.now(clock.TASHKENT)
    moment = clock.start_of_day(now.date()) + timedelta(hours=hour)
    ahead = (moment if moment > now else moment + timedelta(days=1)) - now
    assert settings.clock_file is not None
    settings.clock_file.write_text(str(ahead.total_seconds()))


async def reported(outside: Outside, user: int, period: str = "week") -> Any:
    asked = with_button(await outside.say(user, "/report"), f"report:{period}")
    return with_button((await outside.press(user, asked, f"report:{period}")).replies, "report:why:")


def with_button(messages: list[Any], begin: str) -> Any:
    """The worker may say something of its own in between."""
    return next(one for one in messages if any(data.startswith(begin) for data in callback_buttons(one)))


def voice_button(report: Any) -> str:
    return next(data for data in callback_buttons(report) if data.startswith("report:voice:"))


def voices(outside: Outside, user: int) -> Callable[[], Awaitable[list[Any]]]:
    async def found() -> list[Any]:
        return [one for one in (await outside.parent(user).chat()).messages if "voice" in one]

    return found


def told(outside: Outside) -> list[str]:
    """What the speech server was sent, whole."""
    return [str(one["body"]) for one in outside.openai.requests() if one["path"].endswith("/audio/speech")]


async def test_a_report_is_said_by_its_button(outside: Outside, with_voice: BotSettings) -> None:
    async with running(with_voice), working(with_voice):
        user = await subscribed_parent(outside, "Aziz")
        report = await reported(outside, user)
        pressed = await outside.press(user, report, voice_button(report))
        assert pressed.callback_text == t("en", "voice-coming")
        await until(voices(outside, user))
        (voice,) = await voices(outside, user)()
        assert voice["caption"] == t("en", "voice-caption")
        assert 1 <= voice["voice"]["duration"] <= 60
        stored = outside.world.files.by_id(voice["voice"]["file_id"])
        assert stored is not None
        assert stored.data.startswith(b"OggS")


async def test_somebody_elses_server_is_told_no_name(outside: Outside, with_voice: BotSettings) -> None:
    async with running(with_voice), working(with_voice):
        user = await subscribed_parent(outside, "Aziz")
        report = await reported(outside, user, "month")
        await outside.press(user, report, voice_button(report))
        await until(voices(outside, user))
    (body,) = told(outside)
    assert "on your child" in body
    for name in ("Aziz", "Karimov", "Parent", str(user)):
        assert name not in body
    assert not any(letter.isdigit() for letter in body.replace(MODEL, ""))


async def test_an_engine_that_is_away_costs_a_kind_sentence_and_an_event(
    outside: Outside, with_voice: BotSettings
) -> None:
    away = with_voice.model_copy(update={"speech_base_url": "http://127.0.0.1:9/v1"})
    async with running(away), working(away):
        user = await subscribed_parent(outside, "Aziz")
        report = await reported(outside, user)
        await outside.press(user, report, voice_button(report))

        async def apologised() -> bool:
            return t("en", "voice-not-made") in plain((await outside.parent(user).chat()).messages)

        await until(apologised)
    async with get_session() as session:
        (kept,) = (
            await session.execute(text("SELECT metadata FROM event_logs WHERE event_name = 'voice_failed'"))
        ).scalars()
    assert "Aziz" not in str(kept)


async def test_who_pressed_no_button_hears_nothing_of_a_voice_that_was_not_made(
    outside: Outside, with_voice: BotSettings
) -> None:
    away = with_voice.model_copy(update={"speech_base_url": "http://127.0.0.1:9/v1"})
    async with running(away), working(away):
        user = await subscribed_parent(outside, "Aziz")
        report = await reported(outside, user)
        await ask_for_voice(user, int(voice_button(report).rpartition(":")[2]), clock.now(), by_choice=True)

        async def tried() -> bool:
            async with get_session() as session:
                failed = await session.execute(text("SELECT id FROM event_logs WHERE event_name = 'voice_failed'"))
                return bool(failed.all()) and await no_jobs()

        await until(tried)
        assert t("en", "voice-not-made") not in plain((await outside.parent(user).chat()).messages)


async def test_voices_by_choice_are_not_for_the_night_and_a_pressed_one_has_no_sound_then(
    outside: Outside, moved: BotSettings
) -> None:
    async with running(moved):
        user = await subscribed_parent(outside, "Aziz")
        at_hour(moved, 22)
        parent = await find_parent(user)
        assert parent is not None
        await change_preferences(parent.parent_id, report_voice=True)
        report = await reported(outside, user)
        arrived = [(user, int(voice_button(report).rpartition(":")[2]))]
        await forget_jobs()
        midnight = clock.start_of_day(clock.today())
        assert await ask_for_chosen_voices(arrived, midnight + timedelta(hours=21)) == 0
        assert await ask_for_chosen_voices(arrived, midnight + timedelta(hours=20)) == 1
        async with get_session() as session:
            wanted_until = await session.scalar(
                text("SELECT convert_from(payload, 'UTF8')::jsonb ->> 'wanted_until' FROM pgqueuer.pgqueuer")
            )
        assert datetime.fromisoformat(wanted_until) == midnight + timedelta(hours=21)
        await forget_jobs()
        await outside.press(user, report, voice_button(report))
        async with working(moved):
            await until(voices(outside, user))
    (sent,) = outside.world.journal.read(method="sendVoice")
    assert sent["params"].get("disable_notification")


async def forget_jobs() -> None:
    async with get_session() as session:
        await session.execute(text("DELETE FROM pgqueuer.pgqueuer"))


async def test_without_an_engine_no_voice_is_offered(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside, "Aziz")
    report = await reported(outside, user)
    (why,) = [data for data in callback_buttons(report) if data.startswith("report:why:")]
    assert not [data for data in callback_buttons(report) if "voice" in data]
    pressed = await outside.press(user, report, why.replace("why", "voice"))
    assert pressed.callback_text == t("en", "fallback-button")
    (settings_shown,) = await outside.say(user, "/settings")
    assert not [data for data in callback_buttons(settings_shown) if "voice" in data]
    assert (await outside.press(user, report, "voice:on")).callback_text == t("en", "fallback-button")


async def test_a_voice_is_asked_for_only_of_ones_own_report(outside: Outside, with_voice: BotSettings) -> None:
    async with running(with_voice), working(with_voice):
        user, stranger = await subscribed_parent(outside, "Aziz"), await subscribed_parent(outside, "Bahrom")
        report = await reported(outside, user)
        message = (await outside.say(stranger, "/help"))[0]
        pressed = await outside.press(stranger, message, voice_button(report))
        assert pressed.callback_text == t("en", "fallback-button")
        await ask_for_voice(stranger, int(voice_button(report).rpartition(":")[2]), clock.now())
        await until(no_jobs)
    assert told(outside) == []


async def test_what_nobody_waits_for_any_more_is_not_said(outside: Outside, with_voice: BotSettings) -> None:
    async with running(with_voice):
        user = await subscribed_parent(outside, "Aziz")
        report = await reported(outside, user)
        await ask_for_voice(user, int(voice_button(report).rpartition(":")[2]), clock.now(), timedelta(seconds=-1))
        async with working(with_voice):
            await until(no_jobs)
    assert told(outside) == []


async def test_voices_are_limited_per_parent(outside: Outside, with_voice: BotSettings) -> None:
    async with running(with_voice):
        user = await subscribed_parent(outside, "Aziz")
        report = await reported(outside, user)
        for _ in range(3):
            await outside.press(user, report, voice_button(report))
        (refused,) = (await outside.press(user, report, voice_button(report))).replies
    assert plain([refused]) == t("en", "voice-too-many")


async def test_who_chose_so_has_each_report_said(outside: Outside, moved: BotSettings) -> None:
    """On demand, and after a message of a run has arrived; the button stands under that one, too."""
    async with running(moved), working(moved):
        user = await subscribed_parent(outside, "Aziz")
        at_hour(moved, 12)
        shown = with_button(await outside.say(user, "/settings"), "voice:on")
        assert t("en", "voice-switched-on") in plain((await outside.press(user, shown, "voice:on")).replies)
        report = await reported(outside, user)
        await until(voices(outside, user))
        await send_again(user, int(voice_button(report).rpartition(":")[2]))

        async def both() -> bool:
            return len(await voices(outside, user)()) == 2

        await until(both)
        sent = [
            one
            for one in (await outside.parent(user).chat()).messages
            if "of a run" in (one.get("text"), one.get("caption"))
        ]
        assert [data for data in callback_buttons(sent[0]) if data.startswith("report:voice:")]
        shown = with_button(await outside.say(user, "/settings"), "voice:off")
        await outside.press(user, shown, "voice:off")
        parent = await find_parent(user)
        assert parent is not None
        assert not (await read_preferences(parent.parent_id)).report_voice


async def send_again(user: int, report_id: int) -> None:
    """The report as a run would send it."""
    parent = await find_parent(user)
    assert parent is not None
    document = (await read_report(parent, report_id)).document
    message = OutboxMessage(
        telegram_id=user,
        kind=NotificationType.REPORT,
        message="of a run",
        dedup_key="a run",
        send_at=clock.now(),
        report_id=report_id,
        student_id=document.student_id,
        buttons=buttons_under(document, report_id, Language.EN),
    )
    await notify([message])


async def no_jobs() -> bool:
    async with get_session() as session:
        return not (await session.execute(text("SELECT count(*) FROM pgqueuer.pgqueuer"))).scalar_one()


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({"SPEECH_ENGINE": "openai"}, "SPEECH_BASE_URL is missing"),
        ({"SPEECH_ENGINE": "festival"}, "SPEECH_ENGINE is wrong"),
        ({"SPEECH_MODEL": "gpt-realtime-2.1-mini"}, "SPEECH_MODEL may word a report anew"),
        ({"SPEECH_VOICE": "uz=Madina,ru=Svetlana"}, "SPEECH_VOICE is malformed"),
    ],
)
async def test_a_voice_that_is_set_wrongly_is_named_at_the_start(
    settings: BotSettings, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], problem: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=problem):
        load(BotSettings, _env_file=None)


async def test_each_language_may_have_a_voice_of_its_own(with_voice: BotSettings) -> None:
    engine = speech_engine(with_voice.model_copy(update={"speech_voice": "uz=Madina,ru=Svetlana,en=alloy"}))
    assert isinstance(engine, OpenAISpeechEngine)
    assert engine._voices == {Language.UZ: "Madina", Language.RU: "Svetlana", Language.EN: "alloy"}
