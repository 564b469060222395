"""A worker that does one job about saved cards after the other; its words: bot, platform, PayMe, clock file.

A line in: `attempt_id tries at`, the last the moment by CLOCK_MONOTONIC at which to begin. A line out: what became of
it, or the code of the error.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import mentorium_db
from mentorium_core.billing.card_charge import ChargeCard
from mentorium_gateways.payments.payme_subscribe import PaymeSubscribeApi
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError
from mentorium_kit.retry import retry_conflicts
from tests.fixtures.payme_cards import KEY, MERCHANT_ID


async def _serve(bot_dsn: str, platform_dsn: str, payme_url: str, clock_file: str) -> None:
    clock.configure(Path(clock_file))
    mentorium_db.configure(bot_dsn)
    mentorium_db.configure_platform(platform_dsn)
    charge = ChargeCard(PaymeSubscribeApi(payme_url, MERCHANT_ID, KEY))
    loop = asyncio.get_running_loop()
    sys.stderr.write("ready\n")
    sys.stderr.flush()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        attempt_id, tries, at = line.split()
        await asyncio.sleep(max(0.0, float(at) - time.monotonic()))
        try:
            said = str(await retry_conflicts(lambda: charge(int(attempt_id), int(tries))))  # noqa: B023 - awaited here
        except MentoriumError as error:
            said = error.code
        sys.stderr.write(f"said {said}\n")
        sys.stderr.flush()


def main(words: Sequence[str]) -> None:
    asyncio.run(_serve(*words))
