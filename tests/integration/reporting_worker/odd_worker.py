"""A worker that is killed by its job, or whose loop stalls: `python -m tests.integration.reporting_worker.odd_worker`.

Arguments: DSN, place, heartbeat in seconds, `die` or seconds to stall, a file that gets a line for each job begun.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mentorium_db
from mentorium_domain.enums import JobKind
from mentorium_reporting.job_loop import JobLoop


def note(file: Path) -> None:
    with file.open("a") as begun:
        begun.write("begun\n")


def main(dsn: str, place: str, heartbeat_s: str, what: str, file: str) -> None:
    async def handle(_: Mapping[str, Any]) -> None:
        note(Path(file))
        if what == "die":
            os._exit(9)
        time.sleep(float(what))  # noqa: ASYNC251 - the loop is meant to stall

    mentorium_db.configure(dsn)
    loop = JobLoop(dsn, {JobKind.MAIL_CODE: handle}, lambda _: None, place=place, heartbeat_s=float(heartbeat_s))
    asyncio.run(loop.run())


if __name__ == "__main__":
    main(*sys.argv[1:])
