"""A process that does one use case after the other, each when it is told: `python -m ...one_use_case <dsn>`.

A line of JSON in (`what`, `subject`, `at`: the moment by CLOCK_MONOTONIC at which to begin), a line out: `ok`, or the
code of what was refused.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

import structlog

import mentorium_db
from mentorium_core.billing.card_page import CONSENT_VERSION, SaveCard, remove_card
from mentorium_core.billing.commands import ExtendSubscription, GrantSubscription
from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.refunds import request_refund
from mentorium_core.billing.support import request_support
from mentorium_core.identity.model import ParentView
from mentorium_core.notifications.commands import mark_chat_blocked
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import Language, ProviderName, Tariff
from mentorium_gateways.payments.payme_subscribe import PaymeSubscribeApi
from mentorium_kit.errors import MentoriumError
from tests.fixtures.payme_cards import KEY, MERCHANT_ID
from tests.integration.core.billing.till import Till

TILL: Final = Till()
CARD: Final = "card-token-of-the-tests-1"
Subject = dict[str, Any]


async def _order(who: Subject, now: datetime) -> object:
    return await TILL.order(who["parent"], now, provider=ProviderName.CLICK)


async def _gift(who: Subject, now: datetime) -> object:
    return await GrantSubscription()(who["telegram"], Tariff.MONTHLY, "gift", "test", now, request_key=uuid4().hex)


async def _extend(who: Subject, now: datetime) -> object:
    return await ExtendSubscription()(who["telegram"], 5, "gift", "test", now, request_key=uuid4().hex)


async def _ask_support(who: Subject, _: datetime) -> object:
    parent = ParentView(who["parent"], who["telegram"], Language.UZ, registered=True, consented=True)
    return await request_support(parent, who["asked"], "Pul ketdi", request_key=uuid4().hex)


async def _save_card(who: Subject, _: datetime) -> object:
    return await SaveCard(PaymeSubscribeApi(who["payme"], MERCHANT_ID, KEY))(who["page"], CARD, CONSENT_VERSION)


USE_CASES: Final[dict[str, Callable[[Subject, datetime], Awaitable[object]]]] = {
    "order": _order,
    "pay": lambda who, now: TILL.settle(who["begun"], now),
    "pay_another": lambda who, now: TILL.settle(who["begun_too"], now),
    "decline": lambda who, _: TILL.fail(who["begun"]),
    "give_back": lambda who, now: TILL.give_back(who["paid"], now),
    "request_refund": lambda who, now: request_refund(who["paid"], "asked", "test", now),
    "gift": _gift,
    "extend": _extend,
    "expire": lambda _, now: ExpireSubscriptions()(now),
    "block_chat": lambda who, _: mark_chat_blocked(who["telegram"]),
    "save_card": _save_card,
    "remove_card": lambda who, _: remove_card(who["parent"]),
    "ask_support": _ask_support,
    "erase": lambda who, _: erase_data(who["telegram"]),
}
"""Everything that touches money or a parent's row."""


async def _serve(dsn: str) -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # stdout is for answers
    mentorium_db.configure(dsn)
    loop = asyncio.get_running_loop()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        told = json.loads(line)
        await asyncio.sleep(max(0.0, told["at"] - time.monotonic()))
        try:
            await USE_CASES[told["what"]](told["subject"], datetime.fromisoformat(told["now"]))
            answer = "ok"
        except MentoriumError as error:
            answer = error.code
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    await mentorium_db.dispose()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
