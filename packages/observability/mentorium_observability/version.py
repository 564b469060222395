"""Which release of the product this is."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from typing import Final

_DISTRIBUTION: Final = "mentorium-chat-bot"


@cache
def installed_version() -> str | None:
    """None where the product runs without having been installed."""
    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return None
