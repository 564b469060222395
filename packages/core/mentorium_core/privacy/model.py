"""A parent's data as they are handed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mentorium_kit.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Export:
    """`document` is for programs (JSON values only), `html` says the same for people."""

    document: dict[str, Any] = field(repr=False)
    json_name: str
    html: str = field(repr=False)
    html_name: str


class EraseNotAskedError(RefusedError):
    """A yes to a question that was not asked, is too old, or has been answered with no."""

    message_key = "erase-again"
