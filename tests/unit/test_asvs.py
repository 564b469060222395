"""docs/ASVS.md answers each requirement of levels 1 and 2 once, with places that are there, and counts them truly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "ASVS.md").read_text(encoding="utf-8")
STATES: Final = ("holds", "partly", "missing", "none")
_ROW: Final = re.compile(r"^\| (\d+\.\d+\.\d+)(?: to (\d+\.\d+\.\d+))? \| ([\d, ]+) \| (.*?) \| (.*) \|$", re.MULTILINE)
_COUNTED: Final = re.compile(r"^\| \[?V?(\d+)\b.*?\|" + r" (\d+) \|" * 5 + "$", re.MULTILINE)
_TOTAL: Final = re.compile(r"^\| all \|" + r" (\d+) \|" * 5 + "$", re.MULTILINE)
_CODE: Final = re.compile(r"`([^`]+)`")
_PAGES: Final = re.compile(r"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)")


@dataclass(frozen=True, slots=True)
class Row:
    first: str
    last: str
    levels: str
    state: str
    where: str


def requirements() -> dict[str, int]:
    """The level of each of levels 1 and 2 by its number, in the standard's order."""
    lines = (ROOT / "tests" / "fixtures" / "asvs_5_0_0.txt").read_text(encoding="utf-8").splitlines()
    sections = [line.split() for line in lines if not line.startswith("#")]
    numbered = {
        f"{section}.{place}": int(level) for section, levels in sections for place, level in enumerate(levels, 1)
    }
    assert Counter(numbered.values()) == {1: 70, 2: 183, 3: 92}, "as the standard says of itself"
    return {number: level for number, level in numbered.items() if level < 3}


REQUIREMENTS: Final = requirements()


def rows() -> list[Row]:
    return [Row(first, last or first, *rest) for first, last, *rest in _ROW.findall(PAGE)]


def answered_by(row: Row) -> Iterator[str]:
    """The requirements from its first to its last, as far as they are of levels 1 and 2."""
    for number in dropwhile(lambda one: one != row.first, REQUIREMENTS):
        yield number
        if number == row.last:
            return


def chapter(number: str) -> str:
    return number.partition(".")[0]


def test_each_requirement_is_answered_once_and_in_its_order() -> None:
    assert [number for row in rows() for number in answered_by(row)] == list(REQUIREMENTS)


def test_each_row_says_its_levels() -> None:
    wrong = [
        row
        for row in rows()
        if row.levels != ", ".join(sorted({str(REQUIREMENTS[number]) for number in answered_by(row)}))
    ]
    assert wrong == []


def test_each_state_is_one_of_four_words() -> None:
    assert {row.state for row in rows()} <= set(STATES)


def test_the_counts_on_top_are_true() -> None:
    found = Counter((chapter(number), row.state) for row in rows() for number in answered_by(row))
    counts = {number: tuple(map(int, figures)) for number, *figures in _COUNTED.findall(PAGE)}
    true = {
        number: (*(of := [found[number, state] for state in STATES]), sum(of))
        for number in dict.fromkeys(map(chapter, REQUIREMENTS))
    }
    assert counts == true
    (total,) = _TOTAL.findall(PAGE)
    assert tuple(map(int, total)) == tuple(map(sum, zip(*true.values(), strict=True)))


def test_what_holds_has_a_place_that_is_there() -> None:
    """A file of ours or a page. That each test and link is there, test_documents.py sees to, as of every page."""
    for row in rows():
        named = [code.partition("::")[0] for code in _CODE.findall(row.where)]
        files = [one for one in named if one[0] != "/" and "//" not in one and ("/" in one or (ROOT / one).is_file())]
        assert [file for file in files if not any(ROOT.glob(file))] == [], row.first
        assert row.where.strip(), row.first
        if row.state in {"holds", "partly"}:
            assert files or _PAGES.search(row.where), f"{row.first}: where?"
