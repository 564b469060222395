"""The outside world is cut away piece by piece: what parents see, what health says, which alert fires, what comes back.

`python -m tests.hardship.watch_cuts docs/FAILURES.md [NAME]` writes the first table of that page, from real processes
and a real Prometheus with the rules of deploy/prometheus.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp

from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.hardship.cuts_page import CutRow, DeedRow, cuts_section, put_section, section_of
from tests.hardship.deeds import Deed, IsTold, all_deeds, prepare, words
from tests.hardship.observed_processes import LogReader, addresses
from tests.hardship.outside_cuts import CUTS, Cut
from tests.hardship.real_prometheus import Prometheus, prometheus_binary, real_prometheus
from tests.hardship.watch_failures import Watch, until_all_is_well

SPEED: Final = 6.0
_LOOKS_AGAIN_S: Final = 1.0
_BY_ITSELF_WITHIN_S: Final = 90.0
_ASKED_AGAIN_WITHIN_S: Final = 40.0
_QUIET_WITHIN_S: Final = 180.0
_TOLD_BY_THE_NEXT_CALL: Final = {"openai", "mail", "payme"}


@dataclass(slots=True)
class Alarms:
    """What was firing, and after how long; what fired already before does not count."""

    before: set[str]
    fired_after: dict[str, float] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)

    async def look(self, prometheus: Prometheus, after_s: float) -> None:
        for name, state in (await prometheus.alerts()).items():
            if name not in self.before and state == "firing":
                self.fired_after.setdefault(name, after_s)
            elif name not in self.before:
                self.pending.add(name)


@dataclass(slots=True)
class Seen:
    """What one parent saw: the words of the cut with the moment of the first, and what followed."""

    deed: Deed
    first_after_s: float | None = None
    told: list[str] = field(default_factory=list)
    served_meanwhile: int = 0
    failed: str = ""

    async def look(self, after_s: float) -> None:
        heard = await self.deed.heard()
        if self.first_after_s is None and (heard or await self.deed.drafts()):
            self.first_after_s = after_s
        self.told = [words(message) for message in heard]


async def _act(seen: Seen) -> None:
    """A call that the sandbox itself cannot carry out any more is part of what is seen."""
    try:
        await seen.deed.act()
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
        seen.failed = type(error).__name__


async def watched(sandbox: Sandbox, prometheus: Prometheus, cut: Cut) -> CutRow:
    """One cut: everybody does what they do a second after it has begun."""
    deeds = all_deeds(cut.target)
    await prepare(deeds, sandbox)
    await _until_quiet(prometheus)
    log, watch, clock = LogReader(sandbox.folder / "logs"), Watch(), asyncio.get_running_loop()
    alarms, ports = Alarms(set(await prometheus.alerts())), addresses(sandbox.process.pid)
    everybody = [Seen(deed) for deed in deeds]
    for deed in deeds:
        if isinstance(deed, IsTold):
            await deed.order()
    async with aiohttp.ClientSession() as http, sandbox.fault(cut.target, cut.kind, match=cut.match):
        began = clock.time()
        await asyncio.sleep(_LOOKS_AGAIN_S)
        acting = asyncio.gather(*map(_act, everybody))
        while clock.time() - began < cut.lasts_s:
            after_s = clock.time() - began - _LOOKS_AGAIN_S
            looks = [watch.look(http, ports), alarms.look(prometheus, clock.time() - began)]
            await asyncio.gather(*looks, *(seen.look(after_s) for seen in everybody))
            await asyncio.sleep(_LOOKS_AGAIN_S)
        if cut.target != "bot_db":  # whose books cannot be looked at meanwhile
            for seen in everybody:
                seen.served_meanwhile = await seen.deed.served()
    ended, said = clock.time(), log.new_lines()
    await asyncio.wait_for(acting, _BY_ITSELF_WITHIN_S)
    well_after_s = await _well_again(sandbox, ended)
    rows = await asyncio.gather(*map(_aftermath, everybody))
    await alarms.look(prometheus, clock.time() - began)
    await until_all_is_well(sandbox)
    return CutRow(
        cut, watch.statuses, watch.unwell, alarms.fired_after, alarms.pending, well_after_s, tuple(rows), said
    )


async def _well_again(sandbox: Sandbox, ended: float) -> float:
    """Until each process says that all is well, as far as it asks by itself."""
    clock = asyncio.get_running_loop()
    async with aiohttp.ClientSession() as http, asyncio.timeout(_QUIET_WITHIN_S):
        while True:
            watch = Watch()
            await watch.look(http, addresses(sandbox.process.pid))
            parts = {name for states in watch.unwell.values() for name in states}
            if set(watch.statuses.values()) == {200} and parts <= _TOLD_BY_THE_NEXT_CALL:
                return clock.time() - ended
            await asyncio.sleep(0.2)


async def _aftermath(seen: Seen) -> DeedRow:
    """What comes by itself; else the parent does as told, and tries again."""
    told, served = list(seen.told), await _served_within(seen.deed, _BY_ITSELF_WITHIN_S)
    again = 0
    if not served:
        await _act(seen)
        again = await _served_within(seen.deed, _ASKED_AGAIN_WITHIN_S)
    await asyncio.sleep(_LOOKS_AGAIN_S)  # whatever comes twice
    at_last = await seen.deed.served()
    return DeedRow(
        seen.deed.name, seen.first_after_s, tuple(told), seen.served_meanwhile, served, again, at_last, seen.failed
    )


async def _served_within(deed: Deed, seconds: float) -> int:
    clock = asyncio.get_running_loop()
    until = clock.time() + seconds
    while not (served := await deed.served()) and clock.time() < until:
        await asyncio.sleep(_LOOKS_AGAIN_S)
    return served


async def _until_quiet(prometheus: Prometheus) -> None:
    """What fired because of the last cut has stopped, or stays for good."""
    clock = asyncio.get_running_loop()
    until = clock.time() + _QUIET_WITHIN_S
    while await prometheus.alerts() and clock.time() < until:
        await asyncio.sleep(_LOOKS_AGAIN_S)


async def run(target: Path, rules: Path, cuts: Sequence[Cut]) -> None:
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        binary = prometheus_binary(folder)
        async with running_sandbox(folder / "sandbox") as sandbox:
            address = re.sub(r"^http://|/metrics$", "", (await sandbox.state())["urls"]["metrics"])
            async with real_prometheus(binary, rules, address, folder / "prometheus", SPEED) as prometheus:
                rows = []
                for cut in cuts:
                    print(f"{cut.name} {cut.how}", flush=True)
                    rows.append(await watched(sandbox, prometheus, cut))
                    put_section(target, cuts_section(rows, prometheus.rules, SPEED, section_of(target)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("only", nargs="?", default="", help="a regular expression for name and kind of the cut")
    parser.add_argument("--rules", type=Path, default=Path("deploy/prometheus/rules"))
    given = parser.parse_args()
    cuts = [cut for cut in CUTS if re.search(given.only, f"{cut.name} {cut.how}")]
    asyncio.run(run(given.target, given.rules, cuts))


if __name__ == "__main__":
    main()
