"""A real Prometheus with our real rules, which goes by a faster clock: every `for` and window is divided by `speed`.

What counts, ages and rates are compared with stays: only waiting is cut short, so that a cut of half a minute tells
what minutes would.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import aiohttp

from mentorium_sandbox.servers.process import free_port

yaml: Any = import_module("yaml")  # it brings no types

_DURATION: Final = re.compile(r"(\d+)(s|m|h|d)")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_WINDOW: Final = re.compile(r"\[(\w+)\]")
_READY_WITHIN_S: Final = 60.0
_LOOKS_AGAIN_S: Final = 0.2


def prometheus_binary(folder: Path) -> str:
    """`PROMETHEUS`, the one in PATH, or Debian's package, unpacked into `folder`: no service is installed."""
    if found := os.environ.get("PROMETHEUS") or shutil.which("prometheus"):
        return found
    subprocess.run(["apt-get", "download", "-qq", "prometheus"], cwd=folder, check=True)
    (package,) = folder.glob("prometheus_*.deb")
    subprocess.run(["dpkg-deb", "-x", package.name, "unpacked"], cwd=folder, check=True)
    return str(folder / "unpacked" / "usr" / "bin" / "prometheus")


@dataclass(frozen=True, slots=True)
class Rule:
    """As it is written, before it was hastened."""

    name: str
    severity: str
    waits: str


class Prometheus:
    """Where its API listens, and what it tells."""

    def __init__(self, url: str, http: aiohttp.ClientSession, rules: Mapping[str, Rule]) -> None:
        self.url = url
        self._http = http
        self.rules = rules

    async def alerts(self) -> dict[str, str]:
        """Name -> `firing`, or `pending` where it has not been true for long enough yet."""
        async with self._http.get(f"{self.url}/api/v1/alerts") as answer:
            told = (await answer.json())["data"]["alerts"]
        found: dict[str, str] = {}
        for alert in told:
            name = alert["labels"]["alertname"]
            if found.get(name) != "firing":
                found[name] = alert["state"]
        return found

    async def labels(self) -> dict[str, set[str]]:
        """Those of each metric that it holds, target's and rules' own included."""
        async with self._http.get(f"{self.url}/api/v1/series", params={"match[]": '{__name__!=""}'}) as answer:
            found: dict[str, set[str]] = {}
            for series in (await answer.json())["data"]:
                found.setdefault(series["__name__"], set()).update(series)
            return found

    async def is_ready(self) -> bool:
        with suppress(aiohttp.ClientError):
            async with self._http.get(f"{self.url}/-/ready") as answer:
                return answer.status == 200
        return False


def hastened(rules: dict[str, Any], speed: float) -> dict[str, Any]:
    """The same rules with every `for` and every window divided by `speed`."""
    for group in rules["groups"]:
        group.pop("interval", None)
        for rule in group["rules"]:
            rule["expr"] = _WINDOW.sub(lambda window: f"[{_divided(window[1], speed)}]", rule["expr"])
            if "for" in rule:
                rule["for"] = _divided(rule["for"], speed)
    return rules


def _divided(duration: str, speed: float) -> str:
    seconds = sum(int(amount) * _SECONDS[unit] for amount, unit in _DURATION.findall(duration))
    return f"{max(1000, round(seconds * 1000 / speed))}ms"


@asynccontextmanager
async def real_prometheus(
    binary: str, rules: Path, target: str, folder: Path, speed: float
) -> AsyncIterator[Prometheus]:
    """Scrapes `target` (host:port) every second, as `mentorium`. FileNotFoundError without rules."""
    known: dict[str, Rule] = {}
    (folder / "rules").mkdir(parents=True)
    for path in sorted(rules.glob("*.yml")):
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        for rule in (rule for group in written["groups"] for rule in group["rules"] if "alert" in rule):
            known[rule["alert"]] = Rule(rule["alert"], rule["labels"]["severity"], rule.get("for", "0s"))
        text = yaml.safe_dump(hastened(written, speed), width=10_000)
        (folder / "rules" / path.name).write_text(text, encoding="utf-8")
    if not known:
        raise FileNotFoundError(f"no rules in {rules}")
    config = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": [f"{folder}/rules/*.yml"],
        "scrape_configs": [{"job_name": "mentorium", "static_configs": [{"targets": [target]}]}],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    port = free_port()
    with (folder / "prometheus.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            binary,
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{port}",
            stdout=log,
            stderr=log,
        )
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            running = Prometheus(f"http://127.0.0.1:{port}", http, known)
            async with asyncio.timeout(_READY_WITHIN_S):
                while not await running.is_ready():
                    assert process.returncode is None, (folder / "prometheus.log").read_text(encoding="utf-8")
                    await asyncio.sleep(_LOOKS_AGAIN_S)
            yield running
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()
