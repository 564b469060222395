"""`mentorium extend <telegram_id> <days> --reason TEXT`: more days of what stands, as after trouble of ours.

Refused where a payment of this parent goes back, or went within 30 days, unless `--despite-refund`: money and days are
not both given for one trouble.
"""

from __future__ import annotations

import argparse

from mentorium_core.billing.commands import MOST_DAYS, ExtendSubscription
from mentorium_core.billing.model import Granted
from mentorium_operator.command_line import Subparsers
from mentorium_operator.config import GrantSettings
from mentorium_operator.giving import add_request_arguments, give, telegram_id
from mentorium_runtime.settings import load


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("extend", description="Give a parent more days without payment.")
    parser.add_argument("telegram_id", type=telegram_id, help="the parent's Telegram id")
    parser.add_argument("days", type=_days, help=f"1 to {MOST_DAYS}")
    add_request_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit status as of `giving.give`."""
    settings = load(GrantSettings)
    extend = ExtendSubscription(settings.grace)

    async def give_once(request_key: str) -> Granted:
        return await extend(
            arguments.telegram_id,
            arguments.days,
            arguments.reason,
            arguments.operator,
            request_key=request_key,
            despite_refund=arguments.despite_refund,
        )

    return give(settings, arguments, ("extend", str(arguments.telegram_id), str(arguments.days)), give_once)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"days are a number from 1 to {MOST_DAYS}")
    return int(text)
