"""Golden files: what somebody has read and approved. GOLDEN=write writes them anew; read what has changed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from mentorium_core.reports.model import ReportDocument
from mentorium_core.reports.text import render_report

RULE = "\n" + "=" * 40 + "\n"


def approved(golden: Path, texts: Iterable[str]) -> tuple[str, str]:
    """What is told now and what was approved, to be compared."""
    told = RULE.join(texts) + "\n"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text(told, encoding="utf-8")
    return told, golden.read_text(encoding="utf-8")


def caption_of(document: ReportDocument, language: str) -> str:
    """The caption, and the teacher's words where they follow it."""
    text = render_report(document, language)
    return text.caption if text.words is None else f"{text.caption}\n--- then:\n{text.words}"
