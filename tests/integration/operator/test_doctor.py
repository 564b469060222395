"""`mentorium doctor`, `mentorium verify` and the doors in `scripts/`: what is well, what is not, and no secret."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.smtp import SMTP

from mentorium_db.platform_check import Level
from mentorium_db.roles import ensure_app_role
from mentorium_operator import machine
from mentorium_operator.payments import payments_lack
from mentorium_runtime.payment_settings import PaymentSettings
from mentorium_sandbox import school
from mentorium_sandbox.school.installation import READER
from tests.integration.db.test_roles import as_app
from tests.integration.operator.command import mentorium

SECRET = "hunter22"
TOKEN = f"123456789:{SECRET}-of-telegram"
PAYME = {"PAYME_MERCHANT_ID": "1", "PAYME_SECRET_KEY": SECRET}
CLICK = {
    "CLICK_SERVICE_ID": "1",
    "CLICK_MERCHANT_ID": "2",
    "CLICK_MERCHANT_USER_ID": "3",
    "CLICK_SECRET_KEY": SECRET,
}
STAFF = "-1001234567890"
GROUP_BEFORE = "-5"
_SCRIPTS = Path(__file__).parents[3] / "scripts"


class Outside:
    """Telegram and OpenAI as far as they are asked how they are; mail that greets. `status` spoils an answer."""

    def __init__(self) -> None:
        self.status: dict[str, int] = {}
        self.heard = b""
        self.smtp_port = 0
        self.url = ""

    async def get_me(self, request: web.Request) -> web.Response:
        known = request.match_info["token"] == TOKEN
        body = {"ok": known, "result": {"username": "MentoriumTestBot"}}
        return web.json_response(body, status=self.status.get("telegram", 200 if known else 401))

    async def get_chat(self, request: web.Request) -> web.Response:
        known = request.query["chat_id"] == STAFF
        body = {"ok": True, "result": {"id": int(STAFF)}} if known else {"ok": False, "description": "chat not found"}
        if request.query["chat_id"] == GROUP_BEFORE:
            body["parameters"] = {"migrate_to_chat_id": int(STAFF)}
        return web.json_response(body, status=self.status.get("staff", 200 if known else 400))

    async def transcriptions(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField)
        self.heard = file.file.read()
        return web.json_response({"text": ""}, status=self.status["transcription"])

    async def models(self, request: web.Request) -> web.Response:
        known = request.headers["Authorization"] == f"Bearer {SECRET}-of-openai"
        return web.json_response({"data": []}, status=self.status.get("openai", 200 if known else 401))


@pytest_asyncio.fixture
async def outside() -> AsyncIterator[Outside]:
    found = Outside()
    app = web.Application()
    app.add_routes(
        [
            web.get("/bot{token}/getMe", found.get_me),
            web.get("/bot{token}/getChat", found.get_chat),
            web.get("/v1/models", found.models),
            web.post("/v1/audio/transcriptions", found.transcriptions),
        ]
    )
    mail = await asyncio.get_running_loop().create_server(lambda: SMTP(None, hostname="test"), "127.0.0.1", 0)
    async with mail, TestServer(app, host="127.0.0.1") as server:
        found.url = str(server.make_url("")).rstrip("/")
        found.smtp_port = mail.sockets[0].getsockname()[1]
        yield found


@pytest_asyncio.fixture
async def environment(bot_dsn: str, platform_dsn: str, redis_url: str, outside: Outside) -> dict[str, str]:
    """All that an operator has to set, and a mail server."""
    return {
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_TELEGRAM_API_URL": outside.url,
        "BOT_OPENAI_API_KEY": f"{SECRET}-of-openai",
        "BOT_OPENAI_BASE_URL": f"{outside.url}/v1",
        "OPENAI_ZERO_DATA_RETENTION_CONFIRMED": "true",
        "BOT_DB_URL": bot_dsn,
        "PLATFORM_DB_URL": await school.read_only_dsn(platform_dsn),
        "PLATFORM_LINK_KEY": f"{SECRET}-of-links-and-thirty-two-long",
        "REDIS_URL": redis_url,
        "SMTP_URL": f"smtp://127.0.0.1:{outside.smtp_port}",
        "SENTRY_DSN": f"https://{SECRET}@127.0.0.1/1",
        "CRISIS_HELP_LINES": "Line +998710000000",
    }


def lines_of(output: str) -> dict[str, str]:
    """The line about each subject; of several, the last."""
    return {line[6:].partition(":")[0]: line for line in output.splitlines() if line[:4].strip() and ": " in line}


async def test_all_is_well(environment: dict[str, str]) -> None:
    status, output = await mentorium("doctor", **environment)
    assert status == 0, output
    assert output.endswith("\n12 hold, 1 warnings, 0 failures.\n")
    lines = lines_of(output)
    assert list(lines) == [
        *("release", "time zone", "settings", "bot_db", "clock", "bot role"),
        *("platform_db", "platform role", "redis", "telegram", "openai", "mail"),
    ]
    assert lines["bot role"].startswith("WARN  bot role: is a superuser"), "as which the tests run"
    assert "reads, and no more" in lines["platform role"]
    assert "has all migrations up to" in lines["bot_db"]
    assert "@MentoriumTestBot" in lines["telegram"]
    assert SECRET not in output


@pytest.mark.parametrize(("confirmed", "said"), [("", "not confirmed: OpenAI may keep"), ("false", "is off")])
async def test_data_retention_that_is_not_confirmed_is_told(
    environment: dict[str, str], confirmed: str, said: str
) -> None:
    settings = {**environment, "OPENAI_ZERO_DATA_RETENTION_CONFIRMED": confirmed}
    status, output = await mentorium("doctor", "--settings", **settings)
    assert status == 0
    line = lines_of(output)["data retention"]
    assert said in line
    assert "OPENAI_ZERO_DATA_RETENTION_CONFIRMED" in line, "what to do"


async def test_all_servers_are_away(environment: dict[str, str]) -> None:
    nowhere = {
        "BOT_TELEGRAM_API_URL": f"http://{SECRET}@127.0.0.1:1",
        "BOT_OPENAI_BASE_URL": f"http://{SECRET}@127.0.0.1:1",
        "BOT_DB_URL": f"postgresql://u:{SECRET}@127.0.0.1:1/db",
        "PLATFORM_DB_URL": f"postgresql://u:{SECRET}@127.0.0.1:1/db",
        "REDIS_URL": f"redis://:{SECRET}@127.0.0.1:1/0",
        "SMTP_URL": f"smtp://u:{SECRET}@127.0.0.1:1",
    }
    status, output = await mentorium("doctor", **{**environment, **nowhere})
    assert status == 1
    assert output.endswith("\n3 hold, 0 warnings, 6 failures.\n")
    assert SECRET not in output


async def test_servers_that_do_not_let_us_in(environment: dict[str, str]) -> None:
    wrong = {"BOT_TELEGRAM_TOKEN": f"987654321:{SECRET}-another", "BOT_OPENAI_API_KEY": f"{SECRET}-another"}
    status, output = await mentorium("doctor", **{**environment, **wrong})
    assert status == 1
    lines = lines_of(output)
    assert "does not know the token in BOT_TELEGRAM_TOKEN" in lines["telegram"]
    assert "does not take the key in BOT_OPENAI_API_KEY" in lines["openai"]
    assert SECRET not in output


async def test_servers_that_are_not_well(environment: dict[str, str], outside: Outside) -> None:
    outside.status = {"telegram": 502, "openai": 500}
    status, output = await mentorium("doctor", "--quiet", **environment)
    assert status == 1
    assert "FAIL  telegram: answers with status 502\nFAIL  openai: answers with status 500\n" in output
    outside.status = {"openai": 404}
    status, output = await mentorium("doctor", "--json", **environment)
    assert status == 0
    assert (
        "lists no models" in {line["subject"]: line["text"] for line in map(json.loads, output.splitlines())}["openai"]
    )


@pytest.mark.parametrize(
    ("chat", "answers", "said"),
    [
        (STAFF, 200, "ok    staff chat: the bot knows it"),
        ("-1001", 400, "FAIL  staff chat: the bot does not know the chat in STAFF_CHAT_ID, or may not see it"),
        (GROUP_BEFORE, 400, f"FAIL  staff chat: has become a supergroup: STAFF_CHAT_ID is to be {STAFF} now"),
        (STAFF, 403, "FAIL  staff chat: the bot does not know the chat in STAFF_CHAT_ID, or may not see it"),
        (STAFF, 502, "FAIL  staff chat: Telegram answers with status 502"),
    ],
)
async def test_a_chat_of_the_staff_that_would_never_be_reached_is_told(
    environment: dict[str, str], outside: Outside, chat: str, answers: int, said: str
) -> None:
    """A parent's question about money would wait in a held job, and nobody would know."""
    outside.status = {"staff": answers}
    status, output = await mentorium("doctor", STAFF_CHAT_ID=chat, **environment)
    assert said in output
    assert status == (0 if answers == 200 else 1)


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ({"SPEECH_ENGINE": "espeak"}, "ok"),
        ({"SPEECH_ENGINE": "openai", "SPEECH_BASE_URL": "http://127.0.0.1:1"}, "FAIL"),
    ],
)
async def test_a_voice_is_asked_for_a_word(environment: dict[str, str], engine: dict[str, str], said: str) -> None:
    server = {"SPEECH_MODEL": "tts", "SPEECH_VOICE": "alloy"}
    _, output = await mentorium("doctor", **environment, **server, **engine)
    assert lines_of(output)["speech"].lower().startswith(said.lower()[:2]), output


