"""No pattern of the product has a repetition within a repetition: on a hostile text its search may never end."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as sre_parser  # type: ignore[import-not-found]
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest

import mentorium_ai_client
import mentorium_bot
import mentorium_core
import mentorium_gateways
import mentorium_observability
import mentorium_rendering

_ROOMS: Final = (
    mentorium_ai_client,
    mentorium_bot,
    mentorium_core,
    mentorium_gateways,
    mentorium_observability,
    mentorium_rendering,
)
_REPEATS: Final = {sre.MAX_REPEAT, sre.MIN_REPEAT}


def _modules(room: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        yield importlib.import_module(found.name)


def _patterns(value: object) -> Iterator[re.Pattern[str]]:
    """Those that a module's variable holds, in whatever it holds them."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _patterns(item)
    elif isinstance(value, dict):
        yield from _patterns(list(value.values()))


def _written_in_place(module: ModuleType) -> Iterator[re.Pattern[str]]:
    """`re.search("...", text)` and its like."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        first = node.args[0]
        if of_re and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield re.compile(first.value)


def _nests(parsed: Iterable[Any], *, repeated: bool = False) -> bool:
    """Whether something is repeated a varying number of times within what is repeated without end."""
    for operation, argument in parsed:
        if operation in _REPEATS:
            least, most, body = argument
            if repeated and most > 1 and least != most:
                return True
            if _nests(body, repeated=repeated or most is sre.MAXREPEAT):
                return True
        elif isinstance(argument, tuple | list) and any(
            _nests(part, repeated=repeated) for part in _subpatterns(argument)
        ):
            return True
    return False


def _subpatterns(argument: Iterable[Any]) -> Iterator[Any]:
    for part in argument:
        if isinstance(part, sre_parser.SubPattern):
            yield part
        elif isinstance(part, list):
            yield from _subpatterns(part)


def _all_patterns() -> set[tuple[str, str]]:
    """Module and pattern. Looked for by the test, not before it: four processes collect what one of them runs."""
    return {
        (module.__name__, pattern.pattern)
        for room in _ROOMS
        for module in _modules(room)
        for pattern in [
            *(found for value in vars(module).values() for found in _patterns(value)),
            *_written_in_place(module),
        ]
    }


def test_no_repetition_stands_within_a_repetition() -> None:
    """durability 2: `(?:m|im|i)*` inside a longer pattern stopped the bot for everybody."""
    found = _all_patterns()
    assert len(found) > 30
    assert [(module, pattern) for module, pattern in sorted(found) if _nests(sre_parser.parse(pattern))] == []


@pytest.mark.parametrize(
    "pattern", [r"(?:a|b+)*c", r"(?:x{0,3}\d){6,}", r"(?=(?:\w+\s)*)", r"(a+)+$", "(?:a|(?:b|c*))+"]
)
def test_one_that_nests_is_seen(pattern: str) -> None:
    assert _nests(sre_parser.parse(pattern))
