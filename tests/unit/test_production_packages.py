"""What is imported is locked for whoever imports it, and what is locked for production is imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = [*(ROOT / "packages").iterdir(), *(path for path in (ROOT / "apps").iterdir() if path.name != "sandbox")]
USED_UNSEEN = {"tzdata", "httptools"}
"""zoneinfo reads one where the machine has no time zones; uvicorn takes the other where it is there."""


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported(path: Path) -> Iterator[str]:
    """Top-level names of other people's modules, those imported inside functions included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        yield from (name.partition(".")[0] for name in names)


def _used() -> dict[str, set[str]]:
    """By imported name: the packages that may hold it (a name space has several)."""
    names = {name for room in PRODUCT for path in room.rglob("*.py") for name in _imported(path)}
    foreign = {name for name in names if name not in sys.stdlib_module_names and not name.startswith("mentorium_")}
    held = packages_distributions()
    return {name: {_canonical(package) for package in held[name]} for name in foreign}


def test_every_import_is_locked_for_production() -> None:
    lock = tomllib.loads((ROOT / "poetry.lock").read_text(encoding="utf-8"))
    locked = {_canonical(package["name"]) for package in lock["package"] if "main" in package["groups"]}
    assert {name: packages for name, packages in _used().items() if not packages & locked} == {}


def test_what_a_newcomer_has_is_enough_for_all_but_the_lane_of_the_system() -> None:
    """CI has installed the packages of `make test-system` before it runs anything."""
    lock = tomllib.loads((ROOT / "poetry.lock").read_text(encoding="utf-8"))
    further = {
        _canonical(package["name"]) for package in lock["package"] if set(package["groups"]) <= {"system", "audit"}
    }
    assert "playwright" in further
    places = [ROOT / name for name in ("apps", "benchmarks", "packages", "scripts", "tests")]
    found = [ROOT / "conftest.py", *(path for place in places for path in place.rglob("*.py"))]
    paths = [path for path in found if not path.is_relative_to(ROOT / "tests" / "system")]
    held = packages_distributions()
    modules = [name for name, packages in held.items() if {_canonical(package) for package in packages} & further]
    imports_one = re.compile(
        rf"^\s*(?:import|from) (?:{'|'.join(map(re.escape, ['playwright', *modules]))})\b", re.MULTILINE
    )
    assert [path for path in paths if imports_one.search(path.read_text(encoding="utf-8"))] == []


def test_no_production_dependency_is_unused() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {_canonical(re.split(r"[\[<>=~ ]", one)[0]) for one in project["dependencies"]}
    used = {package for packages in _used().values() for package in packages}
    assert wanted - used == USED_UNSEEN
