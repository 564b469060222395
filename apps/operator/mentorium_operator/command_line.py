"""What all subcommands share: exit statuses, and where they complain."""

from __future__ import annotations

import argparse
import sys
from typing import Final, TypeAlias

from mentorium_db.sqlstates import classified_from_outside, driver_error
from mentorium_kit.errors import ConfigurationError, MentoriumError, OutcomeUnknownError

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

OK: Final = 0
FAILURE: Final = 1
"""Refused, or a server that is needed does not answer."""
MISUSE: Final = 2
"""A wrong call, or a wrong setting."""
UNKNOWN: Final = 75
"""Nobody knows whether it was done (EX_TEMPFAIL): to be looked at, or repeated with the same key."""
EXPLAINED: Final = {
    "bot_db_unavailable": "the bot's database does not answer",
    "bot_db_read_only": "the bot's database is read-only: a standby, or default_transaction_read_only is on",
    "bot_db_full": "the bot's database has no room: disk, memory or connections",
    "bot_db_refused": "the bot's database does not let us in: password, role, rights or name (BOT_DB_URL or DB_*)",
    "bot_db_conflict": "another transaction was in the way; run it again",
    "bot_db_outcome_unknown": "the answer of the bot's database was lost: whether it was done is not known",
    "postgresql_too_old": "the bot's database needs PostgreSQL 15 or newer; nothing was changed",
    "bot_database_not_migrated": "the bot's database lacks migrations: run `make migrate` first",
    "backup_damaged": "the backup is damaged; nothing was changed",
    "backup_exists": "there is a backup of this very second",
    "backup_failed": "the backup was not made",
    "backup_folder_unusable": "no backup can be written there (BACKUP_DIR)",
    "backup_missing": "there is no such backup",
    "backup_not_allowed": "this role may not read all tables and sequences: `make roles ARGS=--rights` as their owner",
    "backup_of_something_else": "this is no backup of a bot's database; nothing was changed",
    "backup_too_new": "the backup was made by a newer release; the database is as it was",
    "backup_unreadable": "the backup cannot be read; nothing was changed",
    "postgresql_client_missing": "PostgreSQL's client programs are missing (Debian: apt install postgresql-client)",
    "postgresql_client_too_old": "PostgreSQL's client programs are older than the server (newer: apt.postgresql.org)",
    "restore_failed": "the backup could not be restored; the database is as it was",
    "restore_needs_createdb": "restoring needs a role that may make databases: a superuser (docs/BACKUPS.md)",
    "restore_under_way": "another restore of this database is under way; nothing was changed",
    "restore_sessions_remain": "sessions of the database could not be ended, a superuser can; it is as it was",
    "paid_broadcast_needs_stars_and_a_reason": "say how many Stars at the most, one or more, and why",
    "paid_broadcast_unknown": "nothing is paid for this period's messages",
    "parent_unknown": "no parent with this Telegram id has registered",
    "platform_db_unavailable": "the platform's database does not answer",
    "platform_db_refused": "the platform's database does not let us in: password, role or name (PLATFORM_DB_URL)",
}


def complain(text: str, status: int) -> int:
    """Say on stderr what is wrong; the exit status, to be returned."""
    sys.stderr.write(f"{text}\n")
    return status


def explained(error: MentoriumError) -> str:
    """In one line, and with the kind of failure where it is known. No word of the driver's: it may hold a password."""
    reason = error.context.get("reason")
    return f"{EXPLAINED.get(error.code, error.code)}{f' ({reason})' if reason else ''}"


def status_of(error: MentoriumError) -> int:
    """The exit status for an error that ends a subcommand."""
    if isinstance(error, OutcomeUnknownError):
        return UNKNOWN
    wrong_setting = isinstance(error, ConfigurationError) or error.code.endswith("_db_refused")
    return MISUSE if wrong_setting else FAILURE


def fail(error: MentoriumError) -> int:
    """Complain of it; the exit status."""
    return complain(explained(error), status_of(error))


def failed_by_database(error: Exception, what: str) -> int:
    """The same for a driver's error on the bot's database; `what` could not be done."""
    ours = error if isinstance(error, MentoriumError) else classified_from_outside("bot_db", error)
    if ours is None:
        return complain(f"{what}: {type(driver_error(error)).__name__}: {error}".splitlines()[0], FAILURE)
    return complain(f"{what}: {explained(ours)}", status_of(ours))
