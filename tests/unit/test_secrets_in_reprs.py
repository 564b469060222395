"""What a dataclass shows of itself in a log, an event or an error is no secret."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_SECRET = re.compile(r"(?:^|_)(?:secrets?|password|token|secret_key|api_key|pepper)$")
_TEXTS = {"str", "bytes", "str | None", "bytes | None", "tuple[str, ...]"}
_HARMLESS = {"tokens.py:token", "skeleton.py:token"}
"""The words that stand for names in what a model reads."""


def _shown_secrets(path: Path) -> Iterator[str]:
    for one in ast.walk(ast.parse(path.read_text())):
        if isinstance(one, ast.ClassDef) and any("dataclass" in ast.unparse(each) for each in one.decorator_list):
            for field in one.body:
                if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
                    continue
                name, hidden = field.target.id, field.value is not None and "repr=False" in ast.unparse(field.value)
                is_text = ast.unparse(field.annotation) in _TEXTS
                if is_text and _SECRET.search(name) and not hidden and f"{path.name}:{name}" not in _HARMLESS:
                    yield f"{path.relative_to(_ROOT)}: {one.name}.{name}"


def test_no_dataclass_shows_a_secret() -> None:
    ours = [
        path
        for folder in ("packages", "apps")
        for path in (_ROOT / folder).rglob("*.py")
        if "sandbox" not in path.as_posix()
    ]
    assert len(ours) > 100
    assert "\n".join(found for path in ours for found in _shown_secrets(path)) == ""
