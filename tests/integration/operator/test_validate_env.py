"""`scripts/validate_env.py`: names each variable that is not fit, and prints no value."""

from __future__ import annotations

import importlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "scripts" / "validate_env.py"
SECRET = "hunter22-hunter22"
FILLED = {
    "BOT_TELEGRAM_TOKEN": f"123456789:{SECRET}-of-telegram",
    "BOT_OPENAI_API_KEY": f"sk-{SECRET}",
    "DB_PASSWORD": f"{SECRET}-db",
    "REDIS_PASSWORD": f"{SECRET}-redis",
    "PAYME_SECRET_KEY": f"{SECRET}-payme",
    "CLICK_SECRET_KEY": f"{SECRET}-click",
    "PLATFORM_DB_URL": f"postgresql://mentorium_reader:{SECRET}@db.example.uz:5432/platform",
    "PLATFORM_LINK_KEY": f"{SECRET}-of-links-and-thirty-two-long",
    "PAYMENT_PROVIDERS": "stars",
}


def template(**changed: str) -> str:
    """The template with the specification's secrets filled in, and these."""
    lines = (ROOT / ".env.template").read_text(encoding="utf-8").splitlines()
    for name, value in {**FILLED, **changed}.items():
        places = [number for number, line in enumerate(lines) if line.removeprefix("# ").startswith(f"{name}=")]
        if places:
            lines[places[0]] = f"{name}={value}"
        else:
            lines.append(f"{name}={value}")
    return "\n".join(lines) + "\n"


Judge = Callable[..., tuple[int, str]]


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Judge:
    """Its exit status and all it says of a file of this text, here; the file alone counts."""
    monkeypatch.syspath_prepend(str(SCRIPT.parent))
    monkeypatch.setenv("BOT_DB_URL", "postgresql://u:p@elsewhere/db")
    monkeypatch.chdir(tmp_path)
    main = importlib.import_module("validate_env").main

    def judge(text: str, *words: str) -> tuple[int, str]:
        file = tmp_path / "production.env"
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        status = main([str(file), *words])
        said = "".join(capsys.readouterr())
        assert SECRET not in said
        return status, said

    return judge


def test_the_template_with_its_secrets_filled_in_passes(judged: Judge) -> None:
    status, output = judged(template())
    assert (status, "FAIL" in output) == (0, False), output
    assert "\033" not in output, "nobody looks: no colour"


@pytest.mark.parametrize("name", ["BOT_TELEGRAM_TOKEN", "BOT_OPENAI_API_KEY", "DB_PASSWORD", "PLATFORM_DB_URL"])
def test_what_is_missing_is_named(judged: Judge, name: str) -> None:
    status, output = judged(template(**{name: ""}), "--quiet")
    assert status == 1
    assert [line.split()[1] for line in output.splitlines() if line.startswith("FAIL")] == [name]


def test_everything_that_is_wrong_is_named_at_once(judged: Judge) -> None:
    wrong = {
        "BOT_TELEGRAM_TOKEN": SECRET,
        "PLATFORM_LINK_KEY": "short",
        "DB_PORT": "70000",
        "BOT_MODE": "webhook",
        "WORKER_ROLES": "ticker,tailor",
        "BOT_UPDATES_AT_ONCE": "none",
        "BACKUP_KEEP_DAYS": "-1",
        "SENTRY_DSN": "https://key@host/1",
        "PUBLIC_URL": "http://bot.mentorium.uz",
        "REDIS_PASSWORD": "changeme",
        "GRACE_DAY": "9",
        "MY_OWN_NAME": "x",
        "CLOCK_FILE": "/tmp/clock",
        "DEV_MODE": "true",
        "BOT_OPENAI_BASE_URL": "http://api.cheap.example/v1",
    }
    status, output = judged(template(**wrong), "--quiet")
    assert status == 1
    named = {line.split()[1] for line in output.splitlines() if line.startswith("FAIL")}
    assert named == (wrong.keys() - {"BOT_MODE"}) | {"BOT_WEBHOOK_SECRET"}, output
    assert "is GRACE_DAYS meant?" in output


def test_what_is_dangerous_in_production_is_a_warning_elsewhere(judged: Judge) -> None:
    status, output = judged(template(SENTRY_ENVIRONMENT="staging", CLOCK_FILE="/tmp/clock", DEV_MODE="1"))
    assert (status, output.count("WARN  CLOCK_FILE") + output.count("WARN  DEV_MODE")) == (0, 2), output


@pytest.mark.parametrize(("length", "is_told"), [(16, True), (21, True), (22, False)])
def test_a_secret_of_our_own_making_has_128_bits(judged: Judge, length: int, is_told: bool) -> None:
    """22 of the 64 characters that Telegram allows."""
    ours = {"BOT_MODE": "webhook", "BOT_WEBHOOK_URL": "https://bot.example.org/webhooks/telegram"}
    status, output = judged(template(**ours, BOT_WEBHOOK_SECRET=f"{SECRET}-abcdefghijklmnop"[-length:]))
    assert (status, "BOT_WEBHOOK_SECRET is weak" in " ".join(output.split())) == (0, is_told), output


@pytest.mark.parametrize(("host", "is_told"), [("db.example.uz", True), ("postgres.data.svc", False), ("db", False)])
def test_encryption_is_missed_only_on_the_way_through_the_internet(judged: Judge, host: str, is_told: bool) -> None:
    """As `doctor` has it."""
    status, output = judged(template(PLATFORM_DB_URL=f"postgresql://reader:{SECRET}@{host}/platform?sslmode=disable"))
    assert (status, "turns encryption off" in output) == (0, is_told), output


def test_a_file_that_is_not_readable_fails(judged: Judge) -> None:
    assert judged("A LINE\n")[0] == 1


def test_the_script_starts_with_any_python(tmp_path: Path) -> None:
    """As the specification writes it: `python scripts/validate_env.py`; it goes on in .venv."""
    ended = subprocess.run(
        ["python3", str(SCRIPT), "nowhere.env"],
        cwd=tmp_path,
        env={"PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, "there is no file nowhere.env" in ended.stdout) == (1, True), ended
