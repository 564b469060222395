"""The captions of twelve children, in three languages and both periods, as somebody has read and approved them.

What changes a text changes `golden/<language>.txt`: write it anew with GOLDEN=write, read what has changed, commit it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, get_args

import pytest

from mentorium_core.advice.model import DoneTogether, Memory
from mentorium_core.reports.model import Block, PartialNote, StaleNote, WeekLine
from mentorium_core.reports.rules import compose
from mentorium_core.reports.text import render_report
from mentorium_domain.enums import Language
from tests.unit.core.reports.twelve import MONTH, NOW, TWELVE, UNCOVERED, WEEK

GOLDEN = Path(__file__).parent / "golden"
RULE = "\n" + "=" * 40 + "\n"
READ_ELSEWHERE: Final = {PartialNote, StaleNote, DoneTogether, WeekLine}
"""In `test_text.py`, in `test_sentences.py`, and where a month is told together with its week."""


def told(language: Language) -> str:
    texts = []
    for one in (*TWELVE, UNCOVERED):
        for period in (WEEK, MONTH):
            document = compose(one.facts(period), NOW, one.access, Memory(), asked=True)
            text = render_report(document, language)
            texts.append(text.caption if text.words is None else f"{text.caption}\n--- then:\n{text.words}")
    return RULE.join(texts) + "\n"


@pytest.mark.parametrize("language", Language)
def test_twelve_children_read_as_they_were_approved(language: Language) -> None:
    golden = GOLDEN / f"{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(told(language), encoding="utf-8")
    assert told(language) == golden.read_text(encoding="utf-8")


def test_somebody_has_read_a_block_of_each_kind() -> None:
    documents = [
        compose(one.facts(period), NOW, one.access, Memory(), asked=True)
        for one in (*TWELVE, UNCOVERED)
        for period in (WEEK, MONTH)
    ]
    read = {type(block) for document in documents for block in document.blocks}
    assert read == set(get_args(get_args(Block)[0])) - READ_ELSEWHERE
