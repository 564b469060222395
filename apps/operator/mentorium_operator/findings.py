"""Findings on the screen: a line each, marked, and their sum."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Final

from mentorium_db.platform_check import Finding, Level
from mentorium_operator.command_line import FAILURE, OK
from mentorium_operator.terminal import in_colour

_MARKS: Final = {Level.OK: "ok  ", Level.NOTE: "LOOK", Level.WARNING: "WARN", Level.FAILURE: "FAIL"}


def add_options(parser: argparse.ArgumentParser) -> None:
    """How findings are shown."""
    parser.add_argument("--quiet", action="store_true", help="print only what is wrong or to be looked at, and the sum")
    parser.add_argument("--table", action="store_true", help="print a table once all is known, in colour on a terminal")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line, and no table")


async def show(findings: AsyncIterator[Finding], arguments: argparse.Namespace) -> int:
    """Print each as it comes. The exit status: 1 where there is a failure among them."""
    levels: Counter[Level] = Counter()
    rows: list[Finding] = []
    async for finding in findings:
        levels[finding.level] += 1
        if arguments.json:
            print(json.dumps(asdict(finding)), flush=True)
        elif finding.level is Level.OK and arguments.quiet:
            continue
        elif arguments.table:
            rows.append(finding)
        else:
            print(f"{_MARKS[finding.level]}  {finding.subject}: {finding.text}", flush=True)
    _show_table(rows)
    if not arguments.json:
        look = f"{levels[Level.NOTE]} to look at, " if levels[Level.NOTE] else ""
        print(f"\n{look}{levels[Level.OK]} hold, {levels[Level.WARNING]} warnings, {levels[Level.FAILURE]} failures.")
    return FAILURE if levels[Level.FAILURE] else OK


def _show_table(rows: list[Finding]) -> None:
    """A column for the mark, one for what it is about, one for what holds of it."""
    width = max((len(row.subject) for row in rows), default=0)
    for row in rows:
        mark = in_colour(_MARKS[row.level], row.level, sys.stdout)
        print(f"{mark}  {row.subject.ljust(width)}  {row.text}", flush=True)