@pytest.mark.parametrize(
    ("answers", "said"),
    [(200, "ok    transcription: listens"), (404, "FAIL  transcription: transcription_unavailable (404)")],
)
async def test_a_transcriber_is_given_something_to_hear(
    environment: dict[str, str], outside: Outside, answers: int, said: str
) -> None:
    outside.status = {"transcription": answers}
    _, output = await mentorium("doctor", **environment, TRANSCRIPTION_MODEL="gpt-transcribe")
    assert said in output
    assert outside.heard.startswith(b"OggS")


async def test_a_database_without_migrations(environment: dict[str, str], empty_dsn: str) -> None:
    status, output = await mentorium("doctor", "--quiet", **{**environment, "BOT_DB_URL": empty_dsn})
    assert status == 1
    assert "FAIL  bot_db: lacks migrations: `make migrate` leads from no migration to " in output


async def test_the_settings_alone() -> None:
    nowhere = {
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_OPENAI_API_KEY": SECRET,
        "DB_PASSWORD": SECRET,
        "PLATFORM_DB_URL": f"postgresql://u:{SECRET}@127.0.0.1:1/db",
        "PLATFORM_LINK_KEY": f"{SECRET}-of-links-and-thirty-two-long",
        "CLOCK_FILE": "/nowhere/clock",
    }
    status, output = await mentorium("doctor", "--settings", **nowhere)
    assert status == 0
    assert "WARN  settings: CLOCK_FILE is set" in output
    assert "WARN  settings: SENTRY_DSN is not set" in output
    assert "TRANSCRIPTION_MODEL" not in output
    status, output = await mentorium("doctor", "--settings", **nowhere, TRANSCRIPTION_MODEL="whisper-1")
    assert "WARN  settings: TRANSCRIPTION_MODEL names a model that OpenAI switches off on 2027-02-26" in output
    payme = {"PAYMENT_PROVIDERS": "payme", "PAYME_MERCHANT_ID": "m", "PAYME_SECRET_KEY": SECRET, "PAYME_TEST_MODE": "1"}
    assert "PUBLIC_URL" not in output
    for public_url, warned in (("", True), ("http://bot.example", True), ("https://bot.example", False)):
        status, output = await mentorium("doctor", "--settings", **{**nowhere, **payme, "PUBLIC_URL": public_url})
        assert ("WARN  settings: PUBLIC_URL is not set, or not https" in output) is warned
    status, output = await mentorium("doctor", "--settings", **{**nowhere, "BOT_TELEGRAM_TOKEN": SECRET})
    assert status == 1
    assert "FAIL  settings: BOT_TELEGRAM_TOKEN is malformed" in output
    assert SECRET not in output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, []),
        (
            {"PAYMENT_PROVIDERS": "payme,stars", "PAYME_MERCHANT_ID": "1"},
            ["payme is named in PAYMENT_PROVIDERS, and not offered: PAYME_SECRET_KEY is missing"],
        ),
        (
            {"PAYMENT_PROVIDERS": "click"},
            [
                "click is named in PAYMENT_PROVIDERS, and not offered: CLICK_SERVICE_ID, CLICK_MERCHANT_ID,"
                " CLICK_MERCHANT_USER_ID, CLICK_SECRET_KEY is missing",
                "nobody can pay: no way of payment is offered (PAYMENT_PROVIDERS)",
            ],
        ),
        (
            {"PAYMENT_PROVIDERS": "click", "FISCAL_IKPU": "1" * 17, **CLICK},
            [
                "payments at Click have no fiscal receipt: FISCAL_PACKAGE_CODE, FISCAL_VAT_PERCENT, FISCAL_TIN"
                " is missing"
            ],
        ),
        (
            {"PAYMENT_PROVIDERS": "payme", "PAYME_TEST_MODE": "true", **PAYME},
            ["PAYME_TEST_MODE is on: the key of Payme's sandbox opens access"],
        ),
    ],
)
def test_it_is_said_what_keeps_parents_from_paying(settings: dict[str, str], said: list[str]) -> None:
    known = PaymentSettings.model_validate({name.lower(): value for name, value in settings.items()})
    assert list(payments_lack(known)) == said


