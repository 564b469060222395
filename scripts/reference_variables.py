"""Every setting of every process: kind, default, who reads it, and the words of `.env.template`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from mentorium_bot.config import BotSettings, WebhookAppSettings
from mentorium_operator.backup import BackupSettings
from mentorium_operator.config import ProductSettings
from mentorium_reporting.config import WorkerSettings


class OperatorSettings(ProductSettings, BackupSettings):
    """What all of the operators' subcommands read together."""


TEMPLATE: Final = Path(__file__).parents[1] / ".env.template"
_READERS: Final[dict[str, type[BaseSettings]]] = {
    "bot": BotSettings,
    "webhook app": WebhookAppSettings,
    "worker": WorkerSettings,
    "mentorium": OperatorSettings,
}
_OF_THE_ENVIRONMENT: Final = {"PROMETHEUS_MULTIPROC_DIR": ("path", "bot, webhook app, worker")}
"""Read by a library, past our settings."""
_SECTION: Final = re.compile(r"# --- (.+?) -+")
_SETTING: Final = re.compile(r"(?:# )?([A-Z][A-Z0-9_]+)=(.*)")
_BOUNDS: Final = {Ge: "from {}", Gt: "above {}", Le: "to {}", Lt: "below {}"}
_HEAD: Final = """# Variables

Written by `scripts/reference_pages.py` from the processes' settings and `.env.template`; a test says when it is old.
They come from the environment, or from `.env` in the folder of the start; the environment wins. A process with a wrong
or missing setting does not start: it names every one, without a value, and ends with status 2. `make validate` asks the
same before. *secret*: never written to a log, an error or an image. *required* by those named. `mentorium`, the
operators' command, asks for no more than a subcommand uses. Where the last column is empty, the row above tells of it
as well.
"""
_TABLE: Final = "\n| variable | kind | default | read by | what it is |\n|---|---|---|---|---|\n"


@dataclass(frozen=True, slots=True)
class Described:
    section: str
    name: str
    words: str


def page() -> str:
    """The page as it should be. ValueError where the template lacks a setting, or tells of one that nobody reads."""
    described = {one.name: one for one in _template()}
    known = {name.upper() for kind in _READERS.values() for name in kind.model_fields} | set(_OF_THE_ENVIRONMENT)
    if odd := known ^ set(described):
        raise ValueError(f"either in .env.template or read, not both: {', '.join(sorted(odd))}")
    return _HEAD + "".join(_rows(list(described.values())))


def _rows(described: list[Described]) -> Iterator[str]:
    section = ""
    for one in described:
        if one.section != section:
            section = one.section
            yield f"\n## {section}\n{_TABLE}"
        kind, default, readers = _facts(one.name)
        yield f"| `{one.name}` | {kind} | {default} | {readers} | {one.words} |\n"


def _template() -> Iterator[Described]:
    """In its order. Words stand before the setting they tell of; those behind it share them, and have none."""
    section, words, seen = "", list[str](), set[str]()
    for line in TEMPLATE.read_text(encoding="utf-8").splitlines():
        if heading := _SECTION.match(line):
            section, words = heading[1], []
        elif setting := _SETTING.fullmatch(line):
            if setting[1] not in seen:  # further examples of one setting
                yield Described(section, setting[1], " ".join(words).replace("|", "\\|"))
            seen.add(setting[1])
            words = []
        elif line.startswith("# "):
            words.append(line[2:].strip())
        else:
            words = []


def _facts(name: str) -> tuple[str, str, str]:
    """Kind, default, readers."""
    if name in _OF_THE_ENVIRONMENT:
        kind, readers = _OF_THE_ENVIRONMENT[name]
        return kind, "", readers
    fields = {reader: kind.model_fields.get(name.lower()) for reader, kind in _READERS.items()}
    found = {reader: field for reader, field in fields.items() if field is not None}
    field = next(iter(found.values()))
    required = [reader for reader, one in found.items() if one.is_required()]
    default = f"*required* ({', '.join(required)})" if required else _default(field)
    return _kind(field), default, "all" if found.keys() == _READERS.keys() else ", ".join(found)


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if isinstance(value, SecretStr) or value in (None, ""):
        return ""
    if isinstance(value, frozenset):
        value = ",".join(sorted(map(str, value)))
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _kind(field: FieldInfo) -> str:
    types = [one for one in (get_args(field.annotation) or (field.annotation,)) if one is not type(None)]
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(field.annotation))
    one = types[0]
    if get_origin(one) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(one))
    if get_origin(one) is not None and get_args(one):  # Annotated[...]: what it stands on
        one = get_args(one)[0]
    if isinstance(one, type) and issubclass(one, Enum):
        return "list: " + ", ".join(f"`{value.value}`" for value in one)
    words = {SecretStr: "*secret*", bool: "`true`, `false`", int: "whole number", Path: "path", str: "text"}
    bounds = [_BOUNDS[type(each)].format(next(iter(_values(each)))) for each in field.metadata if type(each) in _BOUNDS]
    return " ".join([words.get(one, "number"), *bounds])


def _values(bound: object) -> Iterator[object]:
    for name in ("ge", "gt", "le", "lt"):
        if hasattr(bound, name):
            yield getattr(bound, name)
