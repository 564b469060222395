"""A parent's data as they are handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mentorium_kit.errors import RefusedError


@dataclass(frozen=True, slots=True)
class Export:
    """Everything at once: file name -> content. One is a page for people, one says the same for programs."""

    files: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ExportDue:
    """Too much for an answer at once: a job makes it and sends it. `is_new`: it was not under way already."""

    is_new: bool


class EraseNotAskedError(RefusedError):
    """A yes to a question that was not asked, is too old, or has been answered with no."""

    message_key = "erase-again"
