"""`mentorium refund <transaction> --reason TEXT`: a whole payment goes back, by its provider.

The provider is told by the worker. Run again it says how far that has come, and why a provider refused; `--again` asks
one that refused once more. `--keep-money` settles an order otherwise: nothing goes back, also not by the refund button of
Payme's cabinet, until `--allow-again`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Final

from mentorium_core.billing.refunds import DoubleBenefitError, NoPaymentError, RefundView, keep_money, request_refund
from mentorium_domain.enums import RefundStatus
from mentorium_kit.errors import RefusedError
from mentorium_kit.retry import retry_conflicts
from mentorium_operator.command_line import FAILURE, OK, Subparsers, complain
from mentorium_operator.config import GrantSettings
from mentorium_operator.databases import open_databases
from mentorium_operator.giving import add_reason_arguments, words
from mentorium_runtime.settings import load

_SAID: Final = {
    RefundStatus.REQUESTED: "asked for: the worker tells the provider; run this again to see how it ended",
    RefundStatus.UNKNOWN: "under way: the provider was told, and has not answered yet",
    RefundStatus.DONE: "done: the money has gone back, and what it gave was taken back",
    RefundStatus.FAILED: "failed, and nothing was taken back",
}
_TRY_ELSEWHERE: Final = "give it back in the provider's cabinet, or ask the provider once more with --again"
_REFUSALS: Final = {
    "payment_not_made": "this payment never succeeded, so there is nothing to give back",
    "order_not_refundable": "this order is marked as not to be given back; --allow-again takes that back",
}


def add_parser(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser("refund", description="Give a whole payment back.")
    parser.add_argument("transaction", type=words, help="its id, as in payments.transaction_id; or that of its order")
    add_reason_arguments(parser)
    parser.add_argument(
        "--despite-extension", action="store_true", help="although days were given for it (mentorium extend)"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--again", action="store_true", help="ask a provider that refused once more")
    instead.add_argument(
        "--keep-money",
        action="store_true",
        help="give nothing back, and have Payme's refund button refused for this order (-31007)",
    )
    instead.add_argument("--allow-again", action="store_true", help="take --keep-money back; gives nothing back by itself")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Exit status 1 where it is refused or has failed. Harmless twice."""
    try:
        if arguments.keep_money or arguments.allow_again:
            return _say_kept(asyncio.run(_keep(load(GrantSettings), arguments)), is_kept=arguments.keep_money)
        refund = asyncio.run(_ask(load(GrantSettings), arguments))
    except NoPaymentError:
        return complain(f"there is no payment {arguments.transaction}, nor an order with a payment", FAILURE)
    except DoubleBenefitError:
        return complain("refused: days were given to this parent since; say --despite-extension to do both", FAILURE)
    except RefusedError as error:
        return complain(f"refused: {_REFUSALS.get(error.code, error.code)}", FAILURE)
    said = f"refund {refund.refund_id} {_SAID[refund.status]}" + (f": {refund.problem}" if refund.problem else "")
    if refund.status is RefundStatus.FAILED:
        return complain(f"{said}; {_TRY_ELSEWHERE}", FAILURE)
    sys.stdout.write(f"{said}\n")
    return OK


def _say_kept(order: str, *, is_kept: bool) -> int:
    said = "is not given back any more, also not by Payme's cabinet" if is_kept else "may be given back again"
    sys.stdout.write(f"order {order} {said}\n")
    return OK


async def _keep(settings: GrantSettings, arguments: argparse.Namespace) -> str:
    async with open_databases(settings):
        return await retry_conflicts(
            lambda: keep_money(
                arguments.transaction, arguments.reason, arguments.operator, is_kept=arguments.keep_money
            )
        )


async def _ask(settings: GrantSettings, arguments: argparse.Namespace) -> RefundView:
    async with open_databases(settings):
        return await retry_conflicts(
            lambda: request_refund(
                arguments.transaction,
                arguments.reason,
                arguments.operator,
                despite_extension=arguments.despite_extension,
                again=arguments.again,
            )
        )
