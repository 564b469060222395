"""aiogram's flags: what a handler asks of the middleware around it."""

from __future__ import annotations

from typing import Final

NEEDS_FAMILY: Final = {"needs_family": True}
"""The handler gets `family`, the children its parent may view now and which of them are covered."""
