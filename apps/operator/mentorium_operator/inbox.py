"""`mentorium inbox [list | requeue ID ...]`: updates that nobody takes any more, and letting them be taken again.

What they say is not shown: it is a parent's. Exit status 1 where an id is not there, or the database is away.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from mentorium_core.inbox.commands import requeue
from mentorium_core.inbox.queries import inbox_load, list_set_aside
from mentorium_domain.inbox import InboxLoad, SetAsideUpdate
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain
from mentorium_operator.databases import open_databases
from mentorium_runtime.settings import DatabaseSettings, load


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("inbox", description="Look at updates that were set aside, and requeue them.")
    actions = parser.add_subparsers(dest="action", metavar="list | requeue")
    actions.add_parser("list", help="what was set aside and why (the default)")
    again = actions.add_parser("requeue", help="let these be handled again, as if they were new")
    again.add_argument("update_ids", nargs="+", type=_update_id, metavar="UPDATE_ID")
    again.add_argument("--bot", type=_update_id, default=0, help="of this bot alone, where several share the database")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    settings = load(DatabaseSettings)
    if arguments.action == "requeue":
        return asyncio.run(_requeue(settings, arguments.update_ids, arguments.bot))
    load_now, found = asyncio.run(_list(settings))
    sys.stdout.write(f"waiting: {load_now.waiting}, in hand: {load_now.taken}, set aside: {len(found)}\n")
    for one in found:
        sys.stdout.write(
            f"{one.update_id}  bot {one.bot_id}  {one.kind}  received {one.received_at:%Y-%m-%d %H:%M:%S%z}"
            f"  tries {one.tries}  {one.reason or ''}\n"
        )
    return OK


async def _list(settings: DatabaseSettings) -> tuple[InboxLoad, tuple[SetAsideUpdate, ...]]:
    async with open_databases(settings):
        return await inbox_load(), await list_set_aside()


async def _requeue(settings: DatabaseSettings, update_ids: Sequence[int], bot_id: int) -> int:
    async with open_databases(settings):
        found = await requeue(update_ids, bot_id)
    for update_id in found:
        sys.stdout.write(f"requeued: {update_id}\n")
    if missing := sorted(set(update_ids) - set(found)):
        return complain(f"not set aside: {', '.join(map(str, missing))}", FAILURE)
    return OK


def _update_id(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError("an id is a number")
    return int(text)
