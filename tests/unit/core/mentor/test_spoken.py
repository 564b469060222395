"""Which voice messages are written down, and what becomes of what was heard."""

from __future__ import annotations

import asyncio

import pytest

from mentorium_core.i18n import t
from mentorium_core.identity.model import VOICE_CONSENT_TEXT_KEY, ParentView
from mentorium_core.mentor.rules import voice_key
from mentorium_core.mentor.spoken import (
    AT_ONCE,
    LARGEST_VOICE_BYTES,
    LONGEST_VOICE_S,
    MOST_IN_HAND,
    HearQuestion,
    VoiceMessage,
    VoiceRefusal,
    VoiceRefusedError,
    VoiceUnavailableError,
    heard_words,
    ogg_seconds,
    voice_refusal,
)
from mentorium_core.model_budget.model import ModelWithheldError, Withheld
from mentorium_domain.enums import Language
from mentorium_kit.errors import MentoriumError, RefusedError, UnavailableError


def parent(number: int) -> ParentView:
    return ParentView(number, 1000 + number, Language.EN, registered=True, consented=True)


VOICE, PARENT = VoiceMessage("file", 3), parent(1)
SOUND = b"sound"


class Service:
    """Telegram and a speech service in one: gives this file, hears these words, or raises instead."""

    def __init__(self, heard: str | Exception = "words", file: bytes | Exception | None = SOUND) -> None:
        self.heard, self.file = heard, file
        self.asked = 0
        self.told: tuple[float, int] | None = None
        self.answering, self.reading = asyncio.Event(), asyncio.Event()
        self.answering.set()
        self.reading.set()

    async def read_voice(self, file_id: str, most_bytes: int) -> bytes | None:
        await self.reading.wait()
        if isinstance(self.file, Exception):
            raise self.file
        return self.file

    async def transcribe(self, sound: bytes, seconds: float, *, parent_id: int, timeout_s: float) -> str:
        self.asked += 1
        self.told = (seconds, parent_id)
        await self.answering.wait()
        if isinstance(self.heard, Exception):
            raise self.heard
        return self.heard


def ogg(seconds: float) -> bytes:
    """The first and the last page of an Opus stream, as far as anybody here reads them."""
    first = b"OggS" + bytes(2) + bytes(8) + bytes(40)
    return first + b"OggS" + bytes(2) + int(seconds * 48_000).to_bytes(8, "little", signed=True) + bytes(40)


@pytest.mark.parametrize(
    ("voice", "refusal"),
    [
        (VoiceMessage("f", LONGEST_VOICE_S, LARGEST_VOICE_BYTES), None),
        (VoiceMessage("f", 0, None), None),
        (VoiceMessage("f", LONGEST_VOICE_S + 1), VoiceRefusal.TOO_LONG),
        (VoiceMessage("f", 3, LARGEST_VOICE_BYTES + 1), VoiceRefusal.TOO_LONG),
        (VoiceMessage("f", 3, 100, forwarded=True), VoiceRefusal.FORWARDED),
    ],
)
def test_what_is_not_even_fetched(voice: VoiceMessage, refusal: VoiceRefusal | None) -> None:
    assert voice_refusal(voice) is refusal


@pytest.mark.parametrize("seconds", [0, 0.5, 119.0, 3600.0])
def test_a_file_tells_how_long_it_plays(seconds: float) -> None:
    assert ogg_seconds(ogg(seconds)) == pytest.approx(seconds)


@pytest.mark.parametrize("sound", [b"", b"Ogg", b"OggS", b"OggS\0\0short", b"ID3 something", b"x" + ogg(3)])
def test_what_is_no_ogg_tells_nothing(sound: bytes) -> None:
    assert ogg_seconds(sound) is None


@pytest.mark.parametrize(
    ("transcript", "words"),
    [
        ("  How did\n\nthe week go? ", "How did the week go?"),
        ("Hafta qanday\0 oʻtdi", "Hafta qanday oʻtdi"),
        ("half \ud83d a letter", "half a letter"),
        ("", ""),
        (" ... – ! ", ""),
        ("🎵", ""),
    ],
)
def test_what_was_heard_is_one_line_of_words_or_nothing(transcript: str, words: str) -> None:
    assert heard_words(transcript) == words


@pytest.mark.parametrize("language", Language)
def test_every_reason_has_its_sentence(language: Language) -> None:
    keys = [VOICE_CONSENT_TEXT_KEY, VoiceUnavailableError.message_key, *(f"spoken-{reason}" for reason in VoiceRefusal)]
    assert len({t(language, key) for key in keys}) == len(keys)


def test_two_minutes_is_what_the_texts_say() -> None:
    assert LONGEST_VOICE_S == 120
    assert "two minutes" in t("en", "spoken-too-long")
    assert "двух минут" in t("ru", "spoken-too-long")
    assert "ikki daqiqa" in t("uz", "spoken-too-long")


def test_the_key_of_a_voice_message_fits_its_column() -> None:
    assert len(voice_key(9_999_999_999, 2**52, 2**31 - 1)) <= 80
    assert voice_key(1, 2, 3) != voice_key(1, 2, 4) != voice_key(1, 3, 3)


