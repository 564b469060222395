"""Does a platform's database keep the contract `bot_api_v1`? `docs/PLATFORM.md` tells its makers what it says."""

from __future__ import annotations

from mentorium_db.platform_check.check import check_platform
from mentorium_db.platform_check.finding import Finding, Level

__all__ = ["Finding", "Level", "check_platform"]
