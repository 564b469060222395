"""`mentorium restore FILE` (`make restore-db FILE=...`): the bot's database becomes what the backup holds.

It is restored beside the old one, migrated, and then takes its name: whatever fails before, the old one stays. Other
sessions are ended; the old one is kept under another name. That takes a role that may make databases, such as a
superuser. A backup older than a quarter of an hour has lost time: who was erased since is erased again, what parents
ended since is ended again, and what was due since counts as done. Exit status 1: not confirmed, or it failed; 2: a
wrong call or role (docs/BACKUPS.md).
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import mentorium_db
from mentorium_core.recovery.commands import end_again, ended_since, erase_again, erased_since, settle
from mentorium_core.recovery.rules import has_lost_time
from mentorium_db.backup.restore import Prepared, RestorePlan, plan, restore
from mentorium_db.backup.swap import name_of
from mentorium_db.migrate import upgrade
from mentorium_db.repositories.recovery import EndedRights
from mentorium_db.roles import APP_ROLE, ensure_app_role
from mentorium_db.server import database_state
from mentorium_db.sqlstates import DRIVER_ERRORS
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError, MentoriumError
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain, failed_by_database
from mentorium_operator.terminal import end_progress, show_progress
from mentorium_runtime.settings import DatabaseSettings, load

_ERASED: Final = re.compile(r"data_erased.*?parent_id\W+(\d+)|parent_id\W+(\d+).*?data_erased|^\s*(\d+)\s*$")


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("restore", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", type=Path, help="as `mentorium backup` has written it")
    source.add_argument("--settle", type=_moment, help="do the rest, where other means have restored to this moment")
    parser.add_argument("--yes", action="store_true", help="do not ask; for scripts")
    parser.add_argument("--erased", type=Path, help="logs of the lost time: who was erased by them is erased again")
    parser.add_argument("--lost-at", type=_moment, help="until when the lost one worked, as 2026-11-28T09:10+05:00")
    parser.add_argument("--as-it-was", action="store_true", help="let what was due since the backup be done (again)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1: not confirmed, the database away, or it failed; 2: a wrong call, backup or role."""
    settings = load(DatabaseSettings)
    clock.configure(settings.clock_file)
    try:
        if arguments.settle:
            asyncio.run(_settle_in_place(settings.database_dsn, arguments))
            return OK
        planned = asyncio.run(plan(settings.database_dsn, arguments.file))
        if not arguments.yes and not _confirmed(settings.database_dsn, planned):
            return complain("Not confirmed: nothing was changed. In a script: CONFIRM=yes (--yes).", FAILURE)
        work = _Restore(settings.database_dsn, planned, arguments)
        asyncio.run(work.run())
    except (MentoriumError, OSError, *DRIVER_ERRORS) as error:
        end_progress()
        return failed_by_database(error, "Not restored")
    return OK


async def _settle_in_place(dsn: str, arguments: argparse.Namespace) -> None:
    """A snapshot, or pg_restore in a container, has brought it back: what is left to do. Nobody works on it yet."""
    mentorium_db.configure(dsn)
    try:
        if arguments.erased:
            count = await erase_again(_named_in(arguments.erased))
            _tell(f"parents who had their data erased since, erased again: {count}")
        settled = await settle(arguments.settle, arguments.lost_at or clock.now())
    finally:
        await mentorium_db.dispose()
    _tell_settled(settled)


def _tell_settled(settled: Mapping[str, int]) -> None:
    for what, count in settled.items():
        _tell(f"  {what}: {count}")


def _confirmed(dsn: str, planned: RestorePlan) -> bool:
    """Somebody types the database's name. The backup's moment is shown: yesterday's is not to be taken for today's."""
    name = name_of(dsn)
    becomes = "will be replaced by" if planned.replaces else "will be made from"
    _tell(f"The database {name} {becomes} the backup of {planned.contents.taken_at:%Y-%m-%d %H:%M:%S} UTC.")
    if not sys.stdin.isatty():
        return False
    sys.stderr.write(f"Type {name} to go on: ")
    return sys.stdin.readline().strip() == name