async def test_words_are_heard() -> None:
    service = Service(" How is he? ")
    assert await HearQuestion(service, service)(PARENT, VOICE) == "How is he?"


@pytest.mark.parametrize(
    ("service", "reason"),
    [
        (Service(" ... "), VoiceRefusal.NOTHING_HEARD),
        (Service(file=None), VoiceRefusal.TOO_LONG),
        (Service(file=ogg(LONGEST_VOICE_S * 10)), VoiceRefusal.TOO_LONG),
        (Service(file=b""), VoiceRefusal.UNREADABLE),
        (Service(file=RefusedError("voice_not_given")), VoiceRefusal.UNREADABLE),
        (Service(RefusedError("transcription_refused")), VoiceRefusal.UNREADABLE),
    ],
)
async def test_what_is_not_written_down_has_its_reason(service: Service, reason: VoiceRefusal) -> None:
    with pytest.raises(VoiceRefusedError) as refused:
        await HearQuestion(service, service)(PARENT, VOICE)
    assert refused.value.reason is reason
    if reason is not VoiceRefusal.NOTHING_HEARD:
        assert service.asked == isinstance(service.heard, RefusedError), "no sound goes out that is not taken"


async def test_a_service_that_is_away_is_told_by_its_own_sentence() -> None:
    service = Service(UnavailableError("transcription_unavailable", reason="HTTP 503"))
    with pytest.raises(VoiceUnavailableError) as away:
        await HearQuestion(service, service)(PARENT, VOICE)
    assert (away.value.code, away.value.context) == ("transcription_unavailable", {"reason": "HTTP 503"})


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        (Withheld.PARENT_BUDGET, VoiceRefusedError),
        (Withheld.DAY_BUDGET, VoiceUnavailableError),
        (Withheld.CIRCUIT_OPEN, VoiceUnavailableError),
    ],
)
async def test_one_that_is_not_asked_at_all_is_told_as_what_it_is(why: Withheld, kind: type[MentoriumError]) -> None:
    service = Service(ModelWithheldError(why))
    with pytest.raises(kind) as withheld:
        await HearQuestion(service, service)(PARENT, VOICE)
    if isinstance(withheld.value, VoiceRefusedError):
        assert withheld.value.reason is VoiceRefusal.USED_UP


async def test_our_own_database_away_is_no_outage_of_the_service() -> None:
    service = Service(UnavailableError("bot_db_unavailable"))
    with pytest.raises(UnavailableError) as away:
        await HearQuestion(service, service)(PARENT, VOICE)
    assert not isinstance(away.value, VoiceUnavailableError)


async def test_a_telegram_that_hangs_is_an_outage_and_its_place_is_free_again() -> None:
    service = Service()
    service.reading.clear()
    hear = HearQuestion(service, service, heard_within_s=0.01)
    with pytest.raises(VoiceUnavailableError):
        await hear(PARENT, VOICE)
    service.reading.set()
    hear.heard_within_s = 9.0
    assert await hear(PARENT, VOICE) == "words"
    assert hear._in_hand == 0


@pytest.mark.parametrize(("sound", "seconds"), [(ogg(70.0), 70.0), (b"no ogg", 3)])
async def test_it_is_paid_for_what_the_file_plays(sound: bytes, seconds: float) -> None:
    service = Service(file=sound)
    await HearQuestion(service, service)(PARENT, VOICE)
    assert service.told == (seconds, PARENT.parent_id)


async def test_a_file_that_telegram_does_not_give_now_costs_no_quota() -> None:
    service = Service(file=UnavailableError("telegram_unavailable"))
    hear = HearQuestion(service, service)
    for _ in range(3 * AT_ONCE):
        with pytest.raises(UnavailableError) as away:
            await hear(PARENT, VOICE)
        assert away.value.code == "telegram_unavailable"
    service.file = SOUND
    assert await hear(PARENT, VOICE) == "words"


async def test_a_parent_has_a_quota_of_their_own() -> None:
    service = Service()
    hear = HearQuestion(service, service)
    for _ in range(AT_ONCE):
        await hear(PARENT, VOICE)
    with pytest.raises(VoiceRefusedError) as refused:
        await hear(PARENT, VOICE)
    assert refused.value.reason is VoiceRefusal.TOO_MANY
    assert service.asked == AT_ONCE
    assert await hear(parent(2), VOICE) == "words"


async def test_a_service_that_hangs_holds_up_only_so_many() -> None:
    service = Service()
    service.answering.clear()
    hear = HearQuestion(service, service)
    waiting = [asyncio.ensure_future(hear(parent(number), VOICE)) for number in range(MOST_IN_HAND)]
    while service.asked < MOST_IN_HAND:
        await asyncio.sleep(0)
    with pytest.raises(VoiceRefusedError) as refused:
        await hear(parent(-1), VOICE)
    assert refused.value.reason is VoiceRefusal.BUSY
    service.answering.set()
    assert await asyncio.gather(*waiting) == ["words"] * MOST_IN_HAND
    assert await hear(parent(-1), VOICE) == "words"
