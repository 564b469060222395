"""No file over 400 lines, no function over 50."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 400, 50


def python_files() -> Iterator[Path]:
    for folder in ("apps", "packages", "benchmarks", "scripts", "tests"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "versions" not in path.parts)


def too_long(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if (lines := text.count("\n")) > LONGEST_FILE:
        yield f"{path.relative_to(ROOT)}: {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{path.relative_to(ROOT)}: {node.name}, {lines} lines"


def test_no_file_and_no_function_is_too_long() -> None:
    assert [problem for path in python_files() for problem in too_long(path)] == []


@pytest.mark.parametrize("text", ["\n" * 401, "def f():\n" + "    pass\n" * 50])
def test_what_is_too_long_is_found(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    path = tmp_path / "long.py"
    path.write_text(text, encoding="utf-8")
    assert len(list(too_long(path))) == 1
