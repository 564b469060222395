"""What `make audit` makes of pip-audit's answer, which is status 0 also where nothing was asked."""

from __future__ import annotations

from typing import Any

from scripts.audit import HOLES, NOT_ASKED, judge


def _sound(name: str) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "vulns": []}


def _unknown(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": f"Dependency not found on PyPI and could not be audited: {name} (1.0)"}


def _holed(name: str, *mended: str) -> dict[str, Any]:
    return _sound(name) | {
        "vulns": [{"id": "PYSEC-2026-1", "fix_versions": list(mended), "aliases": [], "description": ""}]
    }


def test_no_hole_is_known() -> None:
    assert judge([_sound("aiogram"), _sound("redis")]) == (0, ["2 packages asked, 0 holes known"])


def test_a_hole_is_named_with_what_mends_it() -> None:
    status, lines = judge([_sound("aiogram"), _holed("redis", "1.1", "2.0"), _holed("pillow")])
    assert status == HOLES
    assert lines[:2] == [
        "redis 1.0: PYSEC-2026-1, mended in: 1.1, 2.0",
        "pillow 1.0: PYSEC-2026-1, mended in: none yet",
    ]


def test_an_index_that_tells_nothing_is_no_clean_bill() -> None:
    status, lines = judge([_unknown("aiogram"), _unknown("redis")])
    assert (status, len(lines)) == (NOT_ASKED, 1)
    assert judge([])[0] == NOT_ASKED


def test_what_was_left_out_is_told() -> None:
    status, lines = judge([_sound("aiogram"), _unknown("redis")])
    assert status == NOT_ASKED
    assert lines == ["1 packages asked, 0 holes known", "not known to the index: redis"]


def test_a_hole_counts_whatever_was_left_out() -> None:
    assert judge([_holed("aiogram"), _unknown("redis")])[0] == HOLES
