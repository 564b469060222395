"""`make sbom`: the locked production dependencies as a bill of materials (CycloneDX 1.6, JSON) to standard output.

    python3 -m scripts.sbom > mentorium.cdx.json

Versions, hashes and what needs what are poetry.lock's, licences THIRD_PARTY_NOTICES.md's. It tells no time of its
making, so that two releases can be compared by `diff`.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from scripts.production_requirements import LOCK

_NOTICES: Final = Path("THIRD_PARTY_NOTICES.md")
_PROJECT: Final = Path("pyproject.toml")
_GROUP: Final = "main"
_LICENCE: Final = re.compile(r"^\| ([a-z0-9_.-]+) \| \d[^ ]* \| ([^|]+) \|$", re.MULTILINE)
_NAME: Final = re.compile(r"^[A-Za-z0-9._-]+")
_PURL: Final = "pkg:pypi/{name}@{version}"


def bill_of_materials(lock: Mapping[str, Any], project: Mapping[str, Any], notices: str) -> dict[str, Any]:
    """`project`: the table of that name in pyproject.toml."""
    packages = [package for package in lock["package"] if _GROUP in package["groups"]]
    licences, ref = dict(_LICENCE.findall(notices)), _PURL.format_map(project)
    refs = {package["name"]: _PURL.format_map(package) for package in packages}
    itself = {"type": "application", "bom-ref": ref, "name": project["name"], "version": project["version"]}
    optional = (name for names in lock["extras"].values() for name in names)
    ours = [*project["dependencies"], *optional]
    needs = [_needs(refs[package["name"]], package.get("dependencies", ()), refs) for package in packages]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": itself},
        "components": [_component(package, licences.get(package["name"])) for package in packages],
        "dependencies": [_needs(ref, ours, refs), *needs],
    }


def _component(package: Mapping[str, Any], licence: str | None) -> dict[str, Any]:
    """Each file that may be installed is a place it is given out at, with its own hash."""
    ref = _PURL.format_map(package)
    files = [
        {
            "type": "distribution",
            "url": f"https://pypi.org/simple/{package['name']}/",
            "comment": file["file"],
            "hashes": [{"alg": "SHA-256", "content": file["hash"].removeprefix("sha256:")}],
        }
        for file in package["files"]
    ]
    known = {"licenses": [{"license": {"name": licence}}]} if licence else {}
    named = {"type": "library", "bom-ref": ref, "name": package["name"], "version": package["version"]}
    return {**named, **known, "purl": ref, "externalReferences": files}


def _needs(ref: str, names: Iterable[str], refs: Mapping[str, str]) -> dict[str, Any]:
    """`names`: with what else a requirement says behind them; what production is not locked to is left out."""
    plain = (found[0].lower().replace("_", "-").replace(".", "-") for one in names if (found := _NAME.match(one)))
    return {"ref": ref, "dependsOn": sorted({refs[name] for name in plain if name in refs})}


def main() -> None:
    lock = tomllib.loads(LOCK.read_text(encoding="utf-8"))
    project = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]
    told = bill_of_materials(lock, project, _NOTICES.read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
