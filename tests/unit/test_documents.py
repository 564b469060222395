"""What the documents name is there: files and folders, tests, make's targets."""

from __future__ import annotations

import hashlib
import re
from itertools import product
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
GENERATED: Final = {"docs/COMMANDS.md", "docs/EVENTS.md", "docs/VARIABLES.md"}
"""From the code itself, where a path is said from within its package."""
THE_USERS: Final = {"docs/PROJECT_OVERVIEW.md"}
"""Written by them; `tests/test_specification.py` holds us to it."""
DOCUMENTS: Final = (
    *("README.md", "README.ru.md", "CONTRIBUTING.md", "benchmarks/README.md", "docs/decisions/README.md"),
    *sorted(
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "docs").glob("*.md")
        if path.relative_to(ROOT).as_posix() not in GENERATED | THE_USERS
    ),
)
FOR_DEVELOPERS: Final = ("CONTRIBUTING.md", "docs/HOW_TO.md", "docs/TESTING.md")
_PATH: Final = re.compile(
    r"(?<![\w./<>-])(?:apps|packages|tests|docs|scripts|benchmarks|deploy|\.ci|\.github)/[\w./*{},<>-]*"
)
_LINK: Final = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_TEST: Final = re.compile(r"((?:tests|apps)/[\w/]+\.py)::(\w+)")
_FILE: Final = re.compile(r"^((?:[\w-]+/)*\w[\w-]*\.(?:py|typ|ftl|toml|txt|sql))(?:::(\w+))?$", re.MULTILINE)
_NAME: Final = re.compile(r"^[A-Za-z_]\w+(?:\.(?!(?:py|typ|ftl|toml|txt|sql)$)[A-Za-z_]\w*)*(?:\(\))?$", re.MULTILINE)
_TARGET: Final = re.compile(r"^make ([a-z]+(?:-[a-z]+)*)", re.MULTILINE)


def text(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def code(document: str) -> str:
    """What stands in backticks: spans within a line, each as a line of its own, and fenced blocks."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text(document), re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", text(document))
    return "\n".join([*spans, *fenced])


def paths(document: str) -> set[str]:
    """Paths from the repository's root; of one with a placeholder (`<subject>`) the folder before it."""
    found = {re.sub(r"/[^/]*<.*", "", match).rstrip(".,") for match in _PATH.findall(text(document))}
    return {each for path in found for each in written_out(path)}


def written_out(path: str) -> list[str]:
    """`a/{b,c}.md` is `a/b.md` and `a/c.md`."""
    parts = re.split(r"\{([^{}]*)\}", path)
    choices = [part.split(",") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*choices)]


def in_folders(pattern: str) -> list[Path]:
    """The files of our folders of code that match."""
    return [
        path
        for folder in ("apps", "packages", "tests", "scripts", "benchmarks")
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    ]


def is_there(path: str) -> bool:
    return any(ROOT.glob(path))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_is_there(document: str) -> None:
    assert [path for path in sorted(paths(document)) if not is_there(path)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    folder = (ROOT / document).parent
    links = [(link, (folder / link).resolve()) for link in _LINK.findall(text(document))]
    missing = [link for link, path in links if not path.exists() and not is_there(str(path.relative_to(ROOT)))]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_is_there(document: str) -> None:
    named = set(_TEST.findall(text(document)))
    assert [f"{path}::{name}" for path, name in sorted(named) if f"def {name}(" not in text(path)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_target_of_make_is_there(document: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    assert set(_TARGET.findall(code(document))) - targets == set()


@pytest.mark.parametrize("document", FOR_DEVELOPERS)
def test_every_file_and_test_that_is_named_by_its_end_is_there(document: str) -> None:
    files = [path.relative_to(ROOT).as_posix() for path in (*in_folders("*"), *ROOT.glob("*.toml"))]
    for path, test in _FILE.findall(code(document)):
        ends = [file for file in files if f"/{file}".endswith(f"/{path}")]
        assert ends, path
        assert not test or any(f"def {test}(" in text(file) for file in ends), f"{path}::{test}"


@pytest.mark.parametrize("document", FOR_DEVELOPERS)
def test_every_name_is_in_the_code(document: str) -> None:
    at_the_root = [ROOT / name for name in ("pyproject.toml", ".env.template", "Makefile")]
    places = [*in_folders("*.py"), *in_folders("*.sql"), *at_the_root]
    known = {word for path in places for word in re.findall(r"[A-Za-z_]\w*", path.read_text(encoding="utf-8"))}
    named = {word for name in _NAME.findall(code(document)) for word in re.findall(r"[A-Za-z_]\w*", name)}
    assert sorted(named - known) == []


def test_the_recipes_end_in_tests() -> None:
    recipes = re.split(r"^## ", text("docs/HOW_TO.md"), flags=re.MULTILINE)[1:]
    assert len(recipes) >= 8
    assert [recipe.partition("\n")[0] for recipe in recipes if not _TEST.search(recipe)] == []


def test_the_page_of_failures_names_each_test_that_survives_one() -> None:
    """`make failures` writes it; a failure that has a test has its place in `tests/hardship/failures.py`.

    What is tried of a provider's calls (races, kills, mutations) shows in no health page, and has none.
    """
    files = [
        file
        for file in sorted((ROOT / "tests" / "hardship").glob("test_*.py"))
        if not file.name.startswith(("test_payme_", "test_click_", "test_stars_"))
    ]
    tests = re.findall(r"^async def (test_\w+)", "".join(file.read_text() for file in files), re.MULTILINE)
    assert tests
    assert [name for name in tests if f"`{name}`" not in text("docs/FAILURES.md")] == []


def test_the_index_leads_to_every_page() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages - set(_LINK.findall(text("docs/README.md"))) == set()


def test_the_specification_is_untouched() -> None:
    told = hashlib.sha256((ROOT / "docs" / "PROJECT_OVERVIEW.md").read_bytes()).hexdigest()
    assert told == "81a6d5897f1b642cd6fed2d67917e77be9a54a5386072c3b4badfa51268e5110"


def test_each_phase_has_a_place_and_a_test_that_are_there() -> None:
    phases = re.findall(r"^\| ([1-8]) .*?\| (.*?) \| (.*?) \|$", text("docs/PROJECT_COMPLETE.md"), re.MULTILINE)
    assert [number for number, _, _ in phases] == list("12345678")
    for _, places, tests in phases:
        named = [each.partition("::")[0] for each in re.findall(r"`([^`]+)`", places + tests)]
        assert [path for path in named if not is_there(path)] == []
        assert "`tests/" in tests
