"""Names of the product's code: one class of a name, errors end in Error, the field's words stand where they live."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The field's word, and a file whose docstring bears it in the first line.
WHERE_WORDS_LIVE = {
    "rate limiter": "packages/gateways/mentorium_gateways/telegram/rate_limiter.py",
    "token bucket": "packages/gateways/mentorium_gateways/telegram/rate_limiter.py",
    "retry": "packages/gateways/mentorium_gateways/telegram/retries.py",
    "back-off": "packages/kit/mentorium_kit/backoff.py",
    "idempotency": "packages/core/mentorium_core/reports/idempotency_keys.py",
    "outbox": "packages/core/mentorium_core/notifications/rules.py",
    "one-time": "packages/core/mentorium_core/identity/one_time_code.py",
    "pseudonym": "packages/core/mentorium_core/pseudonymisation/tokens.py",
    "negotiation": "packages/core/mentorium_core/i18n/negotiation.py",
}


@cache
def product_files() -> tuple[Path, ...]:
    folders = (ROOT / "packages", ROOT / "apps")
    found = (path for folder in folders for path in folder.rglob("*.py") if "sandbox" not in path.parts)
    return tuple(sorted(found))


@cache
def classes() -> dict[str, list[tuple[Path, tuple[str, ...]]]]:
    """By name: where each class stands, and the last parts of its bases' names."""
    found = defaultdict(list)
    for path in product_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = tuple(ast.unparse(base).rpartition(".")[2] for base in node.bases)
                found[node.name].append((path.relative_to(ROOT), bases))
    return found


def is_error(name: str) -> bool:
    if name in {"Exception", "BaseException"} or name.endswith(("Error", "Exception")):
        return True
    return any(is_error(base) for _, bases in classes().get(name, ()) for base in bases if base != name)


def test_no_two_classes_have_one_name() -> None:
    assert len(classes()) > 100
    assert {name: places for name, places in classes().items() if len(places) > 1} == {}


def test_every_error_ends_in_error() -> None:
    errors = [name for name in classes() if is_error(name)]
    assert len(errors) > 10
    assert [name for name in errors if not name.endswith("Error")] == []


@pytest.mark.parametrize(("word", "path"), WHERE_WORDS_LIVE.items())
def test_the_word_of_the_field_stands_in_the_first_line(word: str, path: str) -> None:
    docstring = ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    assert docstring is not None
    assert word in docstring.partition("\n")[0].lower()
