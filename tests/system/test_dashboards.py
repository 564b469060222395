"""A real Prometheus scrapes a running product, takes each query of dashboards and alerts, and has what they ask for."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio

from tests.e2e.purchases import payments
from tests.e2e.sandbox import Sandbox
from tests.fixtures.instances import ROOT
from tests.fixtures.own_metrics import own_metrics
from tests.fixtures.patience import HANGS_AFTER_S
from tests.fixtures.promql import unknown_names
from tests.hardship.real_prometheus import real_prometheus
from tests.system.test_prometheus import RULES, program

yaml: Any = import_module("yaml")  # it brings no types

PANELS: Final = sorted((ROOT / "deploy" / "grafana").glob("*.json"))
LATER: Final = {"billing_disagreements": {"check"}}
"""What stands there after a night, by its labels."""
_TARGET: Final = {"job", "instance"}
_SAMPLE: Final = re.compile(r"^(\w+)(?:\{([^}]*)\})? ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shown:
    """`url`: of the API. `labels`: of each metric that Prometheus holds."""

    url: str
    labels: dict[str, set[str]]


def queries() -> Iterator[str]:
    """Of all panels, as Grafana would send them, and of all alerts."""
    for file in PANELS:
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]:
            yield from (target["expr"].replace("$__rate_interval", "5m") for target in panel["targets"])
    for name in RULES:
        groups = yaml.safe_load(Path(name).read_text(encoding="utf-8"))["groups"]
        yield from (rule["expr"] for group in groups for rule in group["rules"])


QUERIES: Final = tuple(dict.fromkeys(queries()))


async def _a_parents_day(sandbox: Sandbox) -> None:
    """What is counted only once it happens: a question, a payment, a report, a letter."""
    parent = await sandbox.parent("en")
    await parent.agree((await sandbox.child("Diyor", "Karimov")).link_code)
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press("pay:payme")).replies
    await sandbox.pay_at_payme(sent["reply_markup"]["inline_keyboard"][0][0]["url"])
    assert await payments(sandbox, parent) == ["SUCCESS"]
    await parent.say("How did the last week go?", wait_s=60)


@pytest_asyncio.fixture(scope="module")
async def shown(page_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shown]:
    await _a_parents_day(page_sandbox)
    target = (await page_sandbox.state())["urls"]["metrics"].removeprefix("http://").removesuffix("/metrics")
    folder = tmp_path_factory.mktemp("prometheus") / "data"
    async with (
        real_prometheus(program("prometheus"), Path(RULES[0]).parent, target, folder, 1.0) as prometheus,
        asyncio.timeout(HANGS_AFTER_S),
    ):
        while not (labels := await prometheus.labels()).keys() >= {"mentorium_build_info", "jobs_by_state"}:
            await asyncio.sleep(0.2)  # neither a scrape tells anybody, nor the duty that counts jobs
        yield Shown(prometheus.url, labels)


async def test_prometheus_takes_every_query(shown: Shown) -> None:
    for query in QUERIES:
        done = await asyncio.create_subprocess_exec(
            *(program("promtool"), "query", "instant", shown.url, query),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = await done.communicate()
        assert done.returncode == 0, f"{query}\n{said.decode()}"


async def test_what_is_asked_for_is_shown_by_a_running_product(
    shown: Shown, tmp_path_factory: pytest.TempPathFactory
) -> None:
    known = {name: _TARGET | labels for name, labels in LATER.items()}
    # The sandbox's processes share a folder, where nobody tells of memory, start and processor of one.
    for text in own_metrics(tmp_path_factory.mktemp("metrics")).values():
        known |= {name: _TARGET | set(re.findall(r'(\w+)="', labels)) for name, labels in _SAMPLE.findall(text)}
    known |= {**shown.labels, "ALERTS": _TARGET | {"alertname", "alertstate", "severity"}}
    assert {query: wrong for query in QUERIES if (wrong := unknown_names(query, known))} == {}
    assert not [name for name, labels in shown.labels.items() if any(label.startswith("exported_") for label in labels)]