@dataclass(slots=True)
class _Restore:
    """One restore: what is done to the backup before it takes its place, and what is told."""

    dsn: str
    planned: RestorePlan
    arguments: argparse.Namespace
    settled: Mapping[str, int] = field(default_factory=dict)

    async def run(self) -> None:
        if not self.planned.has_checksum:
            _tell("no checksum lies beside it: whether it is whole is not proven")
        if missing := sorted(self.planned.missing_roles):
            _tell(f"the server has no role {', '.join(missing)}: all will belong to who restores; then `make roles`")
        kept = await restore(self.dsn, self.arguments.file, self.planned, self._prepare, _show)
        end_progress()
        state = await database_state(self.dsn)
        _tell(f"restored: database {state.name}, PostgreSQL {state.server}, schema {state.revision}")
        _tell_settled(self.settled)
        if kept is not None:
            _tell(f'the old database is kept, closed, as {kept}; when all is well: DROP DATABASE "{kept}"')

    async def _prepare(self, prepared: Prepared) -> None:
        """Bring it up to date, before anybody works on it."""
        end_progress()
        said = await upgrade(prepared.dsn, tell=_tell)
        if said.startswith("migrated"):
            _tell(said)
        if APP_ROLE in self.planned.roles:
            await ensure_app_role(prepared.dsn, None)
        taken_at = prepared.taken_at.astimezone(clock.TASHKENT) + clock.offset()
        until = self.arguments.lost_at or clock.now()
        erased, ended = await self._erased(prepared, taken_at), await _ended(prepared, taken_at, until)
        mentorium_db.configure(prepared.dsn)
        try:
            if erased and (count := await erase_again(erased)):
                _tell(f"parents who had their data erased since, erased again: {count}")
            if ended is None:
                _tell("the old database does not tell what parents ended since the backup: it stands again.")
            elif count := await end_again(ended):
                _tell(f"rights, links and consents that parents ended since, ended again: {count}")
            if has_lost_time(taken_at, until) and not self.arguments.as_it_was:
                self.settled = await settle(taken_at, until)
        finally:
            await mentorium_db.dispose()

    async def _erased(self, prepared: Prepared, taken_at: datetime) -> set[int]:
        """By the old database's journal, and by logs."""
        found = _named_in(self.arguments.erased) if self.arguments.erased else set()
        if prepared.old_dsn is not None:
            mentorium_db.configure(prepared.old_dsn)
            try:
                return found | await erased_since(taken_at)
            except (MentoriumError, OSError, *DRIVER_ERRORS):
                pass  # it is empty, or broken: that is why it is replaced
            finally:
                await mentorium_db.dispose()
        if not self.arguments.erased and has_lost_time(taken_at, clock.now()):
            _tell("the old database does not tell who had their data erased since the backup: they are back.")
            _tell("Give the logs of that time, and restore again: --erased FILE (docs/BACKUPS.md)")
        return found


async def _ended(prepared: Prepared, taken_at: datetime, until: datetime) -> EndedRights | None:
    """By the old database; None where it does not tell, and there was time to end anything."""
    if prepared.old_dsn is not None:
        mentorium_db.configure(prepared.old_dsn)
        try:
            return await ended_since(taken_at)
        except (MentoriumError, OSError, *DRIVER_ERRORS):
            pass  # it is empty, or broken: that is why it is replaced
        finally:
            await mentorium_db.dispose()
    return None if has_lost_time(taken_at, until) else EndedRights()


def _named_in(path: Path) -> set[int]:
    """The parents' ids in lines `data_erased` of logs, or in lines that hold a number alone."""
    found = set()
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if match := _ERASED.search(line):
                    found.add(int(next(filter(None, match.groups()))))
    except OSError as error:
        raise ConfigurationError("erased_unreadable", reason=f"{path}: {error.strerror}") from None
    return found


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a moment, such as 2026-11-28T09:10+05:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.TASHKENT)


def _show(begun: int, tables: int) -> None:
    show_progress(f"table {begun} of {tables}")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
