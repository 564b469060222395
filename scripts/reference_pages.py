"""Writes the reference pages from the code: `make reference`. A test tells which of them is old."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from scripts import metrics_page, reference_commands, reference_events, reference_variables

DOCS: Final = Path(__file__).parents[1] / "docs"
PAGES: Final[dict[str, Callable[[], str]]] = {
    "COMMANDS.md": reference_commands.page,
    "EVENTS.md": reference_events.page,
    "METRICS.md": metrics_page.page,
    "VARIABLES.md": reference_variables.page,
}

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
        logging.info("docs/%s is written", name)
