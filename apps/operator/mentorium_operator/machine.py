"""Whether this machine is one that the product can run on: its programs, its clock, its time zones, its roles.

No finding names a person, a host or a secret: the page is pasted into tickets.
"""

from __future__ import annotations

import platform
import shutil
import sys
import time
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mentorium_db import get_session, platform_connection
from mentorium_db.platform_check import Finding
from mentorium_db.platform_check.finding import failure, ok, warning
from mentorium_db.platform_check.role import more_than_reading
from mentorium_db.roles import rights_of_session
from mentorium_db.server import MOST_APART, database_now
from mentorium_kit.errors import MentoriumError
from mentorium_observability.version import installed_version

_OWN_POETRY: Final = Path(".poetry") / "bin" / "poetry"
_TASHKENT_IS: Final = timedelta(hours=5)
NOTICED_S: Final = 2.0


def release() -> Finding:
    version = installed_version() or "not installed"
    return ok("release", f"{version}; Python {sys.version.split()[0]}; {platform.system()} {platform.machine()}")


def poetry() -> Finding:
    if shutil.which("poetry") or _OWN_POETRY.exists():
        return ok("poetry", "is there")
    return warning("poetry", "is missing: `make install` brings it")


def time_zone() -> Finding:
    """Days and hours are Tashkent's: without its data nothing has a date."""
    try:
        offset = datetime.now(ZoneInfo("Asia/Tashkent")).utcoffset()
    except ZoneInfoNotFoundError:
        return failure("time zone", "there are no data of Asia/Tashkent: the package tzdata is missing")
    if offset != _TASHKENT_IS:
        return failure("time zone", f"the data of Asia/Tashkent are wrong: {offset} ahead of UTC instead of 5:00:00")
    return ok("time zone", "Asia/Tashkent is five hours ahead of UTC")


def clock_beside(whose: str, epoch_s: float) -> Finding:
    """This machine's clock beside another one that has just been read."""
    apart = time.time() - epoch_s
    said = f"is {abs(apart):.1f} s {'ahead of' if apart > 0 else 'behind'} {whose}"
    if abs(apart) > MOST_APART.total_seconds():
        return failure("clock", f"{said}: reports and payments go by it; let it be set by NTP")
    return (warning if abs(apart) > NOTICED_S else ok)("clock", said)


def clock_beside_header(whose: str, date: str | None) -> list[Finding]:
    """The same by a `Date` header, which knows whole seconds; none where there is none."""
    try:
        return [clock_beside(whose, parsedate_to_datetime(date).timestamp() + 0.5)] if date else []
    except ValueError:
        return []


async def bot_role() -> list[Finding]:
    """Whom we are in the bot's database, and its clock. The database must be open; nothing where it is away."""
    try:
        async with get_session() as session:
            rights = await rights_of_session(session)
            theirs = await database_now()
    except MentoriumError:
        return []
    if rights is None:
        return []
    found = [clock_beside("the bot's database", theirs.timestamp())]
    if rights.is_superuser:
        return [*found, warning("bot role", "is a superuser: a hole in the product would be one in the whole server")]
    if rights.owns_tables:
        return [*found, warning("bot role", "owns the tables: a hole in the product may drop them (`make roles`)")]
    if rights.makes_roles_or_databases:
        return [*found, warning("bot role", "may make roles or databases, which the product never does")]
    return [*found, ok("bot role", "reads and writes rows, and no more")]


async def platform_role() -> list[Finding]:
    """Whom we are in the platform's. The database must be open; nothing where it is away."""
    try:
        async with platform_connection() as connection:
            more = await more_than_reading(connection)
    except MentoriumError:
        return []
    if "superuser" in more:
        return [failure("platform role", "is a superuser: the bot is to read as a role that may do nothing else")]
    if more:
        named = ", ".join(more[:3])
        return [failure("platform role", f"may do more than read ({named}): `mentorium verify --platform` tells all")]
    return [ok("platform role", "reads, and no more")]
