"""Write the names and parameters of every Bot API method, as aiogram knows them, into the sandbox's data file.

    python scripts/bot_api_schema.py

To be run after an upgrade of aiogram; a test tells when the file is no longer that of the installed aiogram.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from aiogram import methods
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from pydantic import BaseModel

TARGET = Path(__file__).parents[1] / "apps/sandbox/mentorium_sandbox/telegram/methods/bot_api.json"
_WRAPPERS = (Union, UnionType, Annotated)
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "Boolean"),
    (int, "Integer"),
    (float, "Float"),
    (str, "String"),
    (InputFile, "File"),
    (date, "Integer"),
    (timedelta, "Integer"),
    (list, "Array"),
    (BaseModel, "Object"),
)


def schema() -> dict[str, dict[str, dict[str, str]]]:
    """Each method's required and optional parameters with their kinds, such as "Integer|String"."""
    classes = [getattr(methods, name) for name in methods.__all__]
    real = [
        cls
        for cls in classes
        if isinstance(cls, type) and issubclass(cls, TelegramMethod) and cls is not TelegramMethod
    ]
    return {cls.__api_method__: _parameters(cls) for cls in sorted(real, key=lambda cls: cls.__api_method__)}


def _parameters(method: type[TelegramMethod[Any]]) -> dict[str, dict[str, str]]:
    sorted_out: dict[str, dict[str, str]] = {"required": {}, "optional": {}}
    for name, field in method.model_fields.items():
        kinds = "|".join(sorted(_kinds(field.annotation)))
        sorted_out["required" if field.is_required() else "optional"][name] = kinds
    return sorted_out


def _kinds(annotation: Any) -> set[str]:
    origin = get_origin(annotation)
    if origin in _WRAPPERS:
        inner = get_args(annotation)[:1] if origin is Annotated else get_args(annotation)
        return {kind for part in inner for kind in _kinds(part)}
    if origin is Literal:
        return {"String"}
    plain = origin or annotation
    return {kind for cls, kind in _KINDS if isinstance(plain, type) and issubclass(plain, cls)} - _hidden(plain)


def _hidden(plain: Any) -> set[str]:
    """A Boolean is an Integer to Python only."""
    return {"Integer"} if plain is bool else set()


if __name__ == "__main__":
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(parameters)}" for name, parameters in schema().items())
    TARGET.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
