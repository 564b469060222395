"""Is a file of settings fit for production? Each variable that is not is named, with what is wrong, never its value.

What is missing, malformed, left as the template has it, or read by nobody fails, and so does what is dangerous in
production; where SENTRY_ENVIRONMENT says that this is something else, that is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from mentorium_db.platform_check import Finding
from mentorium_db.platform_check.finding import failure, ok, warning
from mentorium_runtime.env_file import ENCODING, likely_typos, names_in_env_file
from mentorium_runtime.networks import host_of, is_of_the_internet
from mentorium_runtime.setting_names import SETTING_NAMES
from mentorium_runtime.settings import problem_of

_TEMPLATE_LINE: Final = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$", re.MULTILINE)
_TRUE: Final = {"1", "true", "yes", "on", "t", "y"}
_SECRETS: Final = re.compile(r"(TOKEN|API_KEY|PASSWORD|SECRET|SECRET_KEY(_OLD)?|LINK_KEY(_OLD)?|TEST_KEY)$")
_WEAK: Final = 12
"""Characters. What a provider gives out is longer, and what an operator makes up should be."""
_WEAK_BELOW: Final = {"BOT_WEBHOOK_SECRET": 22}
"""128 bits: nobody holds back whoever tries it."""
_PLACEHOLDER: Final = re.compile(r"(change[-_ ]?me|your[-_].*|<.*>|\.\.\.|todo)", re.IGNORECASE)
_EXAMPLE: Final = re.compile(r"example\.|:password@|key@host")
"""What tells an example in the template from a default, which may well stay."""
_OFFICIAL: Final = {
    "BOT_TELEGRAM_API_URL": "api.telegram.org",
    "BOT_OPENAI_BASE_URL": "api.openai.com",
    "PAYME_CHECKOUT_URL": "checkout.paycom.uz",
    "PAYME_API_URL": "checkout.paycom.uz",
    "CLICK_PAY_URL": "my.click.uz",
    "CLICK_API_URL": "api.click.uz",
}
_OURS: Final = ("PUBLIC_URL", "BOT_WEBHOOK_URL")
_PORTS: Final = {"BOT_HEALTH_PORT": "8002", "WEBHOOK_PORT": "8001", "WORKER_HEALTH_PORT": "8003"}
_SWITCHES: Final = {
    "CLOCK_FILE": "moves the product's clock: reports and renewals come when it says so; for demonstrations alone",
    "DEV_MODE": "is on: libraries write what they were told, such as addresses with their passwords, into the log",
    "PAYME_TEST_MODE": "is on: the key of Payme's sandbox opens access, without money",
}
_OTHERS: Final = re.compile(r"(COMPOSE|DOCKER|POSTGRES|LC|PYTHON|OTEL|SENTRY|SSL)_\w+|PG[A-Z]+|TZ|LANG|\w+_PROXY")
"""Read by what the product stands on."""


def check_env_file(path: Path, template: Path, kinds: Sequence[type[BaseSettings]]) -> Iterator[Finding]:
    """What holds of each variable; `kinds`: the settings of all processes. SettingsError: it cannot be read at all."""
    names = names_in_env_file(path)
    values = {name: value or "" for name, value in dotenv_values(path, encoding=ENCODING, interpolate=True).items()}
    yield from check_settings({name: values.get(name, "") for name in names}, template, kinds)
    if path.stat().st_mode & 0o077:
        yield warning(str(path), f"others on this machine may read it: chmod 600 {path}")


def check_settings(values: Mapping[str, str], template: Path, kinds: Sequence[type[BaseSettings]]) -> Iterator[Finding]:
    said = {name.upper(): value.strip() for name, value in values.items()}
    filled = {name: value for name, value in said.items() if value}
    documented = _documented(template)
    bad = dict(_problems(filled, kinds))
    for name, value in filled.items():
        example = value in documented.get(name, ()) and _EXAMPLE.search(value)
        if name not in bad and (example or (_SECRETS.search(name) and _PLACEHOLDER.fullmatch(value))):
            bad[name] = "is as in the template: an example, not a value"
    yield from (failure(name, text) for name, text in sorted(bad.items()))
    yield from _unknown(list(values), documented.keys())
    yield from _dangerous(filled)
    yield from _weak({name: value for name, value in filled.items() if name not in bad})
    for name in sorted(filled.keys() & SETTING_NAMES - bad.keys()):
        yield ok(name, "is set")


def _problems(filled: Mapping[str, str], kinds: Sequence[type[BaseSettings]]) -> Iterator[tuple[str, str]]:
    """As each process would say it at its start."""
    given = {name.lower(): value for name, value in filled.items()}
    for kind in kinds:
        try:
            own: Mapping[str, Any] = {name: value for name, value in given.items() if name in kind.model_fields}
            _of_values_alone(kind)(**own)
        except ValidationError as error:
            for detail in error.errors(include_input=False):
                name, _, text = problem_of(kind, detail).partition(" ")
                if name == "BOT_DB_URL" and name not in filled:
                    name, text = "DB_PASSWORD", "is missing (or BOT_DB_URL, which says it all)"
                yield name, text


def _of_values_alone(kind: type[BaseSettings]) -> type[BaseSettings]:
    """The same settings, which look neither at the environment nor at the .env of this folder."""

    class Judged(kind):  # type: ignore[valid-type, misc]
        @classmethod
        def settings_customise_sources(cls, *_: object, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
            return (sources["init_settings"],)

    return Judged


def _documented(template: Path) -> dict[str, set[str]]:
    """Each name of the template with the values that stand there, also in lines that begin with #."""
    found: dict[str, set[str]] = {}
    for name, value in _TEMPLATE_LINE.findall(template.read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(value.strip())
    return found


def _unknown(names: Sequence[str], documented: Iterable[str]) -> Iterator[Finding]:
    known = SETTING_NAMES | set(documented)
    typos = likely_typos(names)
    for name in names:
        if name.upper() in known or (name not in typos and _OTHERS.fullmatch(name.upper())):
            continue
        meant = f": is {typos[name]} meant?" if name in typos else ": take it out, or comment it out"
        yield failure(name, f"is unknown, no process reads it{meant}")


def _dangerous(filled: Mapping[str, str]) -> Iterator[Finding]:
    """`filled`: in capitals, without blanks."""
    live = filled.get("SENTRY_ENVIRONMENT", "production").lower() in {"production", "prod"}
    danger = failure if live else warning
    for name, text in _SWITCHES.items():
        if name in filled and (name == "CLOCK_FILE" or filled[name].lower() in _TRUE):
            yield danger(name, text)
    for name, official in _OFFICIAL.items():
        host = host_of(filled.get(name, ""))
        if host and host != official:
            plain = filled[name].startswith("http:") and is_of_the_internet(host)
            text = f"leads elsewhere than to {official}"
            yield danger(name, f"{text}, over http: secrets in plain sight") if plain else warning(name, text)
    for name in _OURS:
        if filled.get(name, "").startswith("http:"):
            yield danger(name, "is not https: Telegram and browsers would not come, or be overheard")
    yield from _dangerous_servers(filled)
    if filled.get("LOG_LEVEL", "").upper() == "DEBUG":
        yield warning("LOG_LEVEL", "is DEBUG: logs grow, and say more than they should")
    ports: dict[str, str] = {}
    for name, default in _PORTS.items():
        if (other := ports.setdefault(filled.get(name, default), name)) != name:
            yield warning(name, f"is the port of {other}: two processes of one machine cannot share it")


def _dangerous_servers(filled: Mapping[str, str]) -> Iterator[Finding]:
    """Who connects to which database, and how."""
    platform, bot = filled.get("PLATFORM_DB_URL", ""), filled.get("BOT_DB_URL", "")
    user = urlsplit(platform).username if host_of(platform) else None
    if user in {"postgres", "root", "admin"}:
        yield warning("PLATFORM_DB_URL", "names a superuser: the bot reads as a role that may do nothing else")
    elif user is not None and user == (filled.get("DB_USER") if not bot else urlsplit(bot).username):
        yield warning("PLATFORM_DB_URL", "names the role that the bot's own database has: each needs one of its own")
    for name, url in (("PLATFORM_DB_URL", platform), ("BOT_DB_URL", bot)):
        if "sslmode=disable" in url and is_of_the_internet(host_of(url)):
            yield warning(name, "turns encryption off (sslmode=disable) to another machine")
    if "REDIS_PASSWORD" not in filled and "REDIS_URL" not in filled:
        yield warning("REDIS_PASSWORD", "is not set: whoever reaches Redis takes part in conversations")
    folder = filled.get("PROMETHEUS_MULTIPROC_DIR")
    if folder and not Path(folder).is_absolute():
        yield warning("PROMETHEUS_MULTIPROC_DIR", "is no absolute path: each process would count where it was started")


def _weak(filled: Mapping[str, str]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for name in sorted(filled):
        if not _SECRETS.search(name) or name not in SETTING_NAMES:
            continue
        shortest = _WEAK_BELOW.get(name, _WEAK)
        if len(filled[name]) < shortest or len(set(filled[name])) <= 2:
            yield warning(name, f"is weak: shorter than {shortest} characters, or of one or two that are repeated")
        if (other := seen.setdefault(filled[name], name)) != name:
            yield warning(name, f"is the same as {other}: whoever learns one has both")