async def test_verify_looks_at_this_machine(environment: dict[str, str]) -> None:
    status, output = await mentorium("verify", **environment)
    assert status == 0
    assert list(lines_of(output))[:4] == ["poetry", "release", "time zone", "settings"]
    assert {"bot_db", "redis", "telegram", "openai", "clock"} <= lines_of(output).keys()
    status, output = await mentorium("verify", **{**environment, "REDIS_URL": "redis://127.0.0.1:1/0"})
    assert status == 1
    assert "FAIL  redis: cannot be reached" in output


@pytest.mark.parametrize("words", [("--platform",), ("--dsn", "postgresql://u@127.0.0.1/db")])
async def test_verify_without_a_platform_to_look_at(words: tuple[str, ...]) -> None:
    status, output = await mentorium("verify", *words)
    assert status == 2
    assert "--dsn" in output


@pytest.mark.own_databases
async def test_roles_that_may_too_much_or_just_enough(
    environment: dict[str, str], bot_dsn: str, platform_dsn: str
) -> None:
    await ensure_app_role(bot_dsn, "pw")
    _, output = await mentorium("doctor", **{**environment, "BOT_DB_URL": as_app(bot_dsn, "pw")})
    assert "ok    bot role: reads and writes rows, and no more" in output
    status, output = await mentorium("doctor", **{**environment, "PLATFORM_DB_URL": platform_dsn})
    assert (status, "FAIL  platform role: is a superuser" in output) == (1, True)
    owner = await asyncpg.connect(platform_dsn)
    await owner.execute(f"GRANT TRUNCATE ON platform.student TO {READER}")
    await owner.close()
    status, output = await mentorium("doctor", **environment)
    assert (status, "may do more than read (platform.student)" in output) == (1, True), "by the contract's own rules"


def test_a_clock_that_is_wrong_is_told() -> None:
    assert machine.clock_beside("the bot's database", time.time()).level is Level.OK
    assert machine.clock_beside("the bot's database", time.time() - 30).level is Level.WARNING
    found = machine.clock_beside("the bot's database", time.time() + 3600)
    assert (found.level, "s behind the bot's database" in found.text) == (Level.FAILURE, True)
    assert machine.clock_beside_header("Telegram's", None) == machine.clock_beside_header("Telegram's", "today") == []


@pytest.mark.parametrize("script", ["verify_setup.py", "validate_env.py"])
async def test_the_doors_of_the_specification(script: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(_SCRIPTS / script)),
        cwd="/",
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 1
    assert re.search(rb"^FAIL .*(BOT_DB_URL|DB_PASSWORD) +is missing", output, re.MULTILINE)
