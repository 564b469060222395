"""`make sbom`: the bill of materials names what production is locked to, with its hashes, and is always the same."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from scripts import sbom

ROOT = Path(__file__).parents[2]


@pytest.fixture
def bill(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    monkeypatch.chdir(ROOT)
    sbom.main()
    first = capsys.readouterr().out
    sbom.main()
    assert capsys.readouterr().out == first, "a bill that changes by itself can be compared with nothing"
    told: dict[str, Any] = json.loads(first)
    return told


@pytest.fixture
def locked() -> dict[str, dict[str, Any]]:
    packages = tomllib.loads((ROOT / "poetry.lock").read_text(encoding="utf-8"))["package"]
    return {package["name"]: package for package in packages if "main" in package["groups"]}


def test_it_names_what_is_locked_for_production(bill: dict[str, Any], locked: dict[str, Any]) -> None:
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert {one["name"]: one["version"] for one in bill["components"]} == {
        name: package["version"] for name, package in locked.items()
    }
    release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert bill["metadata"]["component"]["version"] == release


def test_each_package_has_its_address_its_hashes_and_its_licence(bill: dict[str, Any], locked: dict[str, Any]) -> None:
    for one in bill["components"]:
        assert one["purl"] == one["bom-ref"] == f"pkg:pypi/{one['name']}@{one['version']}"
        told = {(hash_["alg"], hash_["content"]) for file in one["externalReferences"] for hash_ in file["hashes"]}
        assert told == {("SHA-256", file["hash"].removeprefix("sha256:")) for file in locked[one["name"]]["files"]}
    licences = {one["name"]: one["licenses"][0]["license"]["name"] for one in bill["components"] if "licenses" in one}
    assert licences["aiogram"] == "MIT"
    assert len(licences) > len(bill["components"]) * 0.9, "what is for another system alone has none in the notices"


def test_what_a_package_needs_is_in_it(bill: dict[str, Any]) -> None:
    needs = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    known = {one["bom-ref"] for one in bill["components"]}
    assert needs.keys() == known | {bill["metadata"]["component"]["bom-ref"]}
    assert {ref for refs in needs.values() for ref in refs} <= known
    aiogram = next(ref for ref in known if ref.startswith("pkg:pypi/aiogram@"))
    assert any(ref.startswith("pkg:pypi/aiohttp@") for ref in needs[aiogram])
    assert aiogram in needs[bill["metadata"]["component"]["bom-ref"]]
