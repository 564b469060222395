"""Whether a server that the settings name answers, and lets us in. No finding quotes a secret."""

from __future__ import annotations

import asyncio
import base64
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from redis.asyncio import Redis
from redis.exceptions import RedisError

from mentorium_db.platform_check import Finding
from mentorium_db.platform_check.finding import failure, ok, warning
from mentorium_domain.enums import Language
from mentorium_gateways.mail import SmtpMailer
from mentorium_kit.errors import ConfigurationError, MentoriumError
from mentorium_operator import machine
from mentorium_runtime import probes, schema
from mentorium_runtime.ai_settings import TranscriptionSettings
from mentorium_runtime.settings import (
    MailSettings,
    OpenAISettings,
    RedisSettings,
    TelegramSettings,
    secret_value,
)
from mentorium_runtime.speech import SpeechSettings, speech_engine
from mentorium_runtime.transcription import speech_service

PATIENCE_S: Final = 10.0
_TELEGRAM: Final = "https://api.telegram.org"
_OPENAI: Final = "https://api.openai.com/v1"
_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_SILENCE: Final = (
    "T2dnUwACAAAAAAAAAADNMu/iAAAAABLtKU0BE09wdXNIZWFkAQE4AYC7AAAAAABPZ2dTAAAAAAAAAAAAAM0y7+IBAAAA4OD5XwE2"
    "T3B1c1RhZ3MNAAAATGF2ZjYyLjEyLjEwMgEAAAAVAAAAZW5jb2Rlcj1MYXZmNjIuMTIuMTAyT2dnUwAE+F4AAAAAAADNMu/iAgAA"
    "AM+PxksaAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwP4//74//74//74//74//74//74//74//74//74//74//74//74//74//74"
    "//74//74//74//74//74//74//74//74//74//74//74//4="
)
"""Half a second of it, as Telegram packs a voice message: OGG with Opus, in Base64."""
_UNREACHED: Final = (aiohttp.ClientError, TimeoutError, ValueError)


async def check_bot_database() -> Finding:
    """It answers, and has all migrations. The database must be open."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            state = await schema.migration_state()
    except (MentoriumError, TimeoutError) as error:
        return _failed("bot_db", error)
    if state.behind:
        found = state.found or "no migration"
        return failure("bot_db", f"lacks migrations: `make migrate` leads from {found} to {state.wanted}")
    if state.lacks:
        return failure("bot_db", f"its schema {state.found} is too new for this code: without {state.lacks[0]}")
    if state.found != state.wanted:
        return ok("bot_db", f"answers; its schema {state.found} is newer than this code")
    return ok("bot_db", f"answers, and has all migrations up to {state.found}")


async def check_platform_database() -> Finding:
    """It answers, and publishes a contract we know. The database must be open."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await probes.check_platform()
    except (MentoriumError, TimeoutError) as error:
        return _failed("platform_db", error)
    text = f"answers, with version {probes.CONTRACT_MAJOR} of the contract; `make verify` reads it line by line"
    return ok("platform_db", text)


async def check_redis(settings: RedisSettings) -> Finding:
    client = Redis.from_url(settings.redis_dsn, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S)
    try:
        await probes.redis(client).probe()
    except RedisError as error:
        return _failed("redis", error)
    finally:
        await client.aclose()
    return ok("redis", "answers")


async def check_telegram(settings: TelegramSettings) -> list[Finding]:
    """Asked for its name, which costs nothing and shows whether the token is right; and what its clock says."""
    url = f"{settings.bot_telegram_api_url or _TELEGRAM}/bot{secret_value(settings.bot_telegram_token)}/getMe"
    try:
        status, body, date = await _get(url)
    except _UNREACHED as error:
        return [_failed("telegram", error)]
    clock = machine.clock_beside_header("Telegram's", date)
    if status in {*_REFUSED, HTTPStatus.NOT_FOUND}:
        return [failure("telegram", "does not know the token in BOT_TELEGRAM_TOKEN"), *clock]
    if status != HTTPStatus.OK:
        return [failure("telegram", f"answers with status {status}"), *clock]
    return [ok("telegram", f"answers; the bot is @{body.get('result', {}).get('username')}"), *clock]


