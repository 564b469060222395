"""The product's clock in a test's hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClockInHand:
    file: Path

    def to(self, offset: timedelta) -> None:
        """So far from now the clock stands."""
        self.file.write_text(str(offset.total_seconds()))
