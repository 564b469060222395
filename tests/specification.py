"""Reads `docs/PROJECT_OVERVIEW.md`, the user's own specification, into lists that a test can check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
_TREE_LINE = re.compile(r"^(?P<indent>[│ ]*)[├└]── (?P<name>\S+)")


@cache
def text() -> str:
    return (ROOT / "docs" / "PROJECT_OVERVIEW.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order; a fence without a word opens a block of language ''."""
    found: list[str] = []
    open_as: str | None = None
    lines: list[str] = []
    for line in text().splitlines():
        fence = line.startswith("```")
        if fence and open_as is None:
            open_as, lines = line[3:].strip(), []
        elif fence:
            if open_as == language:
                found.append("\n".join(lines) + "\n")
            open_as = None
        else:
            lines.append(line)
    return found


def paths() -> list[str]:
    """Every file and folder drawn in the specification's trees, from the repository's root."""
    found: list[str] = []
    for block in _blocks(""):
        lines = block.splitlines()
        if lines and lines[0].endswith("/") and any(_TREE_LINE.match(line) for line in lines):
            found += _tree(lines)
    documents = re.findall(r"^\| `([A-Z0-9_]+\.md)` \|", text(), flags=re.MULTILINE)
    return sorted({*found, *(f"docs/{name}" for name in documents)})


def _tree(lines: list[str]) -> list[str]:
    root = lines[0].rstrip("/")
    stack = [] if root == "Mentorium-Chat-Bot" else [root]
    found = list(stack)
    depth = len(stack)
    for line in lines[1:]:
        if match := _TREE_LINE.match(line):
            level = depth + len(match["indent"]) // 4
            stack = [*stack[:level], match["name"].rstrip("/")]
            found.append("/".join(stack))
    return found


@dataclass(frozen=True, slots=True)
class Column:
    table: str
    name: str
    type: str
    required: bool
    unique: bool

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def columns() -> list[Column]:
    """Every column of the specification's CREATE TABLE statements."""
    found = []
    for block in _blocks("sql"):
        for table, body in re.findall(r"CREATE TABLE (\w+) \((.*?)^\);", block, flags=re.MULTILINE | re.DOTALL):
            for line in filter(None, (raw.split("--")[0].strip().rstrip(",") for raw in body.splitlines())):
                name, type_, rest = re.fullmatch(r"(\w+) (\w+(?:\([\d,]+\))?)(.*)", line).groups()  # type: ignore[union-attr]
                required = "NOT NULL" in rest or "PRIMARY KEY" in rest
                found.append(Column(table, name, type_, required, "UNIQUE" in rest))
    return found


def make_targets() -> list[str]:
    return sorted(set(re.findall(r"\bmake ([a-z][a-z-]*)", text())))


def variables() -> list[str]:
    """The environment variables that the specification names."""
    return sorted(set(re.findall(r"^- `([A-Z]+(?:_[A-Z]+)+)` -", text(), flags=re.MULTILINE)))


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    labels: frozenset[str]

    def __str__(self) -> str:
        return self.name


def metrics() -> list[Metric]:
    block = next(block for block in _blocks("") if "telegram_messages_total" in block)
    found = []
    for name, labels in re.findall(r"^([a-z_]+)(?:\{(.*)\})?$", block, flags=re.MULTILINE):
        found.append(Metric(name, frozenset(re.findall(r"(\w+)=", labels))))
    return found


def endpoints() -> list[str]:
    return sorted(set(re.findall(r"`(?:GET|POST) (/[a-z/]+)`", text())))


def sample(part: str) -> str:
    """The one Python sample that holds this text, verbatim."""
    (found,) = [block for block in _blocks("python") if part in block]
    return found