async def check_staff_chat(settings: TelegramSettings, chat_id: int) -> Finding:
    """Asked for the chat, which says nothing into it: a wrong one would have no question of a parent arrive."""
    token = secret_value(settings.bot_telegram_token)
    url = f"{settings.bot_telegram_api_url or _TELEGRAM}/bot{token}/getChat?chat_id={chat_id}"
    try:
        status, body, _ = await _get(url)
    except _UNREACHED as error:
        return _failed("staff chat", error)
    if (moved_to := (body.get("parameters") or {}).get("migrate_to_chat_id")) is not None:
        return failure("staff chat", f"has become a supergroup: STAFF_CHAT_ID is to be {moved_to} now")
    if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN}:
        return failure("staff chat", "the bot does not know the chat in STAFF_CHAT_ID, or may not see it")
    if status != HTTPStatus.OK:
        return failure("staff chat", f"Telegram answers with status {status}")
    return ok("staff chat", "the bot knows it")


async def check_openai(settings: OpenAISettings) -> Finding:
    """Asked for its list of models, which costs nothing and shows whether the key is right."""
    url = f"{(settings.bot_openai_base_url or _OPENAI).rstrip('/')}/models"
    try:
        status, _, _ = await _get(url, secret_value(settings.bot_openai_api_key))
    except _UNREACHED as error:
        return _failed("openai", error)
    if status in _REFUSED:
        return failure("openai", "does not take the key in BOT_OPENAI_API_KEY")
    if status == HTTPStatus.NOT_FOUND:
        return ok("openai", "answers, but lists no models: whether it takes the key is not known")
    if status != HTTPStatus.OK:
        return failure("openai", f"answers with status {status}")
    return ok("openai", "answers, and takes the key")


async def check_mail(settings: MailSettings) -> Finding:
    if settings.smtp_url is None:
        return warning("mail", "SMTP_URL is not set: registration by e-mail is not offered")
    try:
        async with asyncio.timeout(PATIENCE_S):
            await SmtpMailer(secret_value(settings.smtp_url), settings.smtp_from).check()
    except (MentoriumError, TimeoutError) as error:
        return _failed("mail", error)
    return ok("mail", "the server answers, and lets us in")


async def check_speech(settings: SpeechSettings) -> Finding:
    """The engine says one word. A `speech_engine` is set."""
    try:
        engine = speech_engine(settings)
        assert engine is not None
        async with asyncio.timeout(PATIENCE_S):
            await engine.speak("Mentorium", Language.UZ)
    except (MentoriumError, TimeoutError) as error:
        return _failed("speech", error)
    return ok("speech", "says a word")


async def check_transcription(settings: TranscriptionSettings) -> Finding:
    """It is given half a second of silence to write down: that costs nothing. The settings take voice."""
    service = speech_service(settings, lambda _: None)
    try:
        await service.transcribe(base64.b64decode(_SILENCE), PATIENCE_S)
    except MentoriumError as error:
        return _failed("transcription", error)
    return ok("transcription", "listens")


async def _get(url: str, key: str | None = None) -> tuple[int, dict[str, Any], str | None]:
    """Status, the JSON object of an answer, and its time by the server's clock. ValueError: no JSON."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with (
        aiohttp.ClientSession(timeout=timeout) as http,
        http.get(url, headers=headers, allow_redirects=False) as answer,
    ):
        try:
            body = await answer.json(content_type=None)
        except ValueError:
            if answer.status == HTTPStatus.OK:
                raise
            body = {}  # a proxy's page
        return answer.status, body if isinstance(body, dict) else {}, answer.headers.get("Date")


def _failed(subject: str, error: Exception) -> Finding:
    """Says what kind of failure it was, never what the failure said: that may hold an address with its password."""
    if isinstance(error, TimeoutError):
        return failure(subject, f"does not answer within {PATIENCE_S:.0f} s")
    if isinstance(error, MentoriumError) and not isinstance(error, ConfigurationError):
        reason = error.context.get("reason")
        return failure(subject, f"{error.code}{f' ({reason})' if reason else ''}")
    return failure(subject, f"cannot be reached: {type(error).__name__}")
