"""`python -m mentorium_sandbox.school --students 1000000`: a school of any size, from a seed.

Fills the database of --dsn or PLATFORM_DB_URL (its owner's address; no superuser is needed), else that of the running
sandbox. Families are added until the school has so many generated students; --fresh begins anew. A load that breaks off
leaves what was there before: run it again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from mentorium_sandbox.school import bulk_load, installation, seeding
from mentorium_sandbox.school.installation import ForeignDatabaseError

_LARGEST = 1_000_000
_LINE_EVERY_S = 10.0
_PATIENCE_S = 10


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 with one line that says what is wrong."""
    options = _parser().parse_args(arguments)
    try:
        dsn = options.dsn or os.environ.get("PLATFORM_DB_URL") or _running_sandbox(options.data)
        started = time.monotonic()
        dsn = dsn.replace("postgresql+asyncpg://", "postgresql://")
        with _shown(Console(stderr=True)) as progress:
            students = asyncio.run(
                bulk_load.fill(
                    dsn,
                    students=options.students,
                    seed=options.seed,
                    fresh=options.fresh,
                    progress=progress,
                    most_lives=options.lives,
                )
            )
        reader = asyncio.run(_about_reader(dsn))
    except (OSError, ValueError, ForeignDatabaseError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        print(f"The school was not filled: {str(error) or type(error).__name__}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nBroken off: the database is as it was before.", file=sys.stderr)
        return 130
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    print(f"{students:,} students, {time.monotonic() - started:,.0f} s, peak memory {peak_mb:.0f} MB")
    print(reader)
    return 0


async def _about_reader(dsn: str) -> str:
    """How the views are read, or what somebody with more rights must do first."""
    reader = await installation.reader_of(dsn)
    name = installation.READER
    if reader is installation.Reader.OURS:
        return f"PLATFORM_DB_URL={await installation.read_only_dsn(dsn)}"
    if reader is installation.Reader.FOREIGN:
        return f"The role {name} was there before: it may read the views, its password is as it was."
    return (
        f"The role {name} is missing, and this address may make no roles. As a superuser:\n"
        f"    CREATE ROLE {name} LOGIN PASSWORD '...';\n"
        f"    ALTER ROLE {name} SET default_transaction_read_only = on;\n"
        f"    ALTER ROLE {name} SET statement_timeout = '30s';\n"
        f"and then here, as the owner:{installation.GRANTS.format(reader=name).rstrip()}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mentorium_sandbox.school",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--students", type=_number(1, _LARGEST), required=True, help=f"1 to {_LARGEST:,}")
    parser.add_argument("--dsn", help="the address of the database's owner")
    parser.add_argument("--seed", type=_number(-(2**63), 2**63 - 1), default=1, help="the same seed, the same school")
    parser.add_argument("--fresh", action="store_true", help="remove the school that is there, with all that was made")
    parser.add_argument("--data", type=Path, default=Path(".sandbox"), help="where the running sandbox keeps its data")
    parser.add_argument(
        "--lives",
        type=_number(1, _LARGEST),
        default=seeding.MOST_SIMULATIONS,
        help="so many children have a life of their own; others lead one of these again (default %(default)s)",
    )
    return parser


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text.replace("_", "").replace(",", ""))
        if not lowest <= value <= highest:
            raise argparse.ArgumentTypeError(f"not from {lowest:,} to {highest:,}")
        return value

    return number


def _running_sandbox(data: Path) -> str:
    """The owner's address of its platform database. Raises OSError where no sandbox answers."""
    address = data / "address"
    if not address.exists():
        raise OSError(f"no --dsn, no PLATFORM_DB_URL, and no sandbox keeps its data in {data}")
    url = address.read_text(encoding="utf-8").strip()
    try:
        with urllib.request.urlopen(f"{url}/sandbox/state", timeout=_PATIENCE_S) as answer:
            return str(json.load(answer)["databases"]["platform"])
    except urllib.error.URLError as error:
        raise OSError(f"no --dsn, no PLATFORM_DB_URL, and no sandbox answers at {url}") from error


@contextmanager
def _shown(console: Console) -> Iterator[seeding.Progress]:
    """A bar for a person at a terminal, lines for a log."""
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (TextColumn("{task.description:>18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bars:
        tasks = {}

        def show(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done)

        yield show


class _Lines:
    """A line when something begins or ends, and now and then between."""

    def __init__(self, console: Console) -> None:
        self._console, self._last = console, 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        if 0 < done < of and time.monotonic() - self._last < _LINE_EVERY_S:
            return
        self._last = time.monotonic()
        self._console.print(f"{what}: {done:,} of {of:,}", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
