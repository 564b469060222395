"""What a failed handler, job or webhook was given, as far as it may leave the process: of words only the known ones.

Numbers and ids say which row to look at. A string may be anything a person wrote: only under a few names, and only in
the form of an identifier, is it told; of any other one its length. Callers give under those names words of our own
lists alone, such as a method's that we answer or the data of a button.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from mentorium_observability.redaction import HIDDEN, is_private, scrub

_OUR_WORDS: Final = frozenset(
    ("action", "button", "command", "kind", "message_type", "method", "notice", "path", "provider", "type")
)
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_:./-]{1,64}")
_TOLD: Final = re.compile(r"text of \d+|\d+ values|\[hidden\]")
"""What this file has made of a value before."""


def safe_parameters(parameters: Mapping[str, object]) -> dict[str, object]:
    """A copy that says nothing of a person; harmless twice."""
    return {str(name): _safe(str(name), value) for name, value in parameters.items()}


def _safe(name: str, value: object) -> object:
    if is_private(name):
        return HIDDEN
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if scrub(f" {value} ") == f" {value} " else HIDDEN
    if isinstance(value, str):
        is_ours = name in _OUR_WORDS and _IDENTIFIER.fullmatch(value) is not None and scrub(value) == value
        return value if is_ours or _TOLD.fullmatch(value) else f"text of {len(value)}"
    return f"{len(value)} values" if isinstance(value, Mapping | Sequence) else type(value).__name__
