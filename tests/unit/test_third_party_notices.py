"""THIRD_PARTY_NOTICES.md names every package that a production environment installs, in the locked version."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_notices_name_what_is_locked() -> None:
    packages = tomllib.loads((ROOT / "poetry.lock").read_text(encoding="utf-8"))["package"]
    installed = {distribution.name.lower().replace("_", "-").replace(".", "-") for distribution in distributions()}
    # A lock file also holds what only another system or an older Python needs.
    locked = {
        package["name"]: package["version"]
        for package in packages
        if "main" in package["groups"] and package["name"] in installed
    }
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| ([a-z0-9_.-]+) \| (\d[^ ]*) \| [^|]+ \|$", notices, flags=re.MULTILINE))
    assert told == locked


def test_files_of_others_are_where_the_notices_say() -> None:
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8")
    folders = re.findall(r"\| `(packages/[^`]+)` \|", notices)
    assert folders
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
