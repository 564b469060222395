"""A parent's data as they are handed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Export:
    """`document` is for programs (JSON values only), `html` says the same for people."""

    document: dict[str, Any] = field(repr=False)
    json_name: str
    html: str = field(repr=False)
    html_name: str
