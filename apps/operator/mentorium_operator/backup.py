"""`mentorium backup` (`make backup-db`): the bot's database into one file in BACKUP_DIR, with its checksum.

It is written beside, read to its end, and then takes its name; what is older than BACKUP_KEEP_DAYS goes. Any role may
do it that reads all tables. Exit status 1: the disk is full, the database away; 2: a wrong setting (docs/BACKUPS.md).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from pydantic import Field

from mentorium_db.backup.dump import back_up
from mentorium_db.sqlstates import DRIVER_ERRORS
from mentorium_kit.errors import MentoriumError
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain, failed_by_database
from mentorium_operator.terminal import end_progress, show_progress, size_of
from mentorium_runtime.settings import DatabaseSettings, load


class BackupSettings(DatabaseSettings):
    """What `backup` needs. `backup_keep_days`: older ones go when a new one is there."""

    backup_dir: Path = Path("backups")
    backup_keep_days: int = Field(14, ge=1, le=3660)


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("backup", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Says on stdout where the backup is; on stderr what else there is to say."""
    settings = load(BackupSettings)
    keep = timedelta(days=settings.backup_keep_days)
    try:
        made = asyncio.run(back_up(settings.database_dsn, settings.backup_dir, keep, _show))
    except (MentoriumError, *DRIVER_ERRORS) as error:
        end_progress()
        return failed_by_database(error, "No backup was made")
    except OSError as error:
        end_progress()
        return complain(f"No backup was made: {error.strerror}", FAILURE)
    end_progress()
    print(made.path, flush=True)
    sys.stderr.write(f"{made.tables} tables, {size_of(made.size)}, read back to the end; its checksum is beside it\n")
    for old in made.removed:
        sys.stderr.write(f"removed, older than {settings.backup_keep_days} days: {old.name}\n")
    return OK


def _show(begun: int, tables: int, file: Path) -> None:
    show_progress(f"table {begun} of {tables}, {size_of(file.stat().st_size)}")
