"""`mentorium grant <telegram_id> <tariff> --reason TEXT`: a subscription without payment.

It extends the subscription that stands, and prints until when it lasts. A run is a new gift, unless `--request` names
the one that it repeats: each run says its own on stderr before it begins.
"""

from __future__ import annotations

import argparse

from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.model import Granted
from mentorium_domain.enums import Tariff
from mentorium_operator.command_line import Subparsers
from mentorium_operator.config import GrantSettings
from mentorium_operator.giving import add_request_arguments, give, telegram_id
from mentorium_runtime.settings import load


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("grant", description="Give a parent a subscription without payment.")
    parser.add_argument("telegram_id", type=telegram_id, help="the parent's Telegram id")
    parser.add_argument("tariff", choices=[tariff.value for tariff in Tariff])
    add_request_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit status as of `giving.give`."""
    settings, tariff = load(GrantSettings), Tariff(arguments.tariff)
    grant = GrantSubscription(settings.grace)

    async def give_once(request_key: str) -> Granted:
        return await grant(
            arguments.telegram_id,
            tariff,
            arguments.reason,
            arguments.operator,
            request_key=request_key,
            despite_refund=arguments.despite_refund,
        )

    return give(settings, arguments, ("grant", str(arguments.telegram_id), arguments.tariff), give_once)
