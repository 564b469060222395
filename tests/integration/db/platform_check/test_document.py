"""What `docs/PLATFORM.md` tells the platform's team is what the product does."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mentorium_core.identity.rules import read_link_code
from mentorium_db.platform_check.contract import VIEWS
from mentorium_domain.enums import Language
from mentorium_domain.language import TITLE_COLUMNS

_DOCUMENT = (Path(__file__).parents[4] / "docs" / "PLATFORM.md").read_text(encoding="utf-8")
_VECTORS = re.findall(
    r"^\| `(?P<key>[^`]+)` \| (\d+) \| (\d+) \| `([0-9a-f]{12})` \| `([\w-]{47})` \|$", _DOCUMENT, flags=re.MULTILINE
)


def _sample(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", _DOCUMENT, flags=re.MULTILINE | re.DOTALL)
    assert found, language
    return found[1]


def test_there_are_vectors() -> None:
    assert len(_VECTORS) == 3


@pytest.mark.parametrize(("key", "guardian_id", "expiry", "nonce", "code"), _VECTORS)
def test_the_product_reads_the_vector(key: str, guardian_id: str, expiry: str, nonce: str, code: str) -> None:
    expires_at = datetime.fromtimestamp(int(expiry), UTC)
    read = read_link_code(code, [key], expires_at - timedelta(minutes=14))
    assert (read.guardian_id, read.expires_at, read.nonce.hex()) == (int(guardian_id), expires_at, nonce)


@pytest.mark.parametrize(("key", "guardian_id", "expiry", "nonce", "code"), _VECTORS)
def test_the_python_sample_makes_the_vector(key: str, guardian_id: str, expiry: str, nonce: str, code: str) -> None:
    program = f"{_sample('python')}\nprint(link_code({key!r}, {guardian_id}, {expiry}, bytes.fromhex({nonce!r})))"
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == code


def test_every_view_and_column_is_told() -> None:
    rows = dict(re.findall(r"^\| `(v_\w+)` \|(.*)$", _DOCUMENT, flags=re.MULTILINE))
    assert rows.keys() == {view.name for view in VIEWS}
    for view in VIEWS:
        told = set(re.findall(r"`(\w+)", rows[view.name].replace(", ", "` `")))
        told |= set(TITLE_COLUMNS) if "titles" in rows[view.name] else set()
        assert {column.name for column in view.columns} <= told, view.name


def test_every_title_and_every_language_is_told() -> None:
    assert [column for column in TITLE_COLUMNS if f"`{column}`" not in _DOCUMENT] == []
    (languages,) = re.findall(r"`locale text` \(([a-z, ]+)\)", _DOCUMENT)
    assert set(languages.split(", ")) == set(Language)
