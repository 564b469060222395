"""What an operator wrote into .env is read, or refused in a line that says where (operators A7, A16, A17)."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from mentorium_bot.config import BotSettings, WebhookAppSettings
from mentorium_operator.backup import BackupSettings
from mentorium_operator.config import ProductSettings
from mentorium_reporting.config import WorkerSettings
from mentorium_runtime.env_file import likely_typos
from mentorium_runtime.setting_names import SETTING_NAMES
from mentorium_runtime.settings import DatabaseSettings, LinkSettings, RedisSettings, SettingsError, load
from tests.fixtures.forked import Template
from tests.fixtures.patience import HANGS_AFTER_S

_TEMPLATE = Path(__file__).parents[3] / ".env.template"
_MALFORMED = b"DB_PASSWORD=pw\nDB_NAME=\xe1\n"
_READ_BY_OTHERS = {"PROMETHEUS_MULTIPROC_DIR"}
_OF_THE_PROCESSES = (BotSettings, WebhookAppSettings, WorkerSettings, ProductSettings, BackupSettings)
_CALLED_SECRET = re.compile(r"(key|secret|token|password|dsn)(_old)?$")


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in SETTING_NAMES:
        monkeypatch.delenv(name, raising=False)


def write(text: str | bytes) -> None:
    Path(".env").write_bytes(text if isinstance(text, bytes) else text.encode())


def refused(kind: type[DatabaseSettings | RedisSettings | LinkSettings]) -> str:
    with pytest.raises(SettingsError) as caught:
        load(kind)
    return str(caught.value)


def test_every_setting_has_its_name_in_the_list_and_in_the_template() -> None:
    read = {field.upper() for kind in _OF_THE_PROCESSES for field in kind.model_fields}
    assert read | _READ_BY_OTHERS == SETTING_NAMES
    documented = set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", _TEMPLATE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert documented == SETTING_NAMES


@pytest.mark.parametrize("kind", _OF_THE_PROCESSES)
def test_what_is_called_a_secret_does_not_show_itself(kind: type[BaseSettings]) -> None:
    called = {name: field for name, field in kind.model_fields.items() if _CALLED_SECRET.search(name)}
    assert called
    assert [name for name, field in called.items() if "SecretStr" not in str(field.annotation)] == []


@pytest.mark.parametrize("host", ["::1", "[::1]", "fe80::1"])
def test_an_ipv6_host_is_bracketed(host: str) -> None:
    write(f"DB_HOST={host}\nDB_PASSWORD=pw\nREDIS_HOST={host}\n")
    inner = host.strip("[]")
    assert load(DatabaseSettings).database_dsn == f"postgresql://mentorium_bot:pw@[{inner}]:5432/mentorium_bot"
    assert load(RedisSettings).redis_dsn == f"redis://[{inner}]:6379/0"


@pytest.mark.parametrize("host", ["localhost:5432", "me@localhost", "two words", "postgresql://localhost"])
def test_a_host_that_is_more_than_a_host_is_refused(host: str) -> None:
    write(f"DB_HOST='{host}'\nDB_PASSWORD=pw\nREDIS_HOST='{host}'\n")
    assert "DB_HOST is malformed" in refused(DatabaseSettings)
    assert "REDIS_HOST is malformed" in refused(RedisSettings)


def test_a_unix_socket_is_a_host_too() -> None:
    write("DB_HOST=/run/postgresql\nDB_PASSWORD=pw\nREDIS_HOST=/run/redis/redis.sock\nREDIS_PASSWORD=p@w\n")
    assert load(DatabaseSettings).database_dsn == (
        "postgresql://mentorium_bot:pw@/mentorium_bot?host=%2Frun%2Fpostgresql&port=5432"
    )
    assert load(RedisSettings).redis_dsn == "unix://:p%40w@/run/redis/redis.sock?db=0"
    write("BOT_DB_URL=postgresql:///bot?host=/run/postgresql\nREDIS_URL=unix:///run/redis.sock\n")
    assert load(DatabaseSettings).database_dsn == "postgresql:///bot?host=/run/postgresql"
    assert load(RedisSettings).redis_dsn == "unix:///run/redis.sock"


def test_a_password_in_an_address_that_is_not_encoded_is_told_how() -> None:
    write("BOT_DB_URL='postgresql://me:hunter#22@host:5432/bot'\nREDIS_URL='redis://:hunter#22@host:6379/0'\n")
    for said in (refused(DatabaseSettings), refused(RedisSettings)):
        assert "percent-encoded, # as %23" in said
        assert "hunter" not in said


def test_an_address_names_its_database() -> None:
    write("BOT_DB_URL=postgresql://me:pw@host:5432\n")
    assert "BOT_DB_URL names no database" in refused(DatabaseSettings)


@pytest.mark.parametrize("rest", ["abc", "0?db=x", "0?socket_timeout=soon"])
def test_an_address_of_redis_that_its_client_cannot_read_is_refused(rest: str) -> None:
    write(f"REDIS_URL=redis://127.0.0.1:6379/{rest}\n")
    assert "REDIS_URL" in refused(RedisSettings)


def test_an_address_with_an_unknown_sslmode_is_refused() -> None:
    write("BOT_DB_URL=postgresql://me:pw@host/bot?sslmode=bogus\n")
    assert "BOT_DB_URL has an unknown sslmode: one of allow, disable" in refused(DatabaseSettings)
    write("BOT_DB_URL=postgresql://me:pw@host/bot?sslmode=require\n")
    assert load(DatabaseSettings).database_dsn.endswith("sslmode=require")


def test_a_short_or_blank_key_is_refused() -> None:
    write(f"PLATFORM_LINK_KEY={31 * 'k'}\n")
    assert "PLATFORM_LINK_KEY is too short: at least 32 random characters" in refused(LinkSettings)
    write(f"PLATFORM_LINK_KEY={32 * 'k'}\nPLATFORM_LINK_KEY_OLD='   '\n")
    assert "PLATFORM_LINK_KEY_OLD is blank" in refused(LinkSettings)
    write("DB_PASSWORD='   '\n")
    assert "DB_PASSWORD is blank" in refused(DatabaseSettings)
    write(f"PLATFORM_LINK_KEY={32 * 'k'}\nPLATFORM_LINK_KEY_OLD=short-as-it-was\n")
    assert load(LinkSettings).platform_link_key_old == SecretStr("short-as-it-was")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"DB_PASSWORD=pw\nDB_NAME=\xe1\xee\xf2\n", ".env is not UTF-8, line 2"),
        (b"DB_PASSWORD=pw\n\n'DB_NAME\n", ".env line 3 is not NAME=value"),
        (b"DB_PASSWORD=it's\nDB_NAME='it's'\n", ".env line 2 is not NAME=value"),
        (b"DB_PASSWORD=p\0w\n", ".env holds a zero byte"),
    ],
)
def test_a_malformed_file_is_refused_with_the_line(text: bytes, said: str) -> None:
    write(text)
    assert said in refused(DatabaseSettings)


def test_a_file_that_cannot_be_read_is_refused() -> None:
    Path(".env").mkdir()
    assert ".env cannot be read" in refused(DatabaseSettings)


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    write("\ufeffDB_PASSWORD=pw\nLOG_LEVEL=warning\n")
    assert load(DatabaseSettings).log_level == "WARNING"


def test_names_that_are_nearly_ours_are_found_and_those_of_others_are_not() -> None:
    slips = {"GRACE_DAY": "GRACE_DAYS", "WORKER_ROLE": "WORKER_ROLES", "BOT_TELEGRAM_TOKN": "BOT_TELEGRAM_TOKEN"}
    slips |= {"DB_PASS": "DB_PASSWORD", "WEBHOOK_URL": "BOT_WEBHOOK_URL", "OPENAI_API_KEY": "BOT_OPENAI_API_KEY"}
    others = ["HTTP_PROXY", "PATH", "PAYME_MERCHANT_ID", "TRIAL_DAYS", "POSTGRES_PASSWORD", "TZ", "DB", "BOT_"]
    assert likely_typos([*slips, *others, *SETTING_NAMES, "db_host"]) == slips


def test_what_is_missing_is_told_with_what_may_be_behind_it() -> None:
    assert ".env is looked for in the folder of the start" in refused(DatabaseSettings)
    write("DB_PASWORD=pw\n")
    assert ".env: DB_PASWORD is not read; DB_PASSWORD?" in refused(DatabaseSettings)


def _run(*words: str) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, "-m", *words],
        env={"PATH": os.environ["PATH"], "WORKER_HEALTH_PORT": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in ended.stdout
    return ended.returncode, ended.stdout


@cache
def _imported() -> Template:
    operator = (f"mentorium_operator.{name}" for name in ("main", "migrate", "grant", "verify"))
    programs = ("mentorium_bot.main", "mentorium_bot.webhook_app", "mentorium_reporting.main", *operator)
    return Template([*programs, "tests.fixtures.forked_part"], {"PATH": os.environ["PATH"]})


@pytest.mark.parametrize(
    "words",
    [
        ("mentorium_bot.main",),
        ("mentorium_bot.webhook_app",),
        ("mentorium_reporting.main",),
        ("mentorium_operator", "migrate"),
        ("mentorium_operator", "grant", "1", "monthly", "--reason", "x"),
        ("mentorium_operator", "verify", "--platform"),
    ],
    ids=" ".join,
)
async def test_no_program_answers_a_malformed_file_by_a_traceback(words: tuple[str, ...]) -> None:
    write(_MALFORMED)
    with tempfile.TemporaryFile() as output:
        environment = {"PATH": os.environ["PATH"], "WORKER_HEALTH_PORT": "1"}
        process = await _imported().start(words, env=environment, cwd=Path.cwd(), output=output)
        status = await asyncio.wait_for(process.wait(), HANGS_AFTER_S)
        output.seek(0)
        _is_refused(status, output.read().decode())


@pytest.mark.parametrize("words", [("mentorium_runtime.env_file", "true"), ("mentorium_operator", "migrate")])
def test_nor_does_one_that_is_started_as_such(words: tuple[str, ...]) -> None:
    write(_MALFORMED)
    _is_refused(*_run(*words))


def _is_refused(status: int, said: str) -> None:
    assert status == 2
    assert ".env is not UTF-8, line 2" in said
    assert "Traceback" not in said


def test_a_command_is_run_with_the_file_and_the_environment_wins() -> None:
    write("WORKER_HEALTH_PORT=2\nDB_NAME='of the file'\n")
    program = "import os; print(os.environ['WORKER_HEALTH_PORT'], os.environ['DB_NAME'])"
    assert _run("mentorium_runtime.env_file", sys.executable, "-c", program) == (0, "1 of the file\n")


def test_a_slip_is_said_at_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        write(f"BOT_DB_URL=postgresql://nobody@127.0.0.1/nothing\nWORKER_ROLE=ticker\nWEBHOOK_PORT={taken}\n")
        status, said = _run("mentorium_bot.webhook_app")
    assert status == 1
    assert '"setting_not_read"' in said
    assert '"meant": "WORKER_ROLES"' in said
    assert "WEBHOOK_PORT" in said
